import { LockAbortedError } from "../../base/errors.ts";

/**
 * One search for the value of a key in this process. All callers that come meanwhile share it. A caller that leaves does not cancel it;
 * the last one does.
 */
export class Flight {
  readonly #names: readonly string[];
  readonly #controller = new AbortController();
  readonly #result: Promise<unknown>;
  readonly #onAbandoned: () => void;
  #callers = 0;
  #hasEnded = false;

  /** `onAbandoned`: the last caller has left, so nobody may join any more. */
  constructor(
    names: readonly string[],
    start: (signal: AbortSignal) => Promise<unknown>,
    onAbandoned: () => void,
  ) {
    this.#names = names;
    this.#onAbandoned = onAbandoned;
    this.#result = start(this.#controller.signal);
    const end = (): void => void (this.#hasEnded = true);
    this.#result.then(end, end);
  }

  /** Settles when the search has ended, also if nobody waits for it any more. Never rejects. */
  get ended(): Promise<void> {
    return this.#result.then(
      () => undefined,
      () => undefined,
    );
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Waits for the value. @throws LockAbortedError if the caller's signal aborts before. */
  async join(signal: AbortSignal | undefined): Promise<unknown> {
    this.#callers += 1;
    if (signal === undefined) return this.#result;
    let onAbort!: () => void;
    const aborted = new Promise<never>((_, reject) => {
      onAbort = (): void => {
        reject(new LockAbortedError(this.#names, signal.reason));
        this.#leave(signal.reason);
      };
    });
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([this.#result, aborted]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  #leave(reason: unknown): void {
    this.#callers -= 1;
    if (this.#callers > 0 || this.#hasEnded) return;
    this.#onAbandoned();
    this.abort(reason);
  }
}
