import type { AlertClock, AlertTimer } from "../clock.ts";
import type { AlertMessage } from "../message.ts";
import type { AlertChannel } from "./channel.ts";

/** How long one try may take. */
export const SEND_TIMEOUT_MS = 5_000;
/** The pauses before further tries. */
const RETRY_PAUSES_MS: readonly number[] = [1_000, 5_000, 25_000];
/** Messages that wait. Above that, the oldest one is dropped. */
const MAX_QUEUE = 100;

/** How many messages had which end. */
export interface DeliveryCounts {
  readonly sent: number;
  readonly failed: number;
  readonly dropped: number;
}

/** The result of one try. */
export type SendResult =
  | { readonly isSent: true; readonly detail: string | undefined; readonly tookMs: number }
  | { readonly isSent: false; readonly why: string; readonly tookMs: number };

/**
 * Sends the messages of one channel, one after another, with further tries. It waits for no other channel. The states of the channel:
 *
 * - alive: the last message was sent, or there was none.
 * - dead: all tries for the last message failed. `failure` says why.
 */
export class Delivery {
  readonly channel: AlertChannel;
  readonly #clock: AlertClock;
  readonly #onChange: () => void;
  readonly #queue: AlertMessage[] = [];
  readonly #closing = new AbortController();
  #isRunning = false;
  #isRetrying = false;
  #failure: string | undefined;
  #counts = { sent: 0, failed: 0, dropped: 0 };

  /** `onChange`: the channel has died, or is alive again. */
  constructor(channel: AlertChannel, clock: AlertClock, onChange: () => void) {
    this.channel = channel;
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** Why the channel is dead. `undefined` if it is alive. */
  get failure(): string | undefined {
    return this.#failure;
  }

  get counts(): DeliveryCounts {
    return this.#counts;
  }

  /** Whether a first try for a message is under way or to come. A message that has failed once does not delay the end. */
  get isBusy(): boolean {
    return this.#queue.length > 0 && !this.#isRetrying;
  }

  add(message: AlertMessage): void {
    if (this.#closing.signal.aborted) return;
    this.#queue.push(message);
    // The first one is being sent.
    if (this.#queue.length > MAX_QUEUE) {
      this.#queue.splice(1, 1);
      this.#count("dropped");
    }
    if (!this.#isRunning) void this.#run();
  }

  /** Drops what waits, and ends what is being sent. */
  close(): void {
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    const { signal } = this.#closing;
    for (;;) {
      const [message] = this.#queue;
      if (message === undefined || signal.aborted) break;
      const failure = await this.#sendWithRetries(message);
      if (signal.aborted) break;
      this.#queue.shift();
      this.#count(failure === undefined ? "sent" : "failed");
      this.#setFailure(failure);
    }
    this.#isRunning = false;
  }

  /** Resolves to the reason if all tries fail. */
  async #sendWithRetries(message: AlertMessage): Promise<string | undefined> {
    const { signal } = this.#closing;
    for (let tries = 0; ; tries += 1) {
      const result = await sendOnce(this.channel, message, this.#clock, signal);
      if (result.isSent || signal.aborted) {
        this.#isRetrying = false;
        return undefined;
      }
      const pauseMs = RETRY_PAUSES_MS[tries];
      this.#isRetrying = pauseMs !== undefined;
      if (pauseMs === undefined) return result.why;
      await pause(this.#clock, pauseMs, signal);
      if (signal.aborted) return undefined;
    }
  }

  #setFailure(failure: string | undefined): void {
    const hasChanged = (failure === undefined) !== (this.#failure === undefined);
    this.#failure = failure;
    if (hasChanged) this.#onChange();
  }

  #count(end: keyof DeliveryCounts): void {
    this.#counts = { ...this.#counts, [end]: this.#counts[end] + 1 };
  }
}

/** One try with the time limit, also for a channel that ignores its signal. */
export async function sendOnce(
  channel: AlertChannel,
  message: AlertMessage,
  clock: AlertClock,
  closing?: AbortSignal,
): Promise<SendResult> {
  const startedAt = clock.monotonic();
  const tookMs = (): number => clock.monotonic() - startedAt;
  const controller = new AbortController();
  let timer: AlertTimer | undefined;
  const ended = new Promise<never>((_, reject) => {
    const end = (why: string): void => {
      const error = new Error(why);
      reject(error);
      controller.abort(error);
    };
    timer = clock.setTimer(SEND_TIMEOUT_MS, () => end(`no answer within ${SEND_TIMEOUT_MS / 1_000} s`), true);
    closing?.addEventListener("abort", () => end("closed"), { signal: controller.signal });
  });
  try {
    const detail = await Promise.race([channel.send(message, controller.signal), ended]);
    return { isSent: true, detail, tookMs: tookMs() };
  } catch (error) {
    return { isSent: false, why: error instanceof Error ? error.message : String(error), tookMs: tookMs() };
  } finally {
    timer?.cancel();
    controller.abort();
  }
}

function pause(clock: AlertClock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(ms, end, false);
    function end(): void {
      timer.cancel();
      signal.removeEventListener("abort", end);
      resolve();
    }
    signal.addEventListener("abort", end, { once: true });
  });
}
