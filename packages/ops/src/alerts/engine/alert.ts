import type { ClassCounts } from "../figures/alert-figures.ts";
import type { AlertLabels, AlertRule, AlertSeverity } from "../rule.ts";

/**
 * The states of an alert, which is one finding of one rule:
 *
 * - pending: it was found, and must last for the `for` of its rule.
 * - firing: it has lasted for so long, or was found less than `keep` ago.
 * - resolved: it has fired, and was not found for `keep`.
 *
 * A pending alert that is no longer found is forgotten.
 */
type AlertState = "pending" | "firing" | "resolved";

/** One finding of one rule, and its state. Times are of the monotonic clock, but for `sinceAt`. */
export interface Alert {
  readonly key: string;
  readonly rule: AlertRule;
  readonly labels: AlertLabels;
  readonly severity: AlertSeverity;
  state: AlertState;
  /** The first line, with its sign. */
  text: string;
  remedy: string | undefined;
  /** When it was first found, in ms since 1970. */
  readonly sinceAt: number;
  activeAt: number;
  /** When it was last found. */
  foundAt: number;
  /** When an evaluation with data first did not find it. */
  missingSince: number | undefined;
  resolvedAt: number | undefined;
  /** The counts of all classes, and the losses of its class, when it began. */
  readonly countsBefore: ClassCounts;
  lostInClass: number;
  /** The rule that hides it. */
  hiddenBy: string | undefined;
}

export function keyOf(rule: string, labels: AlertLabels): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([rule, sorted]);
}

/** Each line begins with a sign, so that the state does not depend on colour. */
export const SIGNS: Readonly<Record<AlertSeverity | "resolved", string>> = {
  critical: "✕",
  warning: "▲",
  info: "·",
  resolved: "●",
};

const RANKS: Readonly<Record<AlertSeverity, number>> = { critical: 0, warning: 1, info: 2 };

/** The order of lines in a message and of rows in a list: worst first, resolved ones last. */
export function compareAlerts(a: Alert, b: Alert): number {
  return (
    Number(a.state === "resolved") - Number(b.state === "resolved") ||
    RANKS[a.severity] - RANKS[b.severity] ||
    a.sinceAt - b.sinceAt
  );
}
