import { isOfPermits } from "../base/token.ts";
import { OPERATOR_SCRIPT } from "../generated/scripts.ts";
import { firstFence, readFence } from "./fence-counter.ts";
import { keySpaceOf } from "./keys.ts";
import type { LockKind } from "./kind.ts";
import { modesKind, type ModesTarget } from "./modes.ts";
import { type Operation, request } from "./request.ts";

/** seize.lua documents the arguments and the reply. */
export const seizeOperation: Operation = {
  name: "operator.seize",
  script: OPERATOR_SCRIPT,
  ownArgs: 1,
  isGrant: true,
  isUndo: false,
  twin(store, [lock = "", shared = "", counter = ""], [token = "", ttl]) {
    const value = store.get(lock);
    if (value !== undefined && isOfPermits(value))
      throw new Error("OTHERKIND the name is held by a semaphore; use another name for the lock");
    const isRepeated = value === token;
    const left = isRepeated ? store.remaining(lock) : 0;
    const last = readFence(store, counter);
    const next = (present: number): number => (isRepeated ? present : present + 1);
    const fence = last === undefined ? firstFence(store, counter) : next(last);
    store.set(lock, token, Math.max(Number(ttl), left));
    store.delete(shared);
    store.set(counter, String(fence), Infinity);
    return fence;
  },
};

/**
 * The exclusive lock on one name, in mode X of `modesKind`, which is taken from its present holders. Only a vote differs: it is never
 * refused because of another holder, and it has no place in line.
 */
export const seizeKind: LockKind<ModesTarget> = {
  ...modesKind,
  acquire: ({ names: [name = ""] }, owner, ttlMs) => {
    const keySpace = keySpaceOf(owner.prefix);
    const keys = [keySpace.lock(name), ...keySpace.beside(name, ["shared"]), keySpace.fence(name)];
    return request(seizeOperation, keys, [owner.token, String(ttlMs)], owner);
  },
};
