import { AsyncLocalStorage } from "node:async_hooks";
import type { LockWatch } from "./lock-watch.ts";

/** Maximum number of locks that a context has. The earliest is forgotten then. */
const MAX_LOCKS = 200;

interface ContextLock {
  readonly watch: LockWatch;
  /** Whether the context is in the routine of `using`. Only then it surely waits for itself if it acquires the lock again. */
  readonly isRoutine: boolean;
}

/**
 * The locks of each asynchronous context:
 *
 * - A lock from `using` counts for its routine.
 * - A lock from `acquire` counts for the context that called it, and for all contexts that start there. If a function acquires it before
 *   its first `await`, that is also the context of its caller. A caller that does not await the function goes on without the lock, and
 *   nothing tells the two apart. So such a lock is only a reason for warnings.
 */
export class HeldContexts {
  /** A new array for each lock, because a context inherits that of the context in which it started. */
  readonly #storage = new AsyncLocalStorage<readonly ContextLock[]>();

  /** The locks of the current context that are held or being acquired, the latest one first. */
  get locks(): readonly ContextLock[] {
    return this.#storage.getStore()?.filter(({ watch }) => !watch.isOver) ?? [];
  }

  /** Counts the lock for the current context. Call this before the first `await` of a call, because the context changes there. */
  enter(watch: LockWatch): void {
    this.#storage.enterWith(this.#with({ watch, isRoutine: false }));
  }

  /** Counts the lock for a routine. */
  run<T>(watch: LockWatch, routine: () => T): T {
    return this.#storage.run(this.#with({ watch, isRoutine: true }), routine);
  }

  /** Without the locks that are over, so that a context that acquires again and again does not keep them. */
  #with(lock: ContextLock): readonly ContextLock[] {
    return [lock, ...this.locks].slice(0, MAX_LOCKS);
  }
}
