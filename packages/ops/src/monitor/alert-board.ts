import type { AlertView, Snapshot } from "./api.ts";
import type { EventLog } from "./history/event-log.ts";
import type { AlertRules } from "./options.ts";

const INTERVAL_MS = 30_000;
/** Changes that come together are one evaluation. */
const DELAY_MS = 200;

export interface AlertBoardOptions {
  readonly rules: AlertRules | undefined;
  readonly snapshot: () => Snapshot;
  readonly events: EventLog;
  readonly onChange: () => void;
}

/** Calls the rules of alerts, and keeps what they found. Rules that throw change nothing. */
export class AlertBoard {
  readonly #options: AlertBoardOptions;
  #alerts: readonly AlertView[] = [];
  #interval: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;

  constructor(options: AlertBoardOptions) {
    this.#options = options;
  }

  get alerts(): readonly AlertView[] {
    return this.#alerts;
  }

  start(): void {
    if (this.#options.rules !== undefined) this.#interval = setInterval(() => this.#evaluate(), INTERVAL_MS);
  }

  /** Evaluates the rules soon, because a server or the quorum has changed. */
  evaluateSoon(): void {
    if (this.#options.rules === undefined) return;
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#evaluate();
    }, DELAY_MS);
  }

  close(): void {
    clearInterval(this.#interval);
    clearTimeout(this.#soon);
  }

  #evaluate(): void {
    const { rules, snapshot, events, onChange } = this.#options;
    if (rules === undefined) return;
    let alerts: readonly AlertView[];
    try {
      alerts = rules.evaluate(snapshot());
    } catch (error) {
      process.emitWarning(
        `the rules of alerts threw: ${error instanceof Error ? error.message : String(error)}`,
      );
      return;
    }
    const before = new Map(this.#alerts.map((alert) => [keyOf(alert), alert]));
    const changed = alerts.filter((alert) => before.get(keyOf(alert))?.state !== alert.state);
    this.#alerts = alerts;
    for (const { text, state, severity } of changed) {
      const level = state === "resolved" ? "info" : severity === "critical" ? "bad" : "attention";
      events.add({ type: "alert", level, text, name: undefined, owner: undefined });
    }
    if (changed.length > 0 || alerts.length !== before.size) onChange();
  }
}

function keyOf({ rule, sinceAt }: AlertView): string {
  return `${rule} ${sinceAt}`;
}
