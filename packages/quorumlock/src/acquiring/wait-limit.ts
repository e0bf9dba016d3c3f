import type { Clock } from "../base/clock.ts";
import type { Deadline, Deadlines } from "../base/deadlines.ts";

/** Why a waiter stopped waiting. */
export type WaitEnd = "timeout" | "aborted" | "closed";

/** Something to be told when the client closes. */
export interface Closable {
  close(): void;
}

/**
 * How long one waiter waits at most: until its deadline, its caller's signal or the closing of the client,
 * whichever is first.
 */
export class WaitLimit implements Closable {
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #signal: AbortSignal | undefined;
  readonly #limit: Deadline | undefined;
  readonly #closing: Set<Closable>;
  #ended: WaitEnd | undefined;
  /** What is going on and is to be left when patience ends. */
  #leave: ((why: WaitEnd) => void) | undefined;

  /** `began`: when the wait did, by the monotonic clock. `closing` holds who is to be told when the client closes. */
  constructor(
    clock: Clock,
    deadlines: Deadlines,
    began: number,
    waitMs: number,
    signal: AbortSignal | undefined,
    closing: Set<Closable>,
  ) {
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#signal = signal;
    this.#closing = closing;
    // An attempt without waiting is bounded by the time limit of its requests.
    if (waitMs > 0 && waitMs !== Infinity) {
      this.#limit = deadlines.add(began + waitMs, () => this.#end("timeout"));
    }
    signal?.addEventListener("abort", this, { once: true });
    closing.add(this);
  }

  get ended(): WaitEnd | undefined {
    return this.#ended;
  }

  /** Waits for `event`, or until patience ends; then says why. The event must never reject. */
  until(event: Promise<void>): Promise<WaitEnd | undefined> {
    if (this.#ended !== undefined) return Promise.resolve(this.#ended);
    return new Promise((resolve) => {
      this.#leave = resolve;
      void event.then(() => {
        if (this.#leave === resolve) this.#leave = undefined;
        resolve(undefined);
      });
    });
  }

  /**
   * Sleeps until the moment that `when` names, by the monotonic clock. `when` is asked again at each call of
   * the function that `onWake` is given.
   */
  async sleep(when: () => number, onWake: (look: () => void) => void): Promise<WaitEnd | undefined> {
    let deadline: Deadline | undefined;
    const slept = new Promise<void>((resolve) => {
      const look = (): void => {
        deadline?.cancel();
        deadline = undefined;
        const at = when();
        if (at <= this.#clock.monotonic()) resolve();
        else if (at !== Infinity) deadline = this.#deadlines.add(at, look);
      };
      onWake(look);
      look();
    });
    const why = await this.until(slept);
    onWake(() => undefined);
    deadline?.cancel();
    return why;
  }

  dispose(): void {
    this.#limit?.cancel();
    this.#signal?.removeEventListener("abort", this);
    this.#closing.delete(this);
  }

  /** The caller's signal was aborted. */
  handleEvent(): void {
    this.#end("aborted");
  }

  /** The client closes. */
  close(): void {
    this.#end("closed");
  }

  #end(why: WaitEnd): void {
    this.#ended ??= why;
    this.#leave?.(this.#ended);
    this.#leave = undefined;
  }
}
