import type { AlertLabels, AlertSeverity } from "./rule.ts";

/** An alert as lists show it. */
export interface AlertView {
  readonly rule: string;
  readonly severity: AlertSeverity;
  readonly state: "firing" | "resolved";
  /** One sentence or two, with its sign: "✕ No locks: …" */
  readonly text: string;
  /** Since when it is true, in ms since 1970. */
  readonly sinceAt: number;
  readonly remedy: string | undefined;
  /** What it is about, such as `{ server: "redis-a" }`. */
  readonly labels?: AlertLabels | undefined;
  /** The rule whose alert says the same and more. No channel gets a message about an alert that is hidden. */
  readonly hiddenBy?: string | undefined;
}
