import { assert } from "../../base/assert.ts";
import type { Clock, Timer } from "../../base/clock.ts";
import { toSafeError } from "../../base/safe-error.ts";
import { safeText } from "../safe-text.ts";
import { type Batch, type MessageSource, takeBatch } from "./batch.ts";
import { EventBuffer } from "./event-buffer.ts";
import type { FailureReports } from "./failure-reports.ts";
import { FlushWaiters } from "./flush-waiters.ts";
import type { HoldEvent } from "./hold-events.ts";
import type { SendRecord } from "./producer.ts";
import type { PublishSettings } from "./publish-settings.ts";

const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 10_000;
const MAX_DOUBLINGS = 10;
/**
 * How many sends may hang after their time limit. A producer keeps something for each of them, so their number must be bounded. A send
 * that was lost by the producer must not stop the events for ever, so the number is not 0.
 */
const MAX_HANGING_SENDS = 3;

/** What happened to the messages so far. */
export interface SendCounts {
  published: number;
  sends: number;
  failedSends: number;
  bufferFull: number;
  failed: number;
  closed: number;
}

/**
 * Sends events in batches, one batch at a time. Its states:
 *
 * - idle: there is nothing to send.
 * - gathering: the timer is set for the moment when the oldest event has waited long enough.
 * - sending: a batch is in flight.
 * - backing off: the timer is set for the next attempt of a batch that failed.
 * - hanging: too many sends have not settled after their time limit. It goes on when one settles.
 * - stopped.
 */
export class BatchSender {
  readonly counts: SendCounts = {
    published: 0,
    sends: 0,
    failedSends: 0,
    bufferFull: 0,
    failed: 0,
    closed: 0,
  };
  /** When a batch was sent last, by the wall clock. */
  publishedAt: number | undefined;
  readonly #clock: Clock;
  readonly #send: SendRecord;
  readonly #source: MessageSource;
  readonly #settings: PublishSettings;
  readonly #reports: FailureReports;
  readonly #buffer: EventBuffer;
  readonly #flushes: FlushWaiters;
  /** The batch that is in flight, or that is sent again. */
  #batch: Batch | undefined;
  #isSending = false;
  #isStopped = false;
  #hangingSends = 0;
  /** Failed sends in a row. */
  #failures = 0;
  /** Whether it was reported since the last send that succeeded. */
  #isFullReported = false;
  #timer: Timer | undefined;
  #timerAt = Infinity;
  #lastNumber = 0;

  constructor(
    clock: Clock,
    send: SendRecord,
    source: MessageSource,
    settings: PublishSettings,
    reports: FailureReports,
  ) {
    this.#clock = clock;
    this.#send = send;
    this.#source = source;
    this.#settings = settings;
    this.#reports = reports;
    this.#buffer = new EventBuffer(settings.maxBuffer);
    this.#flushes = new FlushWaiters(clock);
  }

  /** How many messages wait, without those of the batch. */
  get waiting(): number {
    return this.#buffer.size;
  }

  /** How many messages are in flight, or are sent again. */
  get unconfirmed(): number {
    return this.#batch?.messages.length ?? 0;
  }

