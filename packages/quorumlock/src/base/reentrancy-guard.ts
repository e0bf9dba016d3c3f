import { AsyncLocalStorage } from "node:async_hooks";

/** The names that one asynchronous context holds. */
export type LockedNames = Set<string>;

interface HeldContext {
  readonly names: LockedNames;
  /** The context that started this one. */
  readonly parent: HeldContext | undefined;
}

/**
 * Finds a caller that would wait for its own lock (`diagnostics: true`). It records which names each asynchronous context
 * holds:
 *
 * - A name from `acquire` counts for the context that called it, and for all contexts that start there.
 * - A name from `using` counts for its routine.
 */
export class ReentrancyGuard {
  readonly #storage = new AsyncLocalStorage<HeldContext>();

  /** The first of `names` that the current context or one of its parents holds. */
  findHeld(names: readonly string[]): string | undefined {
    let context = this.#storage.getStore();
    while (context !== undefined) {
      const { names: heldNames, parent } = context;
      const held = names.find((name) => heldNames.has(name));
      if (held !== undefined) return held;
      context = parent;
    }
    return undefined;
  }

  /**
   * Makes an empty set of names for the current context. Add the names when the lock is granted, and remove them when it
   * ends. Call this synchronously in the caller's call, because the context changes at the first `await`.
   */
  trackContext(): LockedNames {
    const names: LockedNames = new Set();
    this.#storage.enterWith({ names, parent: this.#nearestHolder() });
    return names;
  }

  /** Runs a routine in a context that also holds `names`. */
  runHolding<T>(names: readonly string[], routine: () => T): T {
    return this.#storage.run({ names: new Set(names), parent: this.#nearestHolder() }, routine);
  }

  /** The nearest context that holds a name. Empty contexts are skipped, so that the chain cannot grow without a bound. */
  #nearestHolder(): HeldContext | undefined {
    let context = this.#storage.getStore();
    while (context?.names.size === 0) context = context.parent;
    return context;
  }
}
