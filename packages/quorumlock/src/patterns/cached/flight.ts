import type { Clock } from "../../base/clock.ts";
import { type Holder, LockAbortedError, LockClosedError, LockTimeoutError } from "../../base/errors.ts";

export interface FlightSettings {
  readonly clock: Clock;
  /** The names of the lock, for errors. */
  readonly names: readonly string[];
  /** How long each caller waits for other processes, in ms. */
  readonly waitMs: number;
}

/** A caller that waits for the value. */
interface Caller {
  readonly joinedAt: number;
  /** Ends its wait. */
  reject(error: Error): void;
}

/**
 * One search for the value of a key in this process. All callers that come meanwhile share it. A caller that leaves does not cancel it;
 * the last one does.
 */
export class Flight {
  readonly #settings: FlightSettings;
  readonly #controller = new AbortController();
  readonly #result: Promise<unknown>;
  readonly #onAbandoned: () => void;
  /** In the order in which they joined, so also in the order in which their waits end. */
  readonly #callers = new Set<Caller>();
  #hasEnded = false;

  /** `onAbandoned`: called when the last caller has left. The search is aborted then, so later callers need another one. */
  constructor(
    settings: FlightSettings,
    start: (flight: Flight) => Promise<unknown>,
    onAbandoned: () => void = () => undefined,
  ) {
    this.#settings = settings;
    this.#onAbandoned = onAbandoned;
    this.#result = start(this);
    const end = (): void => void (this.#hasEnded = true);
    this.#result.then(end, end);
  }

  /** Aborts when the last caller has left, and when the cache closes. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Settles when the search has ended, also if nobody waits for it any more. Never rejects. */
  get ended(): Promise<void> {
    return this.#result.then(
      () => undefined,
      () => undefined,
    );
  }

  /** When the wait of the next caller ends, in ms of the monotonic clock. */
  get nextTimeoutAt(): number {
    const { clock, waitMs } = this.#settings;
    const [first] = this.#callers;
    return first === undefined ? clock.monotonic() : first.joinedAt + waitMs;
  }

  /** Ends the wait of all callers whose time is over, with a `LockTimeoutError` that names the holder. */
  expire(holder: Holder | undefined): void {
    const { clock, names, waitMs } = this.#settings;
    const now = clock.monotonic();
    for (const caller of this.#callers) {
      const { joinedAt } = caller;
      if (now < joinedAt + waitMs) return;
      caller.reject(new LockTimeoutError(names, now - joinedAt, holder, []));
    }
  }

  /** Ends the search with a `LockClosedError`. */
  close(): void {
    this.#controller.abort(new LockClosedError(this.#settings.names));
  }

  /**
   * Waits for the value.
   * @throws LockAbortedError if the caller's signal aborts before. LockTimeoutError if its wait ends before.
   */
  join(signal: AbortSignal | undefined): Promise<unknown> {
    const { clock, names } = this.#settings;
    return new Promise((resolve, reject) => {
      const leave = (error: Error): void => {
        end();
        reject(error);
        this.#abandon(error);
      };
      const caller: Caller = { joinedAt: clock.monotonic(), reject: leave };
      const onAbort = (): void => leave(new LockAbortedError(names, signal?.reason));
      const end = (): void => {
        this.#callers.delete(caller);
        signal?.removeEventListener("abort", onAbort);
      };
      this.#callers.add(caller);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#result.finally(end).then(resolve, reject);
    });
  }

  /** Aborts the search if nobody waits for it any more. */
  #abandon(reason: Error): void {
    if (this.#callers.size > 0 || this.#hasEnded) return;
    this.#onAbandoned();
    this.#controller.abort(reason);
  }
}
