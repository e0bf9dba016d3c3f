import { firstFence, readFence, writeFence } from "./fence-counter.ts";
import type { ResourceKeys } from "./keys.ts";
import { dequeue, enqueue, nextOf } from "./queue.ts";
import { GRANTS, NO, type Reply, type Request, request, UNDOES, type Withdrawable } from "./request.ts";
import type { Store, Twin } from "./store.ts";

/** What is special about an extension. */
export interface ExtensionKind {
  /** See `settle` in mutex.lua. */
  readonly settles?: boolean;
  /** It ends before what it extends would have: whoever waits has to be told that. */
  readonly shortens?: boolean;
}

/**
 * The exclusive lock on one or several resources, all or nothing (protocol §§3–6). What each replies stands
 * in mutex.lua. All but the release are void once the claim is withdrawn.
 */
export const mutex = {
  /** `client`: who waits, and is to be woken in its turn. */
  acquire: (
    resources: readonly ResourceKeys[],
    token: string,
    ttlMs: number,
    claim: Withdrawable,
    client?: string,
  ): Request => {
    const ttl = String(ttlMs);
    const args = client === undefined ? [token, ttl] : [token, ttl, client];
    return request("mutex.acquire", siblings(resources, "fence"), 1, args, claim, GRANTS);
  },
  /** `former`: the token of a holder who hands over. */
  take: (
    resources: readonly ResourceKeys[],
    token: string,
    former: string,
    ttlMs: number,
    claim: Withdrawable,
    client?: string,
  ): Request => {
    const args = [token, former, String(ttlMs)];
    if (client !== undefined) args.push(client);
    return request("mutex.take", siblings(resources, "fence"), 2, args, claim, GRANTS);
  },
  raise: (
    resources: readonly ResourceKeys[],
    token: string,
    ttlMs: number,
    fence: number,
    claim: Withdrawable,
  ): Request =>
    request("mutex.raise", siblings(resources, "fence"), 2, [token, String(fence), String(ttlMs)], claim),
  extend: (
    resources: readonly ResourceKeys[],
    token: string,
    ttlMs: number,
    fence: number,
    claim: Withdrawable,
    { settles = false, shortens = false }: ExtensionKind = {},
  ): Request => {
    const args = [token, String(fence), String(ttlMs)];
    if (settles || shortens) args.push(settles ? "settle" : "");
    if (shortens) args.push("tell");
    return request("mutex.extend", siblings(resources, "fence"), 2, args, claim);
  },
  /** `client`: who gives it back and leaves the line; nobody where a vote is withdrawn. */
  release: (resources: readonly ResourceKeys[], token: string, client = ""): Request => {
    const keys = siblings(resources, "wake");
    return request("mutex.release", keys, 1, [token, client], undefined, UNDOES);
  },
  leave: (resources: readonly ResourceKeys[], client: string): Request =>
    request(
      "mutex.leave",
      resources.map(({ wake }) => wake),
      0,
      [client],
      undefined,
      UNDOES,
    ),
};

/** Each lock's key, and a sibling of it. */
function siblings(resources: readonly ResourceKeys[], kind: "fence" | "wake"): readonly string[] {
  const [only] = resources;
  // A list that grows from nothing is several times as large as one that is written down.
  if (only !== undefined && resources.length === 1) return [only.lock, only[kind]];
  return resources.flatMap((keys) => [keys.lock, keys[kind]]);
}

/** See `acquire` in mutex.lua. */
function acquire(
  store: Store,
  keys: readonly string[],
  token: string,
  former: string | undefined,
  [ttl = "", client]: readonly string[],
): Reply {
  const locks = paired(keys).map(([lock]) => ({ lock, value: store.get(lock) }));
  const blocks = locks.flatMap(({ lock, value }) =>
    value === undefined || value === token || value === former
      ? []
      : [{ holder: value, remaining: store.remaining(lock) }],
  );
  if (client !== undefined) {
    for (const [, counter] of paired(keys)) enqueue(store, sibling(counter, "wake"), client, Number(ttl));
  }
  if (blocks.length > 0) {
    const last = blocks.reduce((a, b) => (endless(b) > endless(a) ? b : a));
    return [NO, last.remaining, last.holder];
  }
  const renewal = locks.every(({ value }) => value === token);
  const fence = Math.max(
    ...paired(keys).map(([, counter]) => {
      const before = readFence(store, counter);
      if (before === undefined) return firstFence(store);
      return renewal ? before : before + 1;
    }),
  );
  for (const [lock, counter] of paired(keys)) {
    store.set(lock, token, Number(ttl));
    writeFence(store, counter, fence, Number(ttl));
  }
  const taken = former !== undefined && locks.some(({ value }) => value === former);
  return taken ? -fence : fence;
}

export const mutexTwins: Readonly<Record<string, Twin>> = {
  "mutex.acquire": (store, keys, [token = "", ...ttlAndClient]) =>
    acquire(store, keys, token, undefined, ttlAndClient),

  "mutex.take": (store, keys, [token = "", former = "", ...ttlAndClient]) =>
    acquire(store, keys, token, former, ttlAndClient),

  "mutex.raise"(store, keys, [token, fence = "", ttl = ""]) {
    if (paired(keys).some(([lock]) => store.get(lock) !== token)) return [NO];
    for (const [, counter] of paired(keys)) {
      writeFence(store, counter, Math.max(readFence(store, counter) ?? 0, Number(fence)), Number(ttl));
    }
    return 1;
  },

  "mutex.extend"(store, keys, [token = "", fence = "", ttl = "", settle, tell]) {
    const fences: number[] = [];
    for (const [lock, counter] of paired(keys)) {
      const value = store.get(lock);
      if (value !== undefined && value !== token) return [NO, store.remaining(lock), value];
      const last = readFence(store, counter);
      const isLater = value === undefined && last !== undefined && last > Number(fence);
      if (isLater && settle !== "settle") return [NO, 0, ""];
      fences.push(Math.max(last ?? 0, Number(fence)));
    }
    paired(keys).forEach(([lock, counter], index) => {
      store.set(lock, token, Number(ttl));
      writeFence(store, counter, fences[index] ?? 0, Number(ttl));
    });
    if (tell === "tell") for (const [, counter] of paired(keys)) store.publish(sibling(counter, "wake"), "");
    return 1;
  },

  "mutex.release"(store, keys, [token, client = ""]) {
    let [freed, told, rivals] = [false, 0, false];
    for (const [lock, line] of paired(keys)) {
      if (client !== "") dequeue(store, line, client);
      if (store.get(lock) !== token) continue;
      store.delete(lock);
      freed = true;
      const first = client === "" ? "" : nextOf(store, line);
      rivals ||= first !== "";
      told += store.publish(line, first);
    }
    if (!freed) return 0;
    return rivals ? -1 - told : 1 + told;
  },

  "mutex.leave"(store, keys, [client = ""]) {
    for (const key of keys) dequeue(store, key, client);
    return 1;
  },
};

/** See `sibling` in mutex.lua. */
function sibling(key: string, kind: string): string {
  return key.slice(0, key.lastIndexOf(":") + 1) + kind;
}

function paired(keys: readonly string[]): readonly (readonly [lock: string, other: string])[] {
  return Array.from({ length: keys.length / 2 }, (_, index) => [
    keys[2 * index] ?? "",
    keys[2 * index + 1] ?? "",
  ]);
}

function endless({ remaining }: { readonly remaining: number }): number {
  return remaining === -1 ? Infinity : remaining;
}
