import { isOfPermits, SHARED_HOLDERS } from "../base/token.ts";
import { OPERATOR_SCRIPT } from "../generated/scripts.ts";
import { firstFence, readFence } from "./fence-counter.ts";
import { keySpaceOf } from "./keys.ts";
import type { LockKind } from "./kind.ts";
import { soleIn } from "./mode-node.ts";
import { lockInMode, modesKind, type ModesTarget } from "./modes.ts";
import { type Operation, type Reply, request, YES } from "./request.ts";
import type { Store } from "./store.ts";

/** What a seizure takes: one name in mode X. */
export interface SeizedTarget extends ModesTarget {
  /** Gets the tokens of former holders, and how many ms the last of them had left on an instance. */
  readonly watcher: { onSeized(tokens: readonly string[], leftMs: number): void };
}

/** seize.lua documents the arguments and the reply. */
const seizeOperation: Operation = {
  name: "operator.seize",
  script: OPERATOR_SCRIPT,
  ownArgs: 1,
  isGrant: true,
  isUndo: false,
  twin(store, [lock = "", shared = "", counter = ""], [token = "", ttlText]) {
    const ttl = Number(ttlText);
    const value = store.get(lock);
    if (value !== undefined && isOfPermits(value))
      throw new Error("OTHERKIND the name is held by a semaphore; use another name for the lock");
    const left = Math.max(0, store.remaining(lock));
    const last = readFence(store, counter);
    if (value === token) {
      store.expire(lock, Math.max(1, ttl, left));
      return [YES, last ?? firstFence(store, counter), 0];
    }
    const former = holdersIn(store, value, shared);
    const fence = last === undefined ? firstFence(store, counter) : last + 1;
    store.set(lock, token, ttl);
    store.delete(shared);
    store.set(counter, String(fence), Infinity);
    return [YES, fence, left, ...former];
  },
};

function holdersIn(store: Store, value: string | undefined, shared: string): readonly string[] {
  if (value === undefined) return [];
  if (value === SHARED_HOLDERS) return store.members(shared).map(([token]) => token);
  return [soleIn(value)?.token ?? value];
}

/**
 * The exclusive lock on one name, in mode X of `modesKind`, which is taken from its present holders. Only a vote differs: it is never
 * refused because of another holder, it has no place in line, and it says whose the name was.
 */
export const seizeKind: LockKind<SeizedTarget> = {
  ...(modesKind as LockKind as LockKind<SeizedTarget>),
  acquire: ({ names: [name = ""] }, owner, ttlMs) => {
    const keySpace = keySpaceOf(owner.prefix);
    const keys = [keySpace.lock(name), ...keySpace.beside(name, ["shared"]), keySpace.fence(name)];
    return request(seizeOperation, keys, [owner.token, String(ttlMs)], owner);
  },
  // All votes are for the same. Votes that are lists need this.
  choices: { of: () => "", chosen: (target) => target, settle: () => undefined },
  learn({ watcher }, replies) {
    for (const reply of replies)
      if (isVote(reply)) watcher.onSeized(reply.slice(3).map(String), Number(reply[2]));
  },
};

function isVote(reply: Reply): reply is Exclude<Reply, number> {
  return typeof reply !== "number" && reply[0] === YES;
}

/** Takes a name. */
export function seizureOf(name: string, watcher: SeizedTarget["watcher"]): SeizedTarget {
  return { ...lockInMode([name], "X"), watcher };
}
