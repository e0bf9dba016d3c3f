import { AsyncLocalStorage } from "node:async_hooks";

/** The names held by one asynchronous context and those it was started from. */
export type HeldNames = Set<string>;

/**
 * Which names each asynchronous context holds, to tell a caller that waits for itself (`diagnostics: true`).
 * A name that `acquire` took counts for the context that called it and all that start from there; one that
 * `using` took, for its routine.
 */
export class HeldContexts {
  readonly #storage = new AsyncLocalStorage<HeldNames>();

  /** The first of the names that the present context holds. */
  find(names: readonly string[]): string | undefined {
    const held = this.#storage.getStore();
    return names.find((name) => held?.has(name) === true);
  }

  /**
   * The present context's names, to be added to when a lock is granted. To be called synchronously by the
   * caller's call.
   */
  enter(): HeldNames {
    const known = this.#storage.getStore();
    if (known !== undefined) return known;
    const names: HeldNames = new Set();
    this.#storage.enterWith(names);
    return names;
  }

  /** Runs a routine in a context of its own that holds `names` as well. */
  run<T>(names: readonly string[], routine: () => T): T {
    return this.#storage.run(new Set([...(this.#storage.getStore() ?? []), ...names]), routine);
  }
}
