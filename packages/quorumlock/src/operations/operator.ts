import { OPERATOR_SCRIPT } from "../generated/scripts.ts";
import { firstFence, readFence } from "./fence-counter.ts";
import { keySpaceOf } from "./keys.ts";
import type { LockKind } from "./kind.ts";
import { mutexKind, mutexOperations } from "./mutex.ts";
import { NO, type Operation, request, type Twin } from "./request.ts";

/** The lock of a process that an operator ends. */
export interface Replaced {
  readonly name: string;
  /** The token of the holder. */
  readonly holder: string;
}

function operation(name: string, twin: Twin, role: Partial<Operation>): Operation {
  return {
    name: `operator.${name}`,
    script: OPERATOR_SCRIPT,
    twin,
    ownArgs: 1,
    isGrant: false,
    isUndo: false,
    ...role,
  };
}

/** operator.lua documents the arguments and the replies. */
export const operatorOperations = {
  replace: operation(
    "replace",
    (store, [lock = "", counter = ""], [token = "", previous = ""]) => {
      const value = store.get(lock);
      if (value === undefined) return [NO, 0, ""];
      const left = store.remaining(lock);
      if (value !== token && (value !== previous || left === -1)) return [NO, left, value];
      const last = readFence(store, counter);
      const next = (present: number): number => (value === token ? present : present + 1);
      const fence = last === undefined ? firstFence(store, counter) : next(last);
      if (value !== token) store.set(lock, token, Math.max(1, left));
      store.set(counter, String(fence), Infinity);
      return -fence;
    },
    { isGrant: true },
  ),

  restore: operation(
    "restore",
    (store, [lock = ""], [token, previous = ""]) => {
      if (store.get(lock) !== token) return 0;
      store.set(lock, previous, Math.max(1, store.remaining(lock)));
      return 1;
    },
    { isUndo: true },
  ),
};

/**
 * The hold of an operator, which takes the place of an exclusive holder: of a mutex, a fair lock, a write lock or a node of a tree. If
 * no quorum grants it, the keys are given back to the holder.
 */
export const operatorKind: LockKind<Replaced> = {
  label: "mutex",
  names: ({ name }) => [name],
  split: (target) => [target],
  channels: ({ name }, prefix) => mutexKind.channels([name], prefix),

  acquire: ({ name, holder }, owner) => {
    const keySpace = keySpaceOf(owner.prefix);
    const keys = [keySpace.lock(name), keySpace.fence(name)];
    return request(operatorOperations.replace, keys, [owner.token, holder], owner);
  },
  commit: ({ name }, owner, fence) => mutexKind.commit([name], owner, fence),
  extend: ({ name }, owner, ttlMs) => mutexKind.extend([name], owner, ttlMs),
  // Without a waiter it undoes an attempt.
  release: ({ name, holder }, owner, waiter) =>
    waiter === ""
      ? request(operatorOperations.restore, [keySpaceOf(owner.prefix).lock(name)], [owner.token, holder])
      : mutexKind.release([name], owner, waiter),
  leave: () => [],
  obstacle: (refusal) => mutexKind.obstacle(refusal),
  admits: () => false,
};

/** Deletes the key of a holder, whatever its expiry, and notifies waiters. */
export function endHolder(
  { name, holder }: Replaced,
  prefix: string,
  clientId: string,
): ReturnType<typeof request> {
  return request(
    mutexOperations.release,
    [keySpaceOf(prefix).lock(name), keySpaceOf(prefix).wake(name)],
    [holder, clientId],
  );
}
