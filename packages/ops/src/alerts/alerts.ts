import type { AlertView } from "./alert-view.ts";
import type { DeliveryCounts } from "./channels/delivery.ts";
import type { AlertClock, AlertTimer } from "./clock.ts";
import { type AlertSettings, resolveAlertSettings } from "./config/alert-settings.ts";
import { AlertEngine } from "./engine/alert-engine.ts";
import { type AlertFigures, MISSING_FIGURES } from "./figures/alert-figures.ts";
import type { AlertSource } from "./figures/alert-source.ts";
import { ProcessSource, type ProcessSourceOptions } from "./figures/process-source.ts";

/** Changes that come together are one evaluation. */
const DELAY_MS = 200;
/** How long the source may take. */
const READ_TIMEOUT_MS = 10_000;

/** Options of `Alerts`: the settings, and either `stats` and `redlock`, or a `source`. */
export type AlertsOptions = AlertSettings &
  (ProcessSourceOptions | { readonly source: AlertSource }) & {
    /** Gets the alerts after each evaluation. @default none */
    readonly onAlerts?: ((alerts: readonly AlertView[]) => void) | undefined;
  };

/**
 * Watches the locks of this process and their servers, and sends messages when a rule fires and when it resolves (docs/alerts.md). It
 * evaluates the rules every 30 s, and when a server or the quorum changes or a lock is lost. It does not keep the process running.
 *
 * ```ts
 * import { Alerts, slackChannel } from "@quorumlock/ops/alerts";
 * import { LockStats } from "quorumlock/observe";
 * const stats = new LockStats(redlock);
 * await using alerts = new Alerts({ stats, redlock, title: "production", channels: [slackChannel({ webhook })] });
 * ```
 */
export class Alerts implements AsyncDisposable {
  readonly #engine: AlertEngine;
  readonly #source: AlertSource;
  readonly #clock: AlertClock;
  readonly #evaluateMs: number;
  readonly #onAlerts: ((alerts: readonly AlertView[]) => void) | undefined;
  readonly #stopListening: (() => void) | undefined;
  #interval: AlertTimer | undefined;
  #soon: AlertTimer | undefined;
  #due: AlertTimer | undefined;
  #evaluating: Promise<void> | undefined;
  #mustEvaluateAgain = false;
  #isClosed = false;

  /** @throws ConfigError with all wrong settings at once. */
  constructor(options: AlertsOptions) {
    const { onAlerts, ...rest } = options;
    const { source, stats, redlock, owner, ...settings } = rest as AlertSettings &
      Partial<ProcessSourceOptions> & { readonly source?: AlertSource };
    const resolved = resolveAlertSettings(settings);
    const { clock, evaluateMs } = resolved;
    if (source !== undefined) this.#source = source;
    else if (stats !== undefined && redlock !== undefined)
      this.#source = new ProcessSource({ stats, redlock, owner }, clock);
    else throw new TypeError("options: `stats` and `redlock` are needed, or a `source`");
    this.#clock = clock;
    this.#evaluateMs = evaluateMs;
    this.#onAlerts = onAlerts;
    this.#engine = new AlertEngine({ ...resolved, onChannelChange: () => this.evaluateSoon() });
    this.#stopListening = this.#source.listen?.(() => this.evaluateSoon());
    this.evaluateSoon();
    this.#setInterval();
  }

  /** Alerts that fire or have resolved in the last 5 minutes, worst first. */
  get alerts(): readonly AlertView[] {
    return this.#engine.views;
  }

  /** How many messages each channel has sent, failed to send, and dropped. */
  get messageCounts(): ReadonlyMap<string, DeliveryCounts> {
    return this.#engine.messageCounts;
  }

  /** Evaluates the rules now. It resolves when that is done. Concurrent calls are one evaluation, and one more after it. */
  evaluate(): Promise<void> {
    if (this.#evaluating !== undefined) {
      this.#mustEvaluateAgain = true;
      return this.#evaluating;
    }
    this.#evaluating = this.#evaluateAll().finally(() => (this.#evaluating = undefined));
    return this.#evaluating;
  }

  /** Evaluates the rules soon, because something has changed. */
  evaluateSoon(): void {
    if (this.#isClosed) return;
    this.#soon ??= this.#clock.setTimer(
      DELAY_MS,
      () => {
        this.#soon = undefined;
        void this.evaluate();
      },
      false,
    );
  }

  /** Ends the evaluations. Messages that wait are sent, for at most 5 s. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopListening?.();
    for (const timer of [this.#interval, this.#soon, this.#due]) timer?.cancel();
    await this.#engine.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #setInterval(): void {
    this.#interval = this.#clock.setTimer(
      this.#evaluateMs,
      () => {
        void this.evaluate();
        this.#setInterval();
      },
      false,
    );
  }

  async #evaluateAll(): Promise<void> {
    do {
      this.#mustEvaluateAgain = false;
      const figures = await this.#read();
      if (this.#isClosed) return;
      const views = this.#engine.evaluate(figures);
      this.#setDue();
      try {
        this.#onAlerts?.(views);
      } catch (error) {
        process.emitWarning(`onAlerts threw: ${error instanceof Error ? error.message : String(error)}`);
      }
    } while (this.#mustEvaluateAgain && !this.#isClosed);
  }

  /** An alert that is pending fires on time, not at the next interval. */
  #setDue(): void {
    this.#due?.cancel();
    const { dueInMs } = this.#engine;
    this.#due =
      dueInMs === undefined || dueInMs >= this.#evaluateMs
        ? undefined
        : this.#clock.setTimer(dueInMs + 1, () => void this.evaluate(), false);
  }

  async #read(): Promise<AlertFigures> {
    let timer: AlertTimer | undefined;
    const late = new Promise<AlertFigures>((resolve) => {
      timer = this.#clock.setTimer(READ_TIMEOUT_MS, () => resolve(MISSING_FIGURES), false);
    });
    try {
      return await Promise.race([this.#source.read(), late]);
    } catch {
      return MISSING_FIGURES;
    } finally {
      timer?.cancel();
    }
  }
}
