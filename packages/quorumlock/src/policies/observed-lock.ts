import type { Lock } from "../lockable.ts";

/** What an observed lock reports. */
export interface LockObserver {
  /** Fields that the lock has in addition. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The holder extends the lock to this ttl. */
  onExtend?(ttlMs: number): void;
  /** The lock is over for this process. Called once. `detachedForMs`: another process may hold it for that time. */
  onEnded(detachedForMs: number | undefined): void;
  /** Whether a loss ends the lock. If not, only its holder ends it. @default false */
  readonly endsWhenLost?: boolean;
}

/**
 * A lock that reports its end. All of its other members are those of the lock, so it stays a lock of its kind. A lock that it is
 * converted to, by `upgrade` or `downgrade`, takes its place and is observed as well.
 */
export function observeLock(lock: Lock, observer: LockObserver): Lock {
  return new Observation(lock, observer).view(lock);
}

type Method = (...args: unknown[]) => unknown;

class Observation {
  readonly #observer: LockObserver;
  readonly #signal: AbortSignal | undefined;
  /** The lock that is held. A conversion replaces it. */
  #current: Lock;
  #hasEnded = false;

  constructor(lock: Lock, observer: LockObserver) {
    this.#current = lock;
    this.#observer = observer;
    if (observer.endsWhenLost !== true) return;
    const { signal } = lock;
    this.#signal = signal;
    if (signal.aborted) this.#end();
    else signal.addEventListener("abort", this.#onLost, { once: true });
  }

  /** The lock as its holder sees it. A proxy, because the private fields of a lock do not survive any other kind of copy. */
  view(lock: Lock): Lock {
    const fields: Readonly<Record<string, unknown>> = this.#observer.fields ?? {};
    return new Proxy(lock, {
      get: (target, key) => {
        if (typeof key === "string" && Object.hasOwn(fields, key)) return fields[key];
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== "function" || key === "constructor") return value;
        const method: Method = (...args) => (value as Method).apply(target, args);
        return this.#observed(lock, key, method);
      },
      has: (target, key) => Object.hasOwn(fields, key) || Reflect.has(target, key),
      getOwnPropertyDescriptor: (target, key) =>
        typeof key === "string" && Object.hasOwn(fields, key)
          ? { value: fields[key], configurable: true, enumerable: true, writable: false }
          : Reflect.getOwnPropertyDescriptor(target, key),
    });
  }

  #observed(lock: Lock, key: string | symbol, method: Method): Method {
    if (key === "release" || key === Symbol.asyncDispose)
      return (...args) => (method(...args) as Promise<unknown>).finally(() => this.#end(lock));
    if (key === "detach") return () => this.#detach(lock, method);
    if (key === "upgrade" || key === "downgrade") return () => this.#convert(method);
    if (key === "toJSON")
      return () => ({ ...(method() as Record<string, unknown>), ...this.#observer.fields });
    if (key !== "extend") return method;
    return (...args) => {
      this.#observer.onExtend?.(Number(args[0] ?? lock.ttl));
      return method(...args);
    };
  }

  async #detach(lock: Lock, method: Method): Promise<unknown> {
    const description = await (method() as Promise<unknown>);
    this.#end(lock, lock.ttl);
    return description;
  }

  async #convert(method: Method): Promise<Lock> {
    const next = (await method()) as Lock;
    this.#current = next;
    return this.view(next);
  }

  readonly #onLost = (): void => this.#end();

  /** Ends the observation, unless `lock` was converted to another lock that is still held. */
  #end(lock: Lock = this.#current, detachedForMs?: number): void {
    if (this.#hasEnded || lock !== this.#current) return;
    this.#hasEnded = true;
    this.#signal?.removeEventListener("abort", this.#onLost);
    this.#observer.onEnded(detachedForMs);
  }
}
