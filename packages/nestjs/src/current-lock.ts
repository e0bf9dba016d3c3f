import { AsyncLocalStorage } from "node:async_hooks";
import type { Lock } from "quorumlock";
import { processWide } from "./process-wide.ts";

export const currentLocks = processWide("current-locks", () => new AsyncLocalStorage<Lock>());

/**
 * The lock under which the present method runs: that of the innermost method with `@UseLock`, also in everything that the method calls
 * and awaits. In work that the method starts and does not await, it stays this lock after its release, with `isHeld: false`. Pass its `signal` on, and its `fence` with every write.
 *
 * ```ts
 * const { signal, fence } = currentLock();
 * ```
 * The type parameter is the kind of lock, if the decorator has a `kind`: `currentLock<PermitLock>().slots`.
 * @throws Error outside of such a method.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- The caller knows which kind of lock its decorator makes.
export function currentLock<L extends Lock = Lock>(): L {
  const lock = currentLocks.getStore();
  if (lock !== undefined) return lock as L;
  throw new Error(
    "currentLock: no method with @UseLock is running here; call it in such a method, or in what the method calls",
  );
}
