import { SHARED_HOLDERS } from "../base/token.ts";
import { SLOTS_SCRIPT } from "../generated/scripts.ts";
import { readFence } from "./fence-counter.ts";
import type { KindTransfer } from "./kind.ts";
import { NO, type Operation, type Reply, request } from "./request.ts";
import { SemaphoreStore } from "./semaphore-store.ts";
import { slotsIn } from "./slot-runs.ts";
import { slotKeys } from "./slots-keys.ts";
import type { SlotsTarget } from "./slots-target.ts";
import type { Store } from "./store.ts";

/** See `slots.renew` in slots-transfer.lua. */
export function renewSlots(
  store: Store,
  keys: readonly string[],
  [token = "", ttl, slots = ""]: readonly string[],
  onlyChecks: boolean,
): Reply {
  const semaphore = new SemaphoreStore(store, keys);
  const { lock, now } = semaphore;
  const gate = store.get(lock);
  semaphore.readState(gate);
  const held = semaphore.find(token);
  if (held?.slots !== slots || held.deadline < now) {
    const isToken = semaphore.isOther && gate?.startsWith(SHARED_HOLDERS) === false;
    return [NO, store.remaining(lock), isToken ? (gate ?? "") : ""];
  }
  const fence = semaphore.largestCounter(slots, readFence(store, semaphore.fence) ?? 1);
  if (!onlyChecks) semaphore.renew(held, now + Number(ttl));
  return fence;
}

export const slotsRenew: Operation = {
  name: "slots.renew",
  script: SLOTS_SCRIPT,
  ownArgs: 1,
  isGrant: false,
  isUndo: false,
  twin: (store, keys, args) => renewSlots(store, keys, args, false),
};

/** How permits pass to another process. */
export const transferOfSlots: KindTransfer<SlotsTarget> = {
  describe: ({ slots, size: { total } }) => ({ kind: "semaphore", slots: slotsIn(slots), permits: total }),
  renew: (target, owner, ttlMs) =>
    request(slotsRenew, slotKeys(target, owner.prefix), [owner.token, String(ttlMs), target.slots], owner),
};
