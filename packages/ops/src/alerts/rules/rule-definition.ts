import { type AlertRule, type AlertSeverity, DEFAULT_WINDOW_MS } from "../rule.ts";

/** The settings of a built-in rule. Durations are in ms. */
export interface RuleSettings {
  /** @default true */
  readonly enabled?: boolean | undefined;
  /** How long a finding must last before the alert fires. From 0 to 86_400_000. */
  readonly for?: number | undefined;
  /** How long the alert keeps firing after the last finding. From 0 to 86_400_000. */
  readonly keep?: number | undefined;
  readonly severity?: AlertSeverity | undefined;
  /** The window of counts. From 60_000 to 3_600_000. @default 300_000 */
  readonly window?: number | undefined;
  /** The classes to which the rule applies. @default all */
  readonly classes?: readonly string[] | undefined;
  /** It fires above this value. Only rules with such a limit. */
  readonly above?: number | undefined;
  /** It fires below this value. Only `high_failure_rate`. */
  readonly below?: number | undefined;
  /** It needs at least so many events. Only `high_failure_rate`, `long_wait` and `extensions_fail`. */
  readonly minimum?: number | undefined;
}

export type Limit = "above" | "below" | "minimum";

/** The smallest and the largest value of a limit. */
type Range = readonly [min: number, max: number];

interface LimitDefinition {
  /** The default. */
  readonly value: number;
  readonly range: Range;
  /** Whether it is a duration in ms. */
  readonly isDuration?: boolean | undefined;
}

/** What a rule does, apart from its settings. */
type RuleBody = Pick<AlertRule, "find" | "isKnown" | "describeEnd">;

export interface RuleDefinition {
  readonly name: string;
  readonly severity: AlertSeverity;
  readonly for: number;
  readonly keep?: number | undefined;
  readonly needs?: AlertRule["needs"];
  readonly remedy: string;
  /** The condition in words, for the command `alerts list`. */
  readonly condition: string;
  readonly limits: Readonly<Partial<Record<Limit, LimitDefinition>>>;
  /** `limits` has every limit of the definition. */
  create(limits: Readonly<Record<Limit, number>>): RuleBody;
}

const NO_LIMITS = { above: 0, below: 0, minimum: 0 };

/** The rule of a definition with the user's settings. */
export function ruleOf(definition: RuleDefinition, settings: RuleSettings = {}): AlertRule {
  const limits = { ...NO_LIMITS };
  for (const [limit, { value }] of Object.entries(definition.limits) as [Limit, { value: number }][])
    limits[limit] = settings[limit] ?? value;
  return {
    name: definition.name,
    severity: settings.severity ?? definition.severity,
    for: settings.for ?? definition.for,
    keep: settings.keep ?? definition.keep ?? 0,
    window: settings.window ?? DEFAULT_WINDOW_MS,
    classes: settings.classes,
    needs: definition.needs,
    remedy: definition.remedy,
    ...definition.create(limits),
  };
}
