import { AsyncLocalStorage } from "node:async_hooks";

/** The names held by one asynchronous context. */
export type LockedNames = Set<string>;

interface HeldContext {
  readonly names: LockedNames;
  /** The context that it was started from. */
  readonly parent: HeldContext | undefined;
}

/**
 * Which names each asynchronous context holds, to tell a caller that waits for itself (`diagnostics: true`). A name that
 * `acquire` took counts for the context that called it and all that start from there; one that `using` took, for its
 * routine.
 */
export class ReentrancyGuard {
  readonly #storage = new AsyncLocalStorage<HeldContext>();

  /** The first of the names that the present context, or one that it was started from, holds. */
  find(names: readonly string[]): string | undefined {
    let context = this.#storage.getStore();
    while (context !== undefined) {
      const { names: held, parent } = context;
      const found = names.find((name) => held.has(name));
      if (found !== undefined) return found;
      context = parent;
    }
    return undefined;
  }

  /**
   * A set of its own for the present context, to be added to when a lock is granted. To be called synchronously by the
   * caller's call.
   */
  enter(): LockedNames {
    const names: LockedNames = new Set();
    this.#storage.enterWith({ names, parent: this.#holding() });
    return names;
  }

  /** Runs a routine in a context that holds `names` as well. */
  run<T>(names: readonly string[], routine: () => T): T {
    return this.#storage.run({ names: new Set(names), parent: this.#holding() }, routine);
  }

  /** The nearest context that holds anything: the chain stays as short as what is held. */
  #holding(): HeldContext | undefined {
    let context = this.#storage.getStore();
    while (context?.names.size === 0) context = context.parent;
    return context;
  }
}
