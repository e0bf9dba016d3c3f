import type { Clock } from "../../base/clock.ts";
import { clientOf } from "../../client/client-of.ts";
import type { ObservableRedlock } from "../lock-stats.ts";
import { BatchSender } from "./batch-sender.ts";
import { FailureReports } from "./failure-reports.ts";
import { HoldEvents } from "./hold-events.ts";
import { checkProducer, type KafkaProducer, type SendRecord } from "./producer.ts";
import {
  checkFlushTimeout,
  checkPublishOptions,
  type PublishLocksOptions,
  type PublishSettings,
} from "./publish-settings.ts";

/** Options of `flush` and `close` of a `LockPublisher`. */
export interface FlushOptions {
  /** How long to wait for the producer, in ms. A whole number from 0 to 2_147_483_647. @default 5_000 */
  readonly timeout?: number | undefined;
}

/** Messages that were dropped, by reason. */
export interface DroppedMessages {
  /** The buffer was full. */
  readonly bufferFull: number;
  /** Their batch has failed `maxAttempts` times. */
  readonly failed: number;
  /** They were not sent when the time of `close()` was up. The last batch may have been sent even so. */
  readonly closed: number;
}

/** The figures of a publisher since its start. */
export interface PublisherSnapshot {
  /** Messages that the producer has confirmed. */
  readonly published: number;
  /** Messages that wait to be sent. */
  readonly waiting: number;
  /** Messages of the batch that is in flight, or that is sent again. */
  readonly unconfirmed: number;
  /** Calls of `send`. */
  readonly sends: number;
  /** Calls of `send` that failed, or did not end in time. */
  readonly failedSends: number;
  /** Messages that were dropped. */
  readonly dropped: DroppedMessages;
  /** When a batch was confirmed last, in ms since 1970. `undefined` before the first one. */
  readonly publishedAt: number | undefined;
  /** The latest failure, without secrets. `undefined` if there was none. */
  readonly latestError: string | undefined;
}

/** Publishes the events of a client until it is closed. */
export interface LockPublisher extends AsyncDisposable {
  /** The figures. */
  snapshot(): PublisherSnapshot;
  /**
   * Sends what waits at once, also while it backs off. It never rejects because of the producer.
   * @returns whether all events so far were sent, or dropped, within `timeout`.
   * @throws TypeError, RangeError for bad options, as a rejection.
   */
  flush(options?: FlushOptions): Promise<boolean>;
  /**
   * Stops listening, sends what waits, and drops what is not sent within `timeout`. Call it after `redlock.close()`, whose releases and
   * losses are events too, and before the producer is disconnected. It does not disconnect the producer. A further call has the same
   * result.
   * @returns whether nothing was left.
   * @throws TypeError, RangeError for bad options, as a rejection. The publisher is not closed then.
   */
  close(options?: FlushOptions): Promise<boolean>;
}

/**
 * Publishes what happens to the locks of a client to a Kafka topic (docs/kafka.md). The events are gathered and sent in batches, so a
 * lock never waits for the producer. An outage of the brokers costs events, which are counted. The messages are `LockMessage`s as JSON.
 *
 * <!-- not run: it needs a Kafka broker. test/integration/kafka.test.ts publishes over one. -->
 *
 * ```ts
 * import { Kafka } from "kafkajs";
 * import { publishLocks } from "quorumlock/kafka";
 * const producer = new Kafka({ brokers: ["localhost:9092"] }).producer();
 * await producer.connect();
 * const publisher = publishLocks(redlock, producer);
 * ```
 * @param producer a connected producer of KafkaJS 2, or an object with its method `send`.
 * @throws TypeError, RangeError for bad arguments, with the field and the value.
 */
export function publishLocks(
  redlock: ObservableRedlock,
  producer: KafkaProducer,
  options: PublishLocksOptions = {},
): LockPublisher {
  const { clock, prefix } = clientOf(redlock);
  const send = checkProducer(producer);
  return new Publisher(redlock, clock, prefix, send, checkPublishOptions(options));
}

class Publisher implements LockPublisher {
  readonly #events: HoldEvents;
  readonly #sender: BatchSender;
  readonly #reports: FailureReports;
  #closed: Promise<boolean> | undefined;

  constructor(
    redlock: ObservableRedlock,
    clock: Clock,
    prefix: string,
    send: SendRecord,
    settings: PublishSettings,
  ) {
    this.#reports = new FailureReports(clock, settings.onError);
    const source = { publisherId: clock.randomToken(), prefix };
    this.#sender = new BatchSender(clock, send, source, settings, this.#reports);
    this.#events = new HoldEvents(redlock, (event) => this.#sender.add(event));
  }

  snapshot(): PublisherSnapshot {
    const { counts, waiting, unconfirmed, publishedAt } = this.#sender;
    const { published, sends, failedSends, bufferFull, failed, closed } = counts;
    const dropped = { bufferFull, failed, closed };
    const { latest: latestError } = this.#reports;
    return { published, waiting, unconfirmed, sends, failedSends, dropped, publishedAt, latestError };
  }

  async flush(options: FlushOptions = {}): Promise<boolean> {
    return this.#sender.flush(checkFlushTimeout(options));
  }

  async close(options: FlushOptions = {}): Promise<boolean> {
    const timeoutMs = checkFlushTimeout(options);
    return (this.#closed ??= this.#close(timeoutMs));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(timeoutMs: number): Promise<boolean> {
    this.#events.stop();
    const isFlushed = await this.#sender.flush(timeoutMs);
    this.#sender.stop();
    return isFlushed;
  }
}
