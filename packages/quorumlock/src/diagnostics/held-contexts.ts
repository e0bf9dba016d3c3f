import { AsyncLocalStorage } from "node:async_hooks";
import type { LockWatch } from "./lock-watch.ts";

interface HeldContext {
  readonly watch: LockWatch;
  /** The context that started this one. */
  readonly parent: HeldContext | undefined;
}

/**
 * The locks that each asynchronous context holds:
 *
 * - A lock from `acquire` counts for the context that called it, and for all contexts that start there.
 * - A lock from `using` counts for its routine.
 */
export class HeldContexts {
  readonly #storage = new AsyncLocalStorage<HeldContext>();

  /** The locks that the current context and its parents hold, the latest one first. */
  *held(): Generator<LockWatch> {
    let context = this.#storage.getStore();
    while (context !== undefined) {
      if (context.watch.isHeld) yield context.watch;
      context = context.parent;
    }
  }

  /** Counts the lock for the current context. Call this before the first `await` of a call, because the context changes there. */
  enter(watch: LockWatch): void {
    this.#storage.enterWith({ watch, parent: this.#nearest() });
  }

  /** Counts the lock for a routine. */
  run<T>(watch: LockWatch, routine: () => T): T {
    return this.#storage.run({ watch, parent: this.#nearest() }, routine);
  }

  /** The nearest context that holds a lock. Others are skipped, so that the chain cannot grow without a bound. */
  #nearest(): HeldContext | undefined {
    let context = this.#storage.getStore();
    while (context?.watch.isHeld === false) context = context.parent;
    return context;
  }
}
