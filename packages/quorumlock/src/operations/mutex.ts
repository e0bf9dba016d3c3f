import { tokenInKey } from "../base/token.ts";
import { MUTEX_SCRIPT } from "../generated/scripts.ts";
import { firstFence, floorOf, raiseFence, readFence } from "./fence-counter.ts";
import { hashSlot } from "./hash-slot.ts";
import { keySpaceOf } from "./keys.ts";
import type { LockKind } from "./kind.ts";
import { announce, dequeue, enqueue, readLine, waitersIn } from "./line.ts";
import { NO, type Operation, type Reply, request, type Twin, YES } from "./request.ts";
import type { Store } from "./store.ts";

type Names = readonly string[];

function operation(
  name: string,
  ownArgs: number,
  twin: Twin,
  role: Partial<Pick<Operation, "isGrant" | "isUndo" | "undoLater">> = {},
): Operation {
  const { isGrant = false, isUndo = false, undoLater } = role;
  return { name: `mutex.${name}`, script: MUTEX_SCRIPT, twin, ownArgs, isGrant, isUndo, undoLater };
}

/** mutex.lua documents the replies. */
export const mutexOperations = {
  acquire: operation(
    "acquire",
    1,
    (store, keys, [token = "", ttl = "", waiter = ""]) =>
      acquire(store, keys, { token, previous: undefined, ttlMs: Number(ttl), waiter }),
    { isGrant: true },
  ),

  takeOver: operation(
    "takeOver",
    2,
    (store, keys, [token = "", previous = "", ttl = "", waiter = ""]) =>
      acquire(store, keys, { token, previous, ttlMs: Number(ttl), waiter }),
    { isGrant: true },
  ),

  commit: operation("commit", 2, (store, keys, [token, fence]) => {
    const pairs = paired(keys);
    if (pairs.some(([lock]) => store.get(lock) !== token)) return [NO];
    for (const [, counter] of pairs) {
      if (readFence(store, counter) === undefined) firstFence(store, counter);
      raiseFence(store, counter, Number(fence));
    }
    return 1;
  }),

  extend: operation("extend", 2, (store, keys, [token = "", fence, ttl]) => {
    const pairs = paired(keys);
    for (const [lock] of pairs) {
      const value = store.get(lock);
      if (value !== undefined && value !== token) return [NO, store.remaining(lock), value];
    }
    for (const [lock, counter] of pairs) {
      if (store.get(lock) !== undefined) continue;
      if ((readFence(store, counter) ?? floorOf(store, counter)) !== undefined)
        raiseFence(store, counter, Number(fence));
    }
    for (const [lock] of pairs) hold(store, lock, token, Number(ttl));
    return 1;
  }),

  release: operation(
    "release",
    1,
    (store, keys, [token, client = ""]) => {
      let [wasHeld, hasNext] = [false, false];
      for (const [lock, wake] of paired(keys)) {
        const isHeld = isToken(store, lock, token);
        if (client !== "") dequeue(store, wake, client);
        if (!isHeld) continue;
        store.delete(lock);
        wasHeld = true;
        if (announce(store, wake, client !== "")) hasNext = true;
      }
      if (!wasHeld) return 0;
      return hasNext ? -1 : 1;
    },
    {
      isUndo: true,
      undoLater: ({ operation: same, keys, args: [token = ""] }) => request(same, keys, [token, ""]),
    },
  ),

  leave: operation(
    "leave",
    0,
    (store, [wake = ""], [client = ""]) => {
      dequeue(store, wake, client);
      return 1;
    },
    { isUndo: true, undoLater: () => undefined },
  ),

  renew: operation("renew", 1, (store, keys, [token, ttl]) => {
    let fence = 1;
    for (const [lock, counter] of paired(keys)) {
      const value = store.get(lock);
      if (value !== token) return [NO, store.remaining(lock), value ?? ""];
      fence = Math.max(fence, readFence(store, counter) ?? 1);
    }
    for (const [lock] of paired(keys)) hold(store, lock, token ?? "", Number(ttl));
    return fence;
  }),

  query: operation("query", 0, (store, keys) => [
    YES,
    ...paired(keys).flatMap(([lock, wake]) => [
      store.get(lock) ?? "",
      store.remaining(lock),
      readLine(store, wake) ?? "",
    ]),
  ]),
};

