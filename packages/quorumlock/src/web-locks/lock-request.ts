import type { Lock } from "../lockable.ts";
import { brokenLock, stolenLock } from "./exceptions.ts";
import { lockNameFor } from "./lock-names.ts";
import type { WebLockCallback, WebLockMode } from "./types.ts";

/**
 * One call of `request`.
 *
 * - `pending`: it waits for the lock.
 * - `held`: its callback runs under the lock.
 * - `broken`: the lock was lost or stolen. The promise of the request is rejected, and the callback may still run.
 * - `ended`: the lock was released.
 */
export class LockRequest {
  /** The name as the caller gave it. */
  readonly name: string;
  /** The name of the lock that it asks for. */
  readonly lockName: string;
  /** The prefix of the object that got the request. */
  readonly prefix: string;
  readonly mode: WebLockMode;
  /** The token of its lock. Set when it is granted. */
  token: string | undefined;
  /** Resolves when the request is granted, has got `null`, or has failed. */
  readonly decided: Promise<void>;
  /** Resolves `decided`. */
  onDecided!: () => void;
  /** Of the signal of the lock. Aborted in the state `broken`. */
  readonly #controller = new AbortController();
  /** Rejects the promise of the request. Set from the grant on. */
  #reject: ((error: unknown) => void) | undefined;

  /** @throws DOMException `NotSupportedError` for a name that the standard or this library does not allow. */
  constructor({ name, prefix, mode }: Pick<LockRequest, "name" | "prefix" | "mode">) {
    this.name = name;
    this.prefix = prefix;
    this.lockName = lockNameFor(name, prefix);
    this.mode = mode;
    this.decided = new Promise((resolve) => (this.onDecided = resolve));
  }

  /**
   * Calls the callback under the lock, and ends the lock when the callback has ended, or as soon as the lock is broken.
   * @param end releases the lock. `broken`: aborts when the lock is broken.
   * @throws what the callback throws, or a DOMException `AbortError` if the lock was broken before.
   */
  async run<T>(
    lock: Lock,
    callback: WebLockCallback<T>,
    end: (broken: AbortSignal) => Promise<void>,
  ): Promise<Awaited<T>> {
    const { name, mode } = this;
    const { signal } = this.#controller;
    const broken = new Promise<never>((_, reject) => (this.#reject = reject));
    broken.catch(() => undefined);
    const onLost = (): void => this.#break(brokenLock(name, lock.signal.reason));
    lock.signal.addEventListener("abort", onLost, { once: true });
    try {
      if (lock.signal.aborted) onLost();
      signal.throwIfAborted();
      // The callback is called now, and what it throws is a rejection.
      const ended = (async () => await callback(Object.freeze({ name, mode, signal, fence: lock.fence })))();
      const result = await Promise.race([broken, ended]);
      if (lock.isHeld) return result;
    } finally {
      await end(signal);
      lock.signal.removeEventListener("abort", onLost);
    }
    // The lease ended while the process was paused, and the release has found that out.
    this.#break(brokenLock(name, lock.signal.reason));
    throw signal.reason;
  }

  /** Another request of this client has stolen the lock. */
  onStolen(): void {
    this.#break(stolenLock(this.name));
  }

  #break(error: DOMException): void {
    this.#reject?.(error);
    this.#controller.abort(error);
  }
}
