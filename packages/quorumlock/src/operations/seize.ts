import { isOfPermits, SHARED_HOLDERS, tokenInKey } from "../base/token.ts";
import { OPERATOR_SCRIPT } from "../generated/scripts.ts";
import { firstFence, readFence } from "./fence-counter.ts";
import { keySpaceOf } from "./keys.ts";
import type { LockKind } from "./kind.ts";
import { BAND } from "./mode-node.ts";
import { modesKind, type ModesTarget, nowOf } from "./modes.ts";
import { type Operation, type Reply, request, YES } from "./request.ts";
import type { Store } from "./store.ts";

/** The former holders of a name on one instance, before it was seized there. */
export interface FormerInReply {
  readonly tokens: readonly string[];
  /** How many ms the last of them had left, or more. */
  readonly leftMs: number;
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
    const expiry = store.remaining(lock);
    const gateLeft = Math.max(0, expiry);
    const last = readFence(store, counter);
    if (value === token) {
      if (expiry !== -1) store.expire(lock, Math.max(1, ttl, gateLeft));
      return [YES, last ?? firstFence(store, counter), gateLeft];
    }
    const former = holdersIn(store, value, shared);
    const left = Math.max(gateLeft, ...former.map(({ leftMs }) => leftMs));
    const fence = last === undefined ? firstFence(store, counter) : last + 1;
    store.set(lock, token, Math.max(ttl, left));
    store.delete(shared);
    store.set(counter, String(fence), Infinity);
    return [YES, fence, left, ...former.map((each) => each.token)];
  },
};

/** The holders. `leftMs`: what a reader has left; 0 for others, because their gate expires with them. */
function holdersIn(
  store: Store,
  value: string | undefined,
  shared: string,
): readonly { readonly token: string; readonly leftMs: number }[] {
  if (value !== undefined && value !== SHARED_HOLDERS) return [{ token: tokenInKey(value), leftMs: 0 }];
  const now = nowOf(store);
  return store
    .members(shared)
    .map(([token, score]) => ({ token, leftMs: (score % BAND) - now }))
    .filter(({ leftMs }) => leftMs >= 0);
}

/**
 * How an exclusive lock on one name, in mode X, is taken from its present holders. A vote is never refused because of another holder,
 * has no place in line, and names the former holders. What is won is a hold of `modesKind`.
 */
export const seizeKind: LockKind<ModesTarget> = {
  ...modesKind,
  acquire: ({ names: [name = ""] }, owner, ttlMs) => {
    const keySpace = keySpaceOf(owner.prefix);
    const keys = [keySpace.lock(name), ...keySpace.beside(name, ["shared"]), keySpace.fence(name)];
    return request(seizeOperation, keys, [owner.token, String(ttlMs)], owner);
  },
  // All votes are for the same. Votes that are lists need this.
  choices: { of: () => "", chosen: (target) => target, settle: () => undefined },
};

/** The former holders, whose name a vote has taken. `undefined` if the reply is no vote. */
export function formerIn(reply: Reply): FormerInReply | undefined {
  if (typeof reply === "number" || reply[0] !== YES) return undefined;
  return { leftMs: Number(reply[2]), tokens: reply.slice(3).map(String) };
}
