import type { Lock } from "../../lockable.ts";
import { notify } from "../../policies/listeners.ts";
import type { ResolvedElectOptions, Term, TermEnd } from "./election-options.ts";

/** A term of this process, from the call of `onElected` until that has settled. */
export class RunningTerm implements Term {
  readonly lock: Lock;
  readonly #controller = new AbortController();
  readonly #options: Pick<ResolvedElectOptions, "onElected" | "onLost">;
  readonly #onEnded: () => void;
  #resolveEnd!: (reason: TermEnd) => void;
  /** Resolves when the term ends. */
  readonly ended = new Promise<TermEnd>((resolve) => (this.#resolveEnd = resolve));
  /** Why the term has ended; `undefined` while it lasts. */
  endReason: TermEnd | undefined;
  /** What `onElected` threw. */
  failure: unknown;
  /** Resolves when `onElected` has settled. */
  settled: Promise<void> = Promise.resolve();
  #hasBegun = false;
  #resolveReleased!: () => void;
  /** Resolves when the lock is released. */
  readonly released = new Promise<void>((resolve) => (this.#resolveReleased = resolve));

  /** `onEnded`: called when the term ends, before `onLost`. */
  constructor(lock: Lock, options: Pick<ResolvedElectOptions, "onElected" | "onLost">, onEnded: () => void) {
    this.lock = lock;
    this.#options = options;
    this.#onEnded = onEnded;
  }

  get number(): number {
    return this.lock.fence;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether this process leads now. It is computed at each look, so it is right also just after the process was paused. */
  get isLeading(): boolean {
    return this.endReason === undefined && this.lock.isHeld;
  }

  /**
   * Calls `onElected`, unless the term has ended already. The term ends when the lock is lost, and when `onElected` throws.
   */
  begin(): void {
    if (this.endReason !== undefined) return;
    this.#hasBegun = true;
    const { number, signal } = this;
    this.lock.signal.addEventListener("abort", this, { once: true });
    const run = async (): Promise<unknown> => this.#options.onElected({ number, signal });
    this.settled = run().then(
      () => undefined,
      (error: unknown) => {
        // After the end, an error is the usual answer to the signal.
        if (this.endReason !== undefined) return;
        this.failure = error;
        this.end("failed");
      },
    );
    if (this.lock.signal.aborted) this.end("lost");
  }

  /** The lock is lost. */
  handleEvent(): void {
    this.end("lost");
  }

  end(reason: TermEnd): void {
    if (this.endReason !== undefined) return;
    this.endReason = reason;
    this.lock.signal.removeEventListener("abort", this);
    this.#controller.abort(
      reason === "lost" ? this.lock.signal.reason : new Error(`the term has ended: ${reason}`),
    );
    this.#onEnded();
    const { onLost } = this.#options;
    if (onLost !== undefined && this.#hasBegun)
      notify("onLost", (end: TermEnd) => onLost(end, this.number), reason);
    this.#resolveEnd(reason);
  }

  onReleased(): void {
    this.#resolveReleased();
  }
}
