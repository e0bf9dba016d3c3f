import type { Origin, WaitingCaller } from "../acquiring/origin.ts";
import { LockAbortedError, LockClosedError, type LockError } from "../base/errors.ts";
import { type AcquireOptions, type ComposedOptions, WAITED_BEFORE } from "../base/options.ts";
import { reportFailure, waitedBefore } from "./report-failure.ts";
import { WaitLimit } from "../waiting/wait-limit.ts";

/** The value of a promise that was fulfilled in time. */
interface InTime<T> {
  readonly value: T;
}

/**
 * The wait of one call of a composition, from the call to the lock or the error. `wait` and `signal` limit all of its parts
 * together: the parts inside this process, and the acquisitions of the lockable below.
 */
export class CallerWait implements WaitingCaller {
  registryIndex = -1;
  readonly #origin: Origin;
  readonly #options: AcquireOptions | undefined;
  readonly #startedAt: number;
  /** In the events of this call. The acquisitions below have numbers of their own. */
  readonly #id: number;
  /** When the present wait began, if an event has said so. It lasts until the acquisition below begins, or this call ends. */
  #waitingSince: number | undefined;
  readonly #waitMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #limit: WaitLimit;
  /** Whether the call does not wait: it tries once. */
  readonly isOnce: boolean;
  /** Whether the acquisition below may use its default wait, because this call has not waited yet. */
  #mayUseDefaultWait: boolean;
  /** Whether this call has waited for an event. */
  #hasWaited = false;

  /** @throws LockClosedError, LockAbortedError. RangeError, TypeError for bad options. */
  constructor(origin: Origin, options: AcquireOptions | undefined, isOnce: boolean) {
    const { waitMs, isDefaultWait, signal } = origin.resolve(options);
    const { clock, deadlines, events, isClosed } = origin.context;
    this.#origin = origin;
    this.#options = options;
    this.#waitMs = waitMs;
    this.#signal = signal;
    this.isOnce = isOnce || waitMs === 0;
    this.#mayUseDefaultWait = isDefaultWait;
    this.#startedAt = clock.monotonic();
    this.#id = events.nextId();
    if (isClosed) throw this.failed(new LockClosedError(origin.names));
    if (signal?.aborted === true) throw this.failed(new LockAbortedError(origin.names, signal.reason));
    this.#limit = new WaitLimit({
      clock,
      deadlines,
      startedAt: this.#startedAt,
      waitMs: this.isOnce ? 0 : waitMs,
      signal,
      extensionMs: () => 0,
    });
    origin.context.waitingCallers.add(this);
    origin.context.beginWait();
  }

  get names(): readonly string[] {
    return this.#origin.names;
  }

  /** Milliseconds since the call. */
  get waitedMs(): number {
    return this.#origin.context.clock.monotonic() - this.#startedAt;
  }

  /** Whether `wait` is over. */
  get isTimeUp(): boolean {
    return this.#limit.ended === "timeout";
  }

  /**
   * The options of the next acquisition below, which begins now: with the rest of `wait`. A default wait is not replaced before this call has
   * waited, because a default wait lasts longer while restarted instances do not vote.
   */
  optionsLeft(): ComposedOptions | undefined {
    this.#endWaiting();
    if (this.#mayUseDefaultWait) {
      this.#mayUseDefaultWait = false;
      return this.#options;
    }
    const { waitedMs } = this;
    return {
      ...this.#options,
      wait: Math.max(0, this.#waitMs - waitedMs),
      ...(this.#hasWaited && { [WAITED_BEFORE]: waitedBefore(this.#options) + waitedMs }),
    };
  }

  /**
   * Waits for a promise. `undefined` if the time was up before.
   * @throws the reason of the promise. LockAbortedError, LockClosedError.
   */
  async until<T>(promise: Promise<T>): Promise<InTime<T> | undefined> {
    const settled = promise.then(
      () => undefined,
      () => undefined,
    );
    const end = await this.#limit.until(settled);
    if (end === "aborted") throw this.failed(new LockAbortedError(this.names, this.#signal?.reason));
    if (end === "closed") throw this.failed(new LockClosedError(this.names));
    return end === "timeout" ? undefined : { value: await promise };
  }

  /** Waits for an event of this process. As `until`, and the acquisitions below have only the rest of `wait` from now on. */
  untilEvent(event: Promise<void>): Promise<InTime<void> | undefined> {
    this.#mayUseDefaultWait = false;
    this.#hasWaited = true;
    this.#beginWaiting();
    return this.until(event);
  }

  /** Waits until the event loop has read its sockets, so that a caller that is notified again and again blocks nothing. */
  nextTurn(): Promise<InTime<void> | undefined> {
    return this.until(new Promise((resolve) => this.#origin.context.clock.afterIo(resolve)));
  }

  /** Emits the event of an acquisition that failed inside this process, where no attempt was sent. Returns the error. */
  failed<E extends LockError>(error: E): E {
    this.#endWaiting();
    reportFailure(this.#origin, error, {
      id: this.#id,
      waitMs: this.isOnce ? 0 : this.#waitMs,
      waitedMs: waitedBefore(this.#options) + this.waitedMs,
    });
    return error;
  }

  /** The client closes. */
  close(): void {
    this.#limit.end("closed");
  }

  #beginWaiting(): void {
    const { names, context } = this.#origin;
    const emit = context.events.to("lock:wait:started");
    if (emit === undefined || this.#waitingSince !== undefined) return;
    this.#waitingSince = context.clock.monotonic();
    emit({ id: this.#id, names });
  }

  #endWaiting(): void {
    const since = this.#waitingSince;
    if (since === undefined) return;
    this.#waitingSince = undefined;
    const { names, context } = this.#origin;
    const waitedMs = context.clock.monotonic() - since;
    context.events.to("lock:wait:ended")?.({ id: this.#id, names, waitedMs });
  }

  dispose(): void {
    this.#endWaiting();
    this.#limit.dispose();
    const { context } = this.#origin;
    if (context.waitingCallers.delete(this)) context.endWait();
  }
}
