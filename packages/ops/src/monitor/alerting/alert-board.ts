import type { AlertFigures } from "../../alerts/figures/alert-figures.ts";
import type { AlertView, Snapshot } from "../api.ts";
import type { EventLog } from "../history/event-log.ts";
import type { AlertRules } from "./alert-rules.ts";

const INTERVAL_MS = 30_000;
/** Changes that come together are one evaluation. */
const DELAY_MS = 200;

export interface AlertBoardOptions {
  readonly rules: AlertRules | undefined;
  readonly snapshot: () => Snapshot;
  readonly figures: () => AlertFigures;
  readonly events: EventLog;
  readonly onChange: () => void;
}

/** Calls the rules of alerts, and keeps what they found. Rules that throw change nothing. */
export class AlertBoard {
  readonly #options: AlertBoardOptions;
  #alerts: readonly AlertView[] = [];
  #interval: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #due: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: AlertBoardOptions) {
    this.#options = options;
  }

  get alerts(): readonly AlertView[] {
    return this.#alerts;
  }

  start(): void {
    const { rules } = this.#options;
    if (rules === undefined) return;
    rules.listen?.(() => this.evaluateSoon());
    this.#interval = setInterval(() => this.#evaluate(), rules.evaluateMs ?? INTERVAL_MS);
  }

  /** Evaluates the rules soon, because a server or the quorum has changed. */
  evaluateSoon(): void {
    if (this.#options.rules === undefined || this.#isClosed) return;
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#evaluate();
    }, DELAY_MS);
  }

  /** Tells the channels what an operator did. */
  note(rule: string, text: string): void {
    this.#options.rules?.note?.(rule, text);
  }

  /** Ends the evaluations. Resolves when the last messages are sent, or could not be sent for 5 s. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#interval);
    clearTimeout(this.#soon);
    clearTimeout(this.#due);
    await this.#options.rules?.close?.();
  }

  #evaluate(): void {
    const { rules, snapshot, figures, events, onChange } = this.#options;
    if (rules === undefined) return;
    let alerts: readonly AlertView[];
    try {
      alerts = rules.evaluate(snapshot(), figures());
    } catch (error) {
      process.emitWarning(
        `the rules of alerts threw: ${error instanceof Error ? error.message : String(error)}`,
      );
      return;
    }
    this.#setDue(rules);
    const before = new Map(this.#alerts.map((alert) => [keyOf(alert), alert]));
    const changed = alerts.filter((alert) => before.get(keyOf(alert))?.state !== alert.state);
    this.#alerts = alerts;
    for (const { text, state, severity } of changed) {
      const level = state === "resolved" ? "info" : severity === "critical" ? "bad" : "attention";
      events.add({ type: "alert", level, text, name: undefined, owner: undefined });
    }
    if (changed.length > 0 || alerts.length !== before.size) onChange();
  }

  /** An alert that is pending fires on time, not at the next interval. */
  #setDue({ dueInMs, evaluateMs = INTERVAL_MS }: AlertRules): void {
    clearTimeout(this.#due);
    if (dueInMs !== undefined && dueInMs < evaluateMs)
      this.#due = setTimeout(() => this.#evaluate(), dueInMs + 1);
  }
}

function keyOf({ rule, sinceAt, labels }: AlertView): string {
  return JSON.stringify([rule, sinceAt, labels]);
}
