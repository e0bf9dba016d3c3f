import type { LockWatch } from "./lock-watch.ts";

/** The methods of a lock that resolve to another lock, to which the first one was converted. */
const CONVERSIONS: ReadonlySet<string | symbol> = new Set(["upgrade", "downgrade"]);

type Method = (...args: unknown[]) => unknown;

/**
 * Makes the `Lock` objects of callers. The client itself keeps each lock that is held, so only a second object shows that the caller
 * has dropped the lock.
 */
export class LockObjects {
  readonly #collected = new FinalizationRegistry<LockWatch>((watch) => watch.onObjectCollected());

  /** A proxy, because the private fields of a lock do not survive any other kind of copy. */
  make<L extends object>(lock: L, watch: LockWatch): L {
    const object = new Proxy(lock, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== "function" || key === "constructor") return value;
        return (...args: unknown[]): unknown => {
          if (key === "release" || key === Symbol.asyncDispose) watch.onRelease();
          const result = (value as Method).apply(target, args);
          if (!CONVERSIONS.has(key)) return result;
          return this.#makeConverted(result as Promise<object>, watch);
        };
      },
    });
    watch.onObjectMade();
    this.#collected.register(object, watch);
    return object;
  }

  async #makeConverted(converted: Promise<object>, watch: LockWatch): Promise<object> {
    return this.make(await converted, watch);
  }
}