/** The exclusive lock on one or several names, all or nothing (protocol §§3–6). Its target: the names, sorted. */
export const mutexKind: LockKind<Names> = {
  label: "mutex",
  names: (names) => names,

  split(names, prefix) {
    const slots = new Map<number, string[]>();
    for (const name of names) {
      const slot = hashSlot(prefix + name);
      slots.set(slot, [...(slots.get(slot) ?? []), name]);
    }
    return [...slots].toSorted(([a], [b]) => a - b).map(([, group]) => group);
  },

  channels: (names, prefix) => names.map((name) => keySpaceOf(prefix).wake(name)),

  acquire: (names, owner, ttlMs, waiter) =>
    request(
      mutexOperations.acquire,
      grantKeys(names, owner.prefix, waiter),
      [owner.token, String(ttlMs), waiter ?? ""],
      owner,
    ),

  takeOver: (names, owner, previous, ttlMs, waiter) =>
    request(
      mutexOperations.takeOver,
      grantKeys(names, owner.prefix, waiter),
      [owner.token, previous, String(ttlMs), waiter ?? ""],
      owner,
    ),

  commit: (names, owner, fence) =>
    request(
      mutexOperations.commit,
      grantKeys(names, owner.prefix, undefined),
      [owner.token, String(fence)],
      owner,
    ),

  extend: (names, owner, ttlMs) =>
    request(
      mutexOperations.extend,
      grantKeys(names, owner.prefix, undefined),
      [owner.token, String(owner.fence), String(ttlMs)],
      owner,
    ),

  // A release has no owner that can withdraw it, because a withdrawn attempt is also released.
  release: (names, owner, waiter) =>
    request(mutexOperations.release, lockAndWakeKeys(names, owner.prefix), [owner.token, waiter]),

  leave: (names, prefix, waiter) =>
    names.map((name) => request(mutexOperations.leave, [keySpaceOf(prefix).wake(name)], [waiter])),

  obstacle: ([, remaining = 0, token = ""]) => ({
    token: tokenInKey(String(token)),
    remainingMs: toRemainingMs(remaining),
  }),

  transfer: {
    describe: () => ({ kind: "mutex" }),
    renew: (names, owner, ttlMs) =>
      request(
        mutexOperations.renew,
        grantKeys(names, owner.prefix, undefined),
        [owner.token, String(ttlMs)],
        owner,
      ),
  },

  query: {
    request: (names, prefix) => request(mutexOperations.query, lockAndWakeKeys(names, prefix), []),

    read(names, [, ...values]) {
      const parts = names.map((name, index) => ({ name, part: values.slice(3 * index, 3 * index + 3) }));
      return {
        holds: parts.flatMap(({ name, part: [token = "", remaining = MISSING] }) =>
          remaining === MISSING
            ? []
            : [{ name, token: tokenInKey(String(token)), remainingMs: toRemainingMs(remaining) }],
        ),
        waiting: parts.flatMap(({ part: [, , line = ""] }) => waitersIn(String(line))),
      };
    },
  },

  admits: () => false,
};

/** The keys of a grant: for each name the lock and the fencing counter, and with a waiter the line. */
function grantKeys(names: Names, prefix: string, waiter: string | undefined): readonly string[] {
  const keySpace = keySpaceOf(prefix);
  const [only = ""] = names;
  // A list that grows from nothing takes several times the memory.
  if (waiter === undefined && names.length === 1) return [keySpace.lock(only), keySpace.fence(only)];
  return names.flatMap((name) => {
    const keys = [keySpace.lock(name), keySpace.fence(name)];
    return waiter === undefined ? keys : [...keys, keySpace.wake(name)];
  });
}

function lockAndWakeKeys(names: Names, prefix: string): readonly string[] {
  const keySpace = keySpaceOf(prefix);
  const [only = ""] = names;
  if (names.length === 1) return [keySpace.lock(only), keySpace.wake(only)];
  return names.flatMap((name) => [keySpace.lock(name), keySpace.wake(name)]);
}

/** The remaining time of a missing key. */
const MISSING = -2;

function toRemainingMs(remaining: number | string): number {
  return Number(remaining) === -1 ? Infinity : Number(remaining);
}

interface Acquire {
  readonly token: string;
  readonly previous: string | undefined;
  readonly ttlMs: number;
  readonly waiter: string;
}

/** See `acquire` in mutex.lua. */
function acquire(store: Store, keys: readonly string[], { token, previous, ttlMs, waiter }: Acquire): Reply {
  const stride = waiter === "" ? 2 : 3;
  const parts = Array.from({ length: keys.length / stride }, (_, index) => {
    const [lock = "", counter = "", wake = ""] = keys.slice(index * stride, (index + 1) * stride);
    return { lock, counter, wake, value: store.get(lock), remaining: store.remaining(lock) };
  });
  const obstacles = parts.filter(({ value }) => value !== undefined && value !== token && value !== previous);
  if (waiter !== "") for (const { wake } of parts) enqueue(store, wake, waiter, ttlMs);
  if (obstacles.length > 0) {
    const last = obstacles.reduce((a, b) => (expiryOf(b) > expiryOf(a) ? b : a));
    return [NO, last.remaining, last.value ?? ""];
  }
  const isRepeated = parts.every(({ value }) => value === token);
  const fence = Math.max(
    ...parts.map(({ counter }) => {
      const present = readFence(store, counter);
      if (present === undefined) return firstFence(store, counter);
      return isRepeated ? present : present + 1;
    }),
  );
  for (const { lock, counter } of parts) {
    hold(store, lock, token, ttlMs);
    store.set(counter, String(fence), Infinity);
  }
  const hasReplaced = previous !== undefined && parts.some(({ value }) => value === previous);
  return hasReplaced ? -fence : fence;
}

/** See `hold` in mutex.lua. */
function hold(store: Store, lock: string, token: string, ttlMs: number): void {
  const isHeld = store.get(lock) === token;
  const remaining = store.remaining(lock);
  if (!isHeld || (remaining >= 0 && remaining < ttlMs)) store.set(lock, token, ttlMs);
}

/** A key of another type has no holder. */
function isToken(store: Store, lock: string, token: string | undefined): boolean {
  try {
    return store.get(lock) === token;
  } catch {
    return false;
  }
}

function paired(keys: readonly string[]): readonly (readonly [first: string, second: string])[] {
  return Array.from({ length: keys.length / 2 }, (_, index) => [
    keys[2 * index] ?? "",
    keys[2 * index + 1] ?? "",
  ]);
}

function expiryOf({ remaining }: { readonly remaining: number }): number {
  return remaining === -1 ? Infinity : remaining;
}
