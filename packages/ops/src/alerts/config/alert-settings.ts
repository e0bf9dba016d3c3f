import type { AlertChannel } from "../channels/channel.ts";
import { type AlertClock, systemClock } from "../clock.ts";
import type { AlertRule } from "../rule.ts";
import { BUILT_IN_RULES } from "../rules/built-in-rules.ts";
import type { RuleSettings } from "../rules/rule-definition.ts";
import { Checker, type Path } from "../../config/checker.ts";
import { checkRules } from "./check-rules.ts";
import { checkOwnRules, type OwnRules } from "./own-rule.ts";
import { ConfigError } from "../../config/problem.ts";

/** What users set in code. Durations are in ms. */
export interface AlertSettings {
  /** The name of the set of servers, in every message. @default "locks" */
  readonly title?: string | undefined;
  /** Where messages go. @default none */
  readonly channels?: readonly AlertChannel[] | undefined;
  /** Settings of the built-in rules, by name: `{ long_wait: { above: 30_000 } }`. @default all rules as in docs/alerts.md */
  readonly rules?: Readonly<Record<string, RuleSettings>> | undefined;
  /** Rules of your own, by name. @default none */
  readonly ownRules?: OwnRules | undefined;
  /** The time between two evaluations. From 1_000 to 300_000. @default 30_000 */
  readonly evaluate?: number | undefined;
  /** No second message about the same rule and labels within this time. From 0 to 86_400_000. @default 300_000 */
  readonly suppress?: number | undefined;
  /** The time between two reminders. From 60_000 to 604_800_000. @default 3_600_000 */
  readonly repeat?: number | undefined;
  /** Changes within this time are one message. From 0 to 300_000. @default 10_000 */
  readonly group?: number | undefined;
  /** The address of the monitor, for links. @default no link */
  readonly monitorUrl?: string | undefined;
  /** The source of time. @default the clock of the system */
  readonly clock?: AlertClock | undefined;
}

/** The settings, checked and complete. */
export interface ResolvedAlertSettings {
  readonly title: string;
  readonly channels: readonly AlertChannel[];
  readonly rules: readonly AlertRule[];
  readonly evaluateMs: number;
  readonly suppressMs: number;
  readonly repeatMs: number;
  readonly groupMs: number;
  readonly monitorUrl: string | undefined;
  readonly clock: AlertClock;
}

const SETTING_KEYS: readonly (keyof AlertSettings)[] = [
  "title",
  "channels",
  "rules",
  "ownRules",
  "evaluate",
  "suppress",
  "repeat",
  "group",
  "monitorUrl",
  "clock",
];

/** @throws ConfigError with all problems at once: the field, the value, and the nearest known key. */
export function resolveAlertSettings(settings: AlertSettings): ResolvedAlertSettings {
  const checker = new Checker();
  checker.object([], settings, SETTING_KEYS);
  const title = checker.text(["title"], settings.title);
  const monitorUrl = checker.url(["monitorUrl"], settings.monitorUrl);
  const channels = checkChannels(checker, settings.channels);
  const times = checkTimes(checker, [], settings as Readonly<Record<string, unknown>>);
  const rules = checkRules(checker, ["rules"], settings.rules);
  const taken = BUILT_IN_RULES.map(({ name }) => name);
  const own = checkOwnRules(checker, ["ownRules"], settings.ownRules ?? {}, taken);
  if (checker.problems.length > 0) throw new ConfigError(checker.problems);
  return {
    title: title ?? "locks",
    channels,
    rules: [...rules, ...own],
    ...times,
    monitorUrl,
    clock: settings.clock ?? systemClock,
  };
}

function checkChannels(checker: Checker, value: unknown): readonly AlertChannel[] {
  const channels = checker.list(["channels"], value) as readonly (Partial<AlertChannel> | null | undefined)[];
  const names = channels.map((channel) => channel?.name);
  channels.forEach((channel, index) => {
    const { name, send } = channel ?? {};
    if (typeof name !== "string" || typeof send !== "function")
      checker.add(["channels", index], " must have a `name` and a function `send`");
    else if (names.indexOf(name) !== index)
      checker.add(
        ["channels", index, "name"],
        `: ${JSON.stringify(name)} is the name of another channel; set \`name\``,
      );
  });
  return channels as readonly AlertChannel[];
}

type Times = Pick<ResolvedAlertSettings, "evaluateMs" | "suppressMs" | "repeatMs" | "groupMs">;

/** The times, each with its default. */
export function checkTimes(checker: Checker, path: Path, fields: Readonly<Record<string, unknown>>): Times {
  const time = (key: string, min: number, max: number, standard: number): number =>
    checker.durationMs([...path, key], fields[key], min, max) ?? standard;
  return {
    evaluateMs: time("evaluate", 1_000, 300_000, 30_000),
    suppressMs: time("suppress", 0, 86_400_000, 300_000),
    repeatMs: time("repeat", 60_000, 604_800_000, 3_600_000),
    groupMs: time("group", 0, 300_000, 10_000),
  };
}
