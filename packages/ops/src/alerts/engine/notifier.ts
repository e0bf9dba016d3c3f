import type { Delivery } from "../channels/delivery.ts";
import type { AlertClock, AlertTimer } from "../clock.ts";
import { type AlertLine, alertMessage } from "../message.ts";
import { oneLine } from "../texts.ts";
import { type Alert, compareAlerts, SIGNS } from "./alert.ts";

export interface NotifierOptions {
  readonly clock: AlertClock;
  readonly title: string;
  readonly monitorUrl: string | undefined;
  /** No second message about the same rule and labels within this time. */
  readonly suppressMs: number;
  /** The time between two reminders of an alert that fires. */
  readonly repeatMs: number;
  /** Changes within this time are one message. */
  readonly groupMs: number;
  readonly deliveries: readonly Delivery[];
}

/** The rule about a channel that does not work. Only the others get its message. */
export const CHANNEL_RULE = "channel_dead";

/** Notes that wait for a message. */
const MAX_NOTES = 100;

/** What the channels have been sent about one rule and its labels. */
interface Sent {
  /** When the last message about a firing alert was sent. */
  lastAt: number | undefined;
  /** The alert that the channels know to be firing. */
  firing: Alert | undefined;
}

/** Decides which changes of alerts become messages, and when. */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #sent = new Map<string, Sent>();
  readonly #pending = new Map<Alert, AlertLine["kind"]>();
  #notes: AlertLine[] = [];
  #timer: AlertTimer | undefined;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** Takes over the alerts after an evaluation. `resolved`: those that have resolved in it. */
  update(alerts: readonly Alert[], resolved: readonly Alert[]): void {
    const now = this.#options.clock.monotonic();
    for (const alert of resolved) this.#onResolved(alert);
    for (const alert of alerts) if (alert.state === "firing") this.#onFiring(alert, now);
    this.#forget(alerts, now);
    if (this.#pending.size > 0) this.#startTimer();
  }

  /** Adds a line about what an operator did. */
  note(rule: string, text: string): void {
    const line: AlertLine = {
      rule,
      severity: "info",
      kind: "note",
      labels: {},
      text: `${SIGNS.info} ${oneLine(text)}`,
      sinceAt: this.#options.clock.wall(),
      remedy: undefined,
    };
    this.#notes = [...this.#notes, line].slice(-MAX_NOTES);
    this.#startTimer();
  }

  /** Sends what waits for its group. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const { clock, title, monitorUrl, deliveries } = this.#options;
    const lines = [...this.#takeLines(), ...this.#notes];
    this.#notes = [];
    if (lines.length === 0) return;
    const context = { title, monitorUrl, now: clock.wall() };
    for (const delivery of deliveries) {
      const { name } = delivery.channel;
      const own = lines.filter(
        ({ rule, kind, labels }) => !(rule === CHANNEL_RULE && kind === "firing" && labels.channel === name),
      );
      if (own.length > 0) delivery.add(alertMessage(own, context));
    }
  }

  close(): void {
    this.#timer?.cancel();
  }

  #onFiring(alert: Alert, now: number): void {
    const sent = this.#sent.get(alert.key);
    const agoMs = sent?.lastAt === undefined ? Infinity : now - sent.lastAt;
    const isKnown = sent?.firing === alert;
    if (alert.hiddenBy !== undefined) this.#pending.delete(alert);
    else if (!isKnown && agoMs >= this.#options.suppressMs) this.#pending.set(alert, "firing");
    else if (isKnown && agoMs >= this.#options.repeatMs) this.#pending.set(alert, "reminder");
  }

  #onResolved(alert: Alert): void {
    this.#pending.delete(alert);
    if (this.#sent.get(alert.key)?.firing === alert) this.#pending.set(alert, "resolved");
  }

  #takeLines(): readonly AlertLine[] {
    const now = this.#options.clock.monotonic();
    const pending = [...this.#pending].toSorted(([a], [b]) => compareAlerts(a, b));
    this.#pending.clear();
    return pending.map(([alert, kind]) => {
      const before = this.#sent.get(alert.key);
      this.#sent.set(
        alert.key,
        kind === "resolved" ? { lastAt: before?.lastAt, firing: undefined } : { lastAt: now, firing: alert },
      );
      const { rule, severity, labels, text, sinceAt, remedy } = alert;
      return { rule: rule.name, severity, kind, labels, text, sinceAt, remedy };
    });
  }

  #forget(alerts: readonly Alert[], now: number): void {
    const present = new Set(alerts);
    for (const [key, { lastAt, firing }] of this.#sent) {
      if (firing !== undefined && present.has(firing)) continue;
      if (this.#pending.size > 0 && [...this.#pending.keys()].some((alert) => alert.key === key)) continue;
      if (lastAt === undefined || now - lastAt >= this.#options.suppressMs) this.#sent.delete(key);
    }
  }

  #startTimer(): void {
    this.#timer ??= this.#options.clock.setTimer(this.#options.groupMs, () => this.flush(), false);
  }
}
