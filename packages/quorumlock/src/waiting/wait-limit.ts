import type { Clock } from "../base/clock.ts";
import type { Deadline, Deadlines } from "../base/deadlines.ts";

/** Why a waiter stopped waiting. `refused`: a majority refuses this client for good, so waiting does not help. */
export type WaitEnd = "timeout" | "aborted" | "closed" | "refused";

export interface WaitLimitOptions {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  /** When the wait began, by the monotonic clock. */
  readonly startedAt: number;
  /** How long the wait may last. 0 means one attempt: its requests have time limits of their own. */
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
  /** Called when the wait would end: by how much it lasts longer, in ms. 0 if it ends. */
  readonly extensionMs: () => number;
}

/** How long one waiter waits at most: until its deadline, its caller's signal, or the close of the client. */
export class WaitLimit {
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #signal: AbortSignal | undefined;
  readonly #extensionMs: () => number;
  #deadline: Deadline | undefined;
  /** When the wait ends, by the monotonic clock. */
  #endsAt: number;
  #ended: WaitEnd | undefined;
  /** Ends the present wait. */
  #interrupt: ((end: WaitEnd) => void) | undefined;

  constructor({ clock, deadlines, startedAt, waitMs, signal, extensionMs }: WaitLimitOptions) {
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#signal = signal;
    this.#extensionMs = extensionMs;
    this.#endsAt = waitMs > 0 ? startedAt + waitMs : Infinity;
    this.#setDeadline();
    signal?.addEventListener("abort", this, { once: true });
  }

  /** Why the limit has ended; `undefined` while it lasts. */
  get ended(): WaitEnd | undefined {
    return this.#ended;
  }

  /** Moves the end of the wait. */
  extendBy(ms: number): void {
    if (ms === 0) return;
    this.#endsAt += ms;
    this.#deadline?.cancel();
    this.#setDeadline();
  }

  /** Waits for `event`, which must never reject. Returns why the limit ended the wait, if it did. */
  until(event: Promise<void>): Promise<WaitEnd | undefined> {
    if (this.#ended !== undefined) return Promise.resolve(this.#ended);
    return new Promise((resolve) => {
      this.#interrupt = resolve;
      void event.then(() => {
        if (this.#interrupt === resolve) this.#interrupt = undefined;
        resolve(undefined);
      });
    });
  }

  /**
   * Sleeps until the moment that `wakeAt` returns, by the monotonic clock. `onChange` receives a function. Call that function
   * when `wakeAt` would return another moment.
   */
  async sleep(wakeAt: () => number, onChange?: (check: () => void) => void): Promise<WaitEnd | undefined> {
    let deadline: Deadline | undefined;
    const slept = new Promise<void>((resolve) => {
      const check = (): void => {
        deadline?.cancel();
        deadline = undefined;
        const at = wakeAt();
        if (at <= this.#clock.monotonic()) resolve();
        else if (at !== Infinity) deadline = this.#deadlines.add(at, check);
      };
      onChange?.(check);
      check();
    });
    const end = await this.until(slept);
    onChange?.(() => undefined);
    deadline?.cancel();
    return end;
  }

  end(reason: WaitEnd): void {
    this.#ended ??= reason;
    this.#interrupt?.(this.#ended);
    this.#interrupt = undefined;
  }

  #setDeadline(): void {
    if (this.#endsAt !== Infinity)
      this.#deadline = this.#deadlines.add(this.#endsAt, () => this.#onDeadline());
  }

  #onDeadline(): void {
    const extensionMs = this.#extensionMs();
    if (extensionMs > 0) this.extendBy(extensionMs);
    else this.end("timeout");
  }

  /** The caller's signal was aborted. */
  handleEvent(): void {
    this.end("aborted");
  }

  dispose(): void {
    this.#deadline?.cancel();
    this.#signal?.removeEventListener("abort", this);
  }
}
