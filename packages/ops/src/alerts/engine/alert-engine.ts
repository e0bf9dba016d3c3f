import type { AlertView } from "../alert-view.ts";
import type { AlertChannel } from "../channels/channel.ts";
import { Delivery, type DeliveryCounts, SEND_TIMEOUT_MS } from "../channels/delivery.ts";
import type { AlertClock } from "../clock.ts";
import type { AlertFigures } from "../figures/alert-figures.ts";
import type { AlertRule } from "../rule.ts";
import { formatSpan, showName } from "../texts.ts";
import type { Alert } from "./alert.ts";
import { AlertBook, type AlertBookOptions } from "./alert-book.ts";
import { CHANNEL_RULE, Notifier } from "./notifier.ts";

export interface AlertEngineOptions extends AlertBookOptions {
  readonly rules: readonly AlertRule[];
  readonly channels: readonly AlertChannel[];
  readonly clock: AlertClock;
  readonly title: string;
  readonly monitorUrl: string | undefined;
  readonly suppressMs: number;
  readonly repeatMs: number;
  readonly groupMs: number;
  /** A channel has died or works again, so the rules are to be evaluated soon. */
  readonly onChannelChange: () => void;
}

/** Rules, messages and channels together. Whoever owns it decides when to evaluate, and with which figures. */
export class AlertEngine {
  readonly #book: AlertBook;
  readonly #notifier: Notifier;
  readonly #deliveries: readonly Delivery[];
  readonly #clock: AlertClock;

  constructor(options: AlertEngineOptions) {
    const { rules, channels, clock, onChannelChange } = options;
    this.#clock = clock;
    this.#deliveries = channels.map((channel) => new Delivery(channel, clock, onChannelChange));
    this.#book = new AlertBook([...rules, channelRule(this.#deliveries)], clock, options);
    this.#notifier = new Notifier({ ...options, deliveries: this.#deliveries });
  }

  /** Alerts that fire or have resolved in the last 5 minutes, worst first. */
  get views(): readonly AlertView[] {
    return this.#book.visible.map(viewOf);
  }

  /** How long until an alert can fire or resolve without a new finding. */
  get dueInMs(): number | undefined {
    return this.#book.dueInMs;
  }

  /** By the name of the channel. */
  get messageCounts(): ReadonlyMap<string, DeliveryCounts> {
    return new Map(this.#deliveries.map(({ channel, counts }) => [channel.name, counts]));
  }

  evaluate(figures: AlertFigures): readonly AlertView[] {
    const resolved = this.#book.evaluate(figures);
    this.#notifier.update(this.#book.visible, resolved);
    return this.views;
  }

  /** Adds a line to the next message, about what an operator did. */
  note(rule: string, text: string): void {
    this.#notifier.note(rule, text);
  }

  /** Sends what waits, for at most 5 s. */
  async close(): Promise<void> {
    this.#notifier.flush();
    this.#notifier.close();
    const end = this.#clock.monotonic() + SEND_TIMEOUT_MS;
    while (this.#deliveries.some(({ isBusy }) => isBusy) && this.#clock.monotonic() < end)
      await new Promise<void>((resolve) => void this.#clock.setTimer(50, resolve, true));
    for (const delivery of this.#deliveries) delivery.close();
  }
}

function channelRule(deliveries: readonly Delivery[]): AlertRule {
  return {
    name: CHANNEL_RULE,
    severity: "warning",
    remedy: "correct the settings of the channel, and check with `quorumlock alerts test`",
    find: () =>
      deliveries.flatMap(({ channel: { name }, failure }) =>
        failure === undefined
          ? []
          : [{ labels: { channel: name }, text: `Alerts do not reach ${showName(name)}: ${failure}` }],
      ),
    describeEnd: ({ labels: { channel = "" }, lastedMs }) =>
      `Alerts reach ${showName(channel)} again, after ${formatSpan(lastedMs)}.`,
  };
}

export function viewOf({ rule, severity, state, text, sinceAt, remedy, labels, hiddenBy }: Alert): AlertView {
  const shown = state === "resolved" ? "resolved" : "firing";
  return { rule: rule.name, severity, state: shown, text, sinceAt, remedy, labels, hiddenBy };
}
