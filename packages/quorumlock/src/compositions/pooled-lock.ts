import { INSPECT, type Inspect } from "../base/inspect.ts";
import type { Lock, LockDescription } from "../lockable.ts";

/**
 * A lock that occupies a place of a pool. It forwards everything to the lock, and frees the place once: when the lock is released,
 * detached or lost.
 */
export class PooledLock implements Lock {
  readonly #lock: Lock;
  readonly #onEnded: () => void;

  /** @param onEnded frees the place. It may be called more than once. */
  constructor(lock: Lock, onEnded: () => void) {
    this.#lock = lock;
    this.#onEnded = onEnded;
    const { signal } = lock;
    if (signal.aborted) onEnded();
    else signal.addEventListener("abort", onEnded, { once: true });
  }

  get names(): readonly string[] {
    return this.#lock.names;
  }

  get token(): string {
    return this.#lock.token;
  }

  get fence(): number {
    return this.#lock.fence;
  }

  get ttl(): number {
    return this.#lock.ttl;
  }

  get signal(): AbortSignal {
    return this.#lock.signal;
  }

  get isHeld(): boolean {
    return this.#lock.isHeld;
  }

  remaining(): number {
    return this.#lock.remaining();
  }

  extend(ttl?: number): Promise<void> {
    return this.#lock.extend(ttl);
  }

  release(): Promise<boolean> {
    return this.#lock.release().finally(this.#onEnded);
  }

  /** Frees the place if the lock was detached: this process does not hold it any more. */
  async detach(): Promise<LockDescription> {
    const description = await this.#lock.detach();
    this.#onEnded();
    return description;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#lock[Symbol.asyncDispose]();
    } finally {
      this.#onEnded();
    }
  }

  /** The fields for a log. */
  toJSON(): Record<string, unknown> {
    const { names, fence, token, ttl, isHeld } = this;
    return { names, fence, token, ttl, isHeld, remaining: this.remaining() };
  }

  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    return `Lock ${inspect(this.toJSON(), options)}`;
  }
}
