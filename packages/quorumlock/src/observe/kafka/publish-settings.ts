import { formatValue } from "../../base/check-value.ts";
import { checkWholeNumber } from "../../base/check-whole-number.ts";
import { MAX_TIMER_MS } from "../../base/clock.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions } from "../../base/options.ts";
import { checkListener } from "../../policies/listeners.ts";

/** Options of `publishLocks`. */
export interface PublishLocksOptions {
  /** The topic: 1 to 249 of the characters a-z, A-Z, 0-9, `.`, `_` and `-`. @default "lock-events" */
  readonly topic?: string | undefined;
  /** The maximum number of messages in a batch. A whole number from 1 to 10_000. @default 500 */
  readonly maxBatch?: number | undefined;
  /** How long an event waits for others before its batch is sent, in ms. A whole number from 0 to 60_000. @default 100 */
  readonly maxDelay?: number | undefined;
  /**
   * The maximum number of messages that wait. Besides them, there is one batch in flight. If there are more, the oldest extension is
   * dropped; without one the oldest release, then the oldest grant, then the oldest loss. A whole number from 1 to 1_000_000.
   * @default 10_000
   */
  readonly maxBuffer?: number | undefined;
  /**
   * How long a send may take, in ms. After that it counts as failed, also if the producer sends the batch later. A whole number from 1 to
   * 600_000.
   * @default 30_000
   */
  readonly sendTimeout?: number | undefined;
  /**
   * How often a batch is sent until it is dropped, with pauses of up to 10 s in between. A whole number from 1 to 1_000.
   * @default 20
   */
  readonly maxAttempts?: number | undefined;
  /**
   * Called when a send has failed or an event was dropped, at most once a minute. The error has no secrets; its `cause` is the error of
   * the producer. What it throws becomes a process warning.
   * @default a process warning with the code `QUORUMLOCK_KAFKA`, once
   */
  readonly onError?: ((error: Error) => unknown) | undefined;
}

/** Checked options. */
export interface PublishSettings {
  readonly topic: string;
  readonly maxBatch: number;
  readonly maxDelayMs: number;
  readonly maxBuffer: number;
  readonly sendTimeoutMs: number;
  readonly maxAttempts: number;
  readonly onError: ((error: Error) => unknown) | undefined;
}

/** Names of topics that brokers accept. */
const TOPIC = /^(?!\.{1,2}$)[\w.-]{1,249}$/;

/** @throws TypeError, RangeError with the field and the value. */
export function checkPublishOptions(options: PublishLocksOptions): PublishSettings {
  checkOptions(options);
  refuseUnknownOptions(options, {
    topic: true,
    maxBatch: true,
    maxDelay: true,
    maxBuffer: true,
    sendTimeout: true,
    maxAttempts: true,
    onError: true,
  });
  const { topic = "lock-events", maxBatch = 500, maxDelay = 100, maxBuffer = 10_000 } = options;
  const { sendTimeout = 30_000, maxAttempts = 20, onError } = options;
  if (typeof topic !== "string") throw new TypeError(`topic: ${formatValue(topic)} must be a string`);
  if (!TOPIC.test(topic))
    throw new RangeError(
      `topic: ${formatValue(topic)} must have 1 to 249 of the characters a-z, A-Z, 0-9, ".", "_" and "-"`,
    );
  if (onError !== undefined) checkListener("onError", onError);
  return {
    topic,
    maxBatch: checkWholeNumber("maxBatch", maxBatch, 1, 10_000),
    maxDelayMs: checkWholeNumber("maxDelay", maxDelay, 0, 60_000),
    maxBuffer: checkWholeNumber("maxBuffer", maxBuffer, 1, 1_000_000),
    sendTimeoutMs: checkWholeNumber("sendTimeout", sendTimeout, 1, 600_000),
    maxAttempts: checkWholeNumber("maxAttempts", maxAttempts, 1, 1_000),
    onError,
  };
}

/** @throws TypeError, RangeError for bad options of `flush` and `close`. */
export function checkFlushTimeout(options: { readonly timeout?: number | undefined }): number {
  checkOptions(options);
  refuseUnknownOptions(options, { timeout: true });
  const { timeout = 5_000 } = options;
  return checkWholeNumber("timeout", timeout, 0, MAX_TIMER_MS);
}
