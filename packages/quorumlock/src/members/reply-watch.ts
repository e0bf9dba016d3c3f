import type { Clock } from "../base/clock.ts";
import type { Deadline, Deadlines } from "../base/deadlines.ts";
import type { Batch } from "./batch.ts";
import { ResponseTimes } from "./response-times.ts";

/** A server is silent if it is quiet for longer than this, and for longer than a multiple of its usual time. */
const MIN_SILENCE_MS = 20;
const SILENCE_FACTOR = 10;

/** If a timer is later than this, this process was busy or paused, and more replies may wait in the sockets. */
const MAX_TIMER_DELAY_MS = 10;
/** So often in a row a decision is postponed for that reason. A process that is always busy must not wait for ever. */
const MAX_POSTPONEMENTS = 2;

export interface ReplyWatchContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly requestTimeoutMs: number;
}

export interface ReplyWatchListener {
  /** The oldest batch in flight; `undefined` if none is. */
  readonly oldestBatch: Batch | undefined;
  /** The server is silent. */
  onSilence(): void;
  /** The time limit of the oldest batch has passed. `now`: when that was noticed. */
  onTimeLimit(now: number): void;
}

/**
 * Decides from the times of the replies whether a server is silent, and when a batch has timed out. Each decision comes after
 * the data in the sockets were read. If its timer was late, this process was busy or paused, and the server is given as much
 * time again.
 */
export class ReplyWatch {
  readonly #context: ReplyWatchContext;
  readonly #listener: ReplyWatchListener;
  readonly #responseTimes = new ResponseTimes();
  #repliedAt = -Infinity;
  #isSilent = false;
  #timeLimit: Deadline | undefined;
  #silenceCheck: Deadline | undefined;
  #isClosed = false;

  constructor(context: ReplyWatchContext, listener: ReplyWatchListener) {
    this.#context = context;
    this.#listener = listener;
  }

  /** Whether the server is quiet for much longer than usual. False if nothing called `watchSilence` since the last reply. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Must be called when a batch was sent. A reply does not move the deadline. It is set again when it is due. */
  onSent(): void {
    if (this.#timeLimit !== undefined) return;
    const { oldestBatch } = this.#listener;
    if (oldestBatch !== undefined) this.#setTimeLimit(oldestBatch.sentAt + this.#context.requestTimeoutMs);
  }

  /** Must be called when a reply came. */
  onReply({ state, sentAt }: Batch): void {
    const now = this.#context.clock.monotonic();
    // After a pause of the server, many replies come at once. Only the first of them was late.
    if (state === "inFlight") this.#responseTimes.add(now - Math.max(sentAt, this.#repliedAt));
    this.#repliedAt = now;
    this.#isSilent = false;
  }

  /** Must be called when the connection has changed. */
  onConnectionChanged(): void {
    this.#isSilent = false;
  }

  /** Reports by `onSilence` if the server is silent while a batch is in flight. */
  watchSilence(): void {
    const { oldestBatch } = this.#listener;
    if (this.#isSilent || this.#silenceCheck !== undefined || oldestBatch === undefined) return;
    this.#checkSilence(this.#silentAt(oldestBatch));
  }

  close(): void {
    this.#isClosed = true;
    this.#timeLimit?.cancel();
    this.#silenceCheck?.cancel();
  }

  #setTimeLimit(at: number, postponements = 0): void {
    this.#timeLimit = this.#afterReading(at, (now, delayMs) => {
      this.#timeLimit = undefined;
      const { oldestBatch } = this.#listener;
      if (oldestBatch === undefined) return;
      const { requestTimeoutMs } = this.#context;
      if (mustPostpone(delayMs, postponements)) {
        this.#setTimeLimit(now + Math.min(delayMs, requestTimeoutMs), postponements + 1);
        return;
      }
      if (oldestBatch.sentAt + requestTimeoutMs <= now) this.#listener.onTimeLimit(now);
      this.onSent();
    });
  }

  #checkSilence(at: number, postponements = 0): void {
    this.#silenceCheck = this.#afterReading(at, (now, delayMs) => {
      this.#silenceCheck = undefined;
      const { oldestBatch } = this.#listener;
      if (oldestBatch === undefined) return;
      const silentAt = this.#silentAt(oldestBatch);
      if (mustPostpone(delayMs, postponements)) {
        this.#checkSilence(now + Math.min(delayMs, this.#context.requestTimeoutMs), postponements + 1);
      } else if (now < silentAt) {
        this.#checkSilence(silentAt);
      } else {
        this.#isSilent = true;
        this.#listener.onSilence();
      }
    });
  }

  #silentAt({ sentAt }: Batch): number {
    const usualMs = this.#responseTimes.p99;
    return Math.max(sentAt, this.#repliedAt) + Math.max(MIN_SILENCE_MS, SILENCE_FACTOR * usualMs);
  }

  /**
   * Calls back at a moment of the monotonic clock, after the data in the sockets were read. Passes the moment at which the timer
   * fired, and how late that was.
   */
  #afterReading(at: number, decide: (now: number, delayMs: number) => void): Deadline {
    const { clock, deadlines } = this.#context;
    const dueAt = Math.max(at, clock.monotonic());
    return deadlines.add(dueAt, () => {
      const now = clock.monotonic();
      clock.afterIo(() => {
        if (!this.#isClosed) decide(now, now - dueAt);
      });
    });
  }
}

/** Whether a decision whose timer was late by `delayMs` is postponed once more. */
export function mustPostpone(delayMs: number, postponements: number): boolean {
  return delayMs > MAX_TIMER_DELAY_MS && postponements < MAX_POSTPONEMENTS;
}
