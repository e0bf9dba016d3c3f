import { SLOTS_SCRIPT } from "../generated/scripts.ts";
import {
  accepted,
  blockerOf,
  leavePlace,
  NOBODY_NEXT,
  servePlace,
  takePlace,
  ticketsText,
  writeLine,
} from "./enforced-line.ts";
import { firstFence, floorOf, readFence } from "./fence-counter.ts";
import { announce, dequeue, enqueue } from "./line.ts";
import { GRACE_MS } from "./limits.ts";
import { NO, type Operation, type Reply, type ReplyList, request, type Twin, YES } from "./request.ts";
import { attempt, SemaphoreStore, withSlots } from "./semaphore-store.ts";
import { areFree, choose, endOf, FREE, freeIn, overlay, runsOf, TAKEN } from "./slot-runs.ts";
import { stampIn } from "./slots-target.ts";
import type { Store } from "./store.ts";

function operation(
  name: string,
  twin: Twin,
  role: Partial<Pick<Operation, "isGrant" | "isUndo" | "undoLater">> = {},
): Operation {
  const { isGrant = false, isUndo = false, undoLater } = role;
  return { name: `slots.${name}`, script: SLOTS_SCRIPT, twin, ownArgs: 1, isGrant, isUndo, undoLater };
}

/** slots.lua documents the arguments and the replies. */
export const slotsOperations = {
  acquire: operation("acquire", (store, keys, args) => acquire(store, keys, args), { isGrant: true }),

  commit: operation("commit", (store, keys, [token = "", given, slots = ""]) => {
    const semaphore = new SemaphoreStore(store, keys);
    semaphore.readState(store.get(semaphore.lock));
    if (semaphore.find(token)?.slots !== slots) return [NO];
    const base = readFence(store, semaphore.fence) ?? firstFence(store, semaphore.fence);
    const count = semaphore.largestCounter(slots, base);
    const fence = Math.max(count, Number(given));
    if (count < fence || !semaphore.areCountersValid) semaphore.writeCounters(slots, fence, base);
    return 1;
  }),

  extend: operation("extend", (store, keys, args) => extend(store, keys, args)),

  release: operation("release", (store, keys, args) => release(store, keys, args), {
    isUndo: true,
    undoLater: ({ operation: same, keys, args: [token = "", , ...others] }) =>
      request(same, keys, [token, "", ...others]),
  }),

  leave: operation(
    "leave",
    (store, keys, [waiter = "", permits, stamp]) => {
      const semaphore = new SemaphoreStore(store, keys);
      const { total } = semaphore.limitOf(Number(permits), Number(stamp));
      const line = semaphore.readLine(total);
      if (leavePlace(line, waiter)) {
        writeLine(store, semaphore.line, line, semaphore.now);
        attempt(() => {
          semaphore.readState(store.get(semaphore.lock));
          semaphore.announceNext(line, "", total);
        });
      }
      dequeue(store, semaphore.wake, waiter);
      return 1;
    },
    { isUndo: true, undoLater: () => undefined },
  ),

  count: operation("count", (store, keys, args) => countFree(store, keys, args)),

  // A quorum must know the latest change, as a quorum must know its latest grants.
  resize: operation(
    "resize",
    (store, keys, args) => {
      const { fence } = new SemaphoreStore(store, keys);
      if (readFence(store, fence) === undefined) firstFence(store, fence);
      return countFree(store, keys, args);
    },
    { isGrant: true },
  ),
};

/** See `slots.acquire` in slots.lua. */
function acquire(store: Store, keys: readonly string[], args: readonly string[]): Reply {
  const [token = "", ttl, waiter = "", place, permits, given, stamp, prefer = "", ...replaced] = args;
  const [ttlMs, ticket, count] = [Number(ttl), Number(place), Number(permits)];
  const isSettling = replaced.length > 0;
  const semaphore = new SemaphoreStore(store, keys);
  const { now } = semaphore;
  const other = semaphore.readHolders();
  const { total, text: limit } = semaphore.limitOf(Number(given), Number(stamp));
  if (count > total)
    throw new Error(`TOOMANY the semaphore has ${total} permits, and ${count} were requested`);
  semaphore.forgetDead();
  const line = semaphore.readLine(total);
  const known = Math.max(now, line.ticket);
  const map = semaphore.map.padEnd(total, FREE);
  const serveWaiter = (): void => {
    if (servePlace(line, waiter, now)) writeLine(store, semaphore.line, line, now);
  };
  let [remaining, holder] = [store.remaining(semaphore.lock), other ?? ""];
  const held = semaphore.find(token);
  if (other !== undefined) {
    if (waiter !== "") enqueue(store, semaphore.wake, waiter, ttlMs);
  } else if (held !== undefined) {
    const base = readFence(store, semaphore.fence) ?? firstFence(store, semaphore.fence);
    const fence = semaphore.largestCounter(held.slots, base);
    semaphore.renew(held, now + ttlMs);
    serveWaiter();
    const reply: ReplyList = [YES, fence, held.slots, limit];
    return isSettling ? [...reply, map] : reply;
  } else {
    const former = replaced.map((each) => semaphore.slotsOf(each)).join(" ");
    const view = overlay(map, former, FREE);
    let free = freeIn(view, total);
    const blocker =
      isSettling || free < count
        ? undefined
        : blockerOf(line, waiter, accepted(ticket, known) || undefined, (demand) => {
            free -= Number(demand);
            return free < count;
          }).blocker;
    const own = isSettling ? former : undefined;
    const chosen = blocker ? undefined : choose(view, count, total, prefer, own, token);
    if (chosen !== undefined) {
      const before = readFence(store, semaphore.fence);
      const base = before ?? firstFence(store, semaphore.fence);
      let fence = semaphore.largestCounter(chosen.slots, base) + 1;
      let deadline = now + ttlMs;
      semaphore.checkTypes();
      for (const each of replaced) deadline = Math.max(deadline, semaphore.forget(each)?.deadline ?? 0);
      if (semaphore.isFree && store.remaining(semaphore.counters) === -2) {
        if (before === undefined) fence = base;
        store.set(semaphore.fence, String(fence), Infinity);
      } else {
        semaphore.writeCounters(chosen.slots, fence, base);
      }
      semaphore.hold(token, chosen.slots, deadline);
      serveWaiter();
      const reply: ReplyList = [YES, fence, chosen.slots, limit];
      return isSettling ? [...reply, chosen.map] : reply;
    }
    [remaining, holder] = semaphore.fullUntil(count - freeIn(map, total));
    if (blocker !== undefined) {
      semaphore.announceNext(line, "", total);
      if (blocker.named > 0) [remaining, holder] = [Math.max(0, GRACE_MS - now + blocker.named), ""];
      else remaining = -1;
    }
  }
  if (waiter !== "") {
    takePlace(line, { waiter, demand: String(count), ticket, latest: known, lead: 0 }, now);
    writeLine(store, semaphore.line, line, now);
  }
  return [NO, remaining, holder, ticketsText(known, now), limit];
}