  /** Adds an event. It sends nothing before the caller has returned, so that a lock does not wait for the producer. */
  add(event: HoldEvent): void {
    const bufferedAt = this.#clock.monotonic();
    for (const name of event.names) {
      const number = (this.#lastNumber += 1);
      if (this.#buffer.push({ number, event, name, bufferedAt })) this.#recordFull();
    }
    // In the other states, the end of the send or of the pause looks at the buffer.
    const isBackingOff = this.#failures > 0 && this.#timer !== undefined;
    if (this.#isSending || this.#batch !== undefined || isBackingOff) return;
    this.#schedule(this.#gatheringEndsAt(bufferedAt));
  }

  /** Resolves to whether all events so far were sent or dropped in time. It does not wait for the end of a pause. */
  flush(timeoutMs: number): Promise<boolean> {
    if (this.#isFlushed(this.#lastNumber)) return Promise.resolve(true);
    const flushed = this.#flushes.add(this.#lastNumber, timeoutMs);
    if (!this.#isSending) this.#schedule(this.#clock.monotonic());
    return flushed;
  }

  /** Drops what is left. Nothing is sent after that. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer();
    this.counts.closed += this.#buffer.clear() + this.unconfirmed;
    this.#batch = undefined;
    this.#flushes.settle(() => true);
  }

  #recordFull(): void {
    this.counts.bufferFull += 1;
    if (this.#isFullReported) return;
    this.#isFullReported = true;
    this.#reports.report(
      `the buffer of ${this.#settings.maxBuffer} lock events is full, so events are dropped; find out why the producer is slow or fails, or raise maxBuffer`,
    );
  }

  /** The oldest event waits for `maxDelay`, unless a batch is full or a caller waits for the events. */
  #gatheringEndsAt(now: number): number {
    const { first } = this.#buffer;
    assert(first !== undefined, "there are events to gather");
    if (this.#buffer.size >= this.#settings.maxBatch || this.#flushes.size > 0) return now;
    return first.bufferedAt + this.#settings.maxDelayMs;
  }

  #schedule(at: number): void {
    if (this.#isStopped || this.#timerAt <= at) return;
    this.#cancelTimer();
    this.#timerAt = at;
    const delayMs = Math.max(0, at - this.#clock.monotonic());
    this.#timer = this.#clock.setTimer(delayMs, this.#onTime, false);
  }

  #cancelTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAt = Infinity;
  }

  readonly #onTime = (): void => {
    this.#timer = undefined;
    this.#timerAt = Infinity;
    if (this.#isSending || this.#isStopped || this.#hangingSends >= MAX_HANGING_SENDS) return;
    this.#batch ??= takeBatch(this.#buffer, this.#source, this.#settings.maxBatch);
    if (this.#batch !== undefined) void this.#sendBatch(this.#batch);
  };

  async #sendBatch(batch: Batch): Promise<void> {
    this.#isSending = true;
    this.counts.sends += 1;
    batch.attempts += 1;
    const error = await this.#attempt(batch);
    this.#isSending = false;
    if (this.#isStopped) return;
    if (error === undefined) this.#onSent(batch);
    else this.#onFailed(batch, error);
  }

  /** Returns the error of a send that failed or took too long. */
  async #attempt(batch: Batch): Promise<Error | undefined> {
    const { topic, sendTimeoutMs } = this.#settings;
    const sent = this.#send({ topic, messages: [...batch.messages] }).then(() => undefined, readError);
    let isOver = false;
    let timer: Timer | undefined;
    const timeout = new Promise<Error>((resolve) => {
      timer = this.#clock.setTimer(
        sendTimeoutMs,
        () => {
          isOver = true;
          this.#hangingSends += 1;
          resolve(new Error(`the producer has not answered within ${sendTimeoutMs} ms`));
        },
        false,
      );
    });
    void sent.then((error) => {
      timer?.cancel();
      if (isOver) this.#onLateEnd(batch, error);
    });
    return Promise.race([sent, timeout]);
  }

  /** A send ended after its time limit. */
  #onLateEnd(batch: Batch, error: Error | undefined): void {
    this.#hangingSends -= 1;
    if (this.#isStopped || this.#isSending) return;
    // Another attempt would only send the batch twice.
    if (error === undefined && this.#batch === batch) this.#onSent(batch);
    else if (this.#timer === undefined) this.#schedule(this.#clock.monotonic());
  }

  #onSent(batch: Batch): void {
    this.counts.published += batch.messages.length;
    this.publishedAt = this.#clock.wall();
    this.#failures = 0;
    this.#isFullReported = false;
    this.#endBatch();
    this.#cancelTimer();
    if (this.#buffer.size > 0) this.#schedule(this.#gatheringEndsAt(this.#clock.monotonic()));
  }

  #onFailed(batch: Batch, error: Error): void {
    const { topic, maxAttempts } = this.#settings;
    this.counts.failedSends += 1;
    this.#failures += 1;
    const isLast = batch.attempts >= maxAttempts;
    if (isLast) {
      this.counts.failed += batch.messages.length;
      this.#endBatch();
    }
    const next = isLast ? "they are dropped" : "they are sent again";
    this.#reports.report(
      `${batch.messages.length} lock events were not published to the topic "${topic}" (attempt ${batch.attempts} of ${maxAttempts}), and ${next}: ${safeText(error.message)}`,
      error,
    );
    // Also if nothing is left: new events wait for the end of the pause.
    this.#schedule(this.#clock.monotonic() + this.#backoffMs());
  }

  #endBatch(): void {
    this.#batch = undefined;
    this.#flushes.settle((number) => this.#isFlushed(number));
  }

  /** Doubles with each failure, and varies by half, so that many processes do not send at the same time. */
  #backoffMs(): number {
    const doubled = MIN_BACKOFF_MS * 2 ** Math.min(this.#failures - 1, MAX_DOUBLINGS);
    return Math.min(doubled, MAX_BACKOFF_MS) * (1 - this.#clock.random() / 2);
  }

  /** Whether all events up to this number were sent or dropped. */
  #isFlushed(number: number): boolean {
    const firstNumber = Math.min(
      this.#batch?.firstNumber ?? Infinity,
      this.#buffer.first?.number ?? Infinity,
    );
    return firstNumber > number;
  }
}

/** Reading an error must not fail, because the state of the sender depends on it. */
function readError(thrown: unknown): Error {
  try {
    return toSafeError(thrown);
  } catch {
    return new Error("the producer rejected with a value that cannot be read");
  }
}
