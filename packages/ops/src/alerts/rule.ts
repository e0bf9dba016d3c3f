import type { AlertFigures, ClassCounts, ClassFigures } from "./figures/alert-figures.ts";

/** `critical`: callers feel it now. `warning`: a cause, or a loss. `info`: worth knowing. */
export type AlertSeverity = "critical" | "warning" | "info";

export type AlertLabels = Readonly<Record<string, string>>;

/** Something that a rule has found. */
export interface Finding {
  /** What it is about, such as `{ resource: "order:*" }` or `{ server: "redis-a" }`. Findings with other labels are other alerts. */
  readonly labels: AlertLabels;
  /** One sentence with the value and the limit. It must have no secret. */
  readonly text: string;
  /** What to do, as one sentence. @default the remedy of the rule */
  readonly remedy?: string | undefined;
}

/** What a rule can look at. */
export interface RuleView {
  readonly figures: AlertFigures;
  /** The length of the window of the rule, in ms. */
  readonly windowMs: number;
  /** In ms since 1970. */
  readonly now: number;
  /** How much each count of a class has increased within the window. */
  readonly increase: (resource: string) => ClassCounts;
  /** The classes to which the rule applies. */
  readonly classes: readonly ClassFigures[];
}

/** An alert that has ended. */
export interface EndedAlert {
  readonly labels: AlertLabels;
  /** How long it was true, in ms. */
  readonly lastedMs: number;
  /** Acquisitions that failed and locks that were lost meanwhile, in all classes. */
  readonly failed: number;
  readonly lost: number;
  /** How many locks were lost, in the labelled class. */
  readonly lostInClass: number;
}

/** The window of counts, if a rule sets no other one. */
export const DEFAULT_WINDOW_MS = 300_000;

/** One rule. */
export interface AlertRule {
  /** Lower case letters, digits and `_`, such as `queue_long`. */
  readonly name: string;
  readonly severity: AlertSeverity;
  /** How long a finding must last before the alert fires, in ms. @default 0 */
  readonly for?: number | undefined;
  /** How long the alert keeps firing after the last finding, in ms. @default 0 */
  readonly keep?: number | undefined;
  /** The window of `increase`, in ms. @default 300_000 */
  readonly window?: number | undefined;
  /** The classes to which it applies. @default all */
  readonly classes?: readonly string[] | undefined;
  /** Figures that it cannot do without. While they are missing, its alerts neither begin nor end. @default none */
  readonly needs?: "servers" | "classes" | undefined;
  /** What to do, as one sentence. */
  readonly remedy?: string | undefined;
  /** Finds what is wrong now. If it throws, that is an alert of its own. */
  find(view: RuleView): readonly Finding[];
  /**
   * Whether the figures can tell that an alert with these labels has ended. If not, it keeps firing, because silence is no all-clear.
   *
   * @default they can
   */
  isKnown?(labels: AlertLabels, view: RuleView): boolean;
  /** The sentence when an alert has ended: the value now, and how long it lasted. @default the labels, and how long it lasted */
  describeEnd?(ended: EndedAlert, view: RuleView): string;
}