/** See `slots.extend` in slots.lua. */
function extend(store: Store, keys: readonly string[], args: readonly string[]): Reply {
  const [token = "", fence, ttl, slots = "", given, stamp, ...replaced] = args;
  const semaphore = new SemaphoreStore(store, keys);
  const other = semaphore.readHolders();
  if (other !== undefined) return [NO, -1, other];
  const { total } = semaphore.limitOf(Number(given), Number(stamp));
  semaphore.forgetDead();
  const held = semaphore.find(token);
  let deadline = semaphore.now + Number(ttl);
  if (held?.slots === slots && replaced.length === 0) {
    semaphore.renew(held, deadline);
    return 1;
  }
  const own = [token, ...replaced];
  const before = own.map((each) => semaphore.slotsOf(each)).join(" ");
  const view = overlay(semaphore.map.padEnd(Math.max(total, endOf(slots)), FREE), before, FREE);
  if (!areFree(view, slots)) {
    release(store, keys, [token, "", given ?? "", stamp ?? "", ...replaced]);
    return [NO, -1, ""];
  }
  semaphore.checkTypes();
  const base =
    held?.slots === slots
      ? undefined
      : (readFence(store, semaphore.fence) ?? floorOf(store, semaphore.fence));
  if (base !== undefined)
    semaphore.writeCounters(slots, Math.max(Number(fence), semaphore.largestCounter(slots, base)), base);
  for (const each of own) deadline = Math.max(deadline, semaphore.forget(each)?.deadline ?? 0);
  semaphore.hold(token, slots, deadline);
  const freed = runsOf(withSlots(FREE.repeat(view.length), before, slots), TAKEN);
  if (freed !== "") semaphore.announceNext(semaphore.readLine(total), freed, total);
  return 1;
}

/** See `slots.release` in slots.lua. */
function release(store: Store, keys: readonly string[], args: readonly string[]): Reply {
  const [token = "", client = "", given, stamp, ...replaced] = args;
  const semaphore = new SemaphoreStore(store, keys);
  const { now, lock, wake } = semaphore;
  semaphore.readState(attempt(() => store.get(lock)));
  const forgotten = [token, ...replaced].flatMap((each) => semaphore.forget(each) ?? []);
  if (forgotten.length === 0) return 0;
  const freed = forgotten.map(({ slots }) => slots).join(" ");
  const until = Math.max(...forgotten.map(({ deadline }) => deadline));
  const hasLine = [semaphore.line, wake].some((key) => attempt(() => store.get(key)) !== undefined);
  if (hasLine) semaphore.forgetDead();
  const last = semaphore.save();
  if (hasLine) {
    const { total } = semaphore.limitOf(Number(given), Number(stamp));
    const { named, canGo } =
      attempt(() => semaphore.announceNext(semaphore.readLine(total), freed, total)) ?? NOBODY_NEXT;
    if (last === 0 && !canGo) announce(store, wake, client !== "");
    else if (last > 0 && until > last && named.length === 0) store.publish(wake, "");
  }
  return forgotten.some(({ deadline }) => deadline >= now) ? 1 : 0;
}

/** See `slots.count` in slots.lua. */
function countFree(store: Store, keys: readonly string[], [permits, given]: readonly string[]): Reply {
  const semaphore = new SemaphoreStore(store, keys);
  const other = semaphore.readHolders();
  const { total, text } = semaphore.limitOf(Number(permits), Number(given));
  semaphore.forgetDead();
  semaphore.announceNext(semaphore.readLine(total), "", total);
  const { map } = semaphore;
  const free = other === undefined ? freeIn(map.padEnd(total, FREE), total) : 0;
  return [YES, free, total, stampIn(text), map.length - freeIn(map, map.length)];
}
