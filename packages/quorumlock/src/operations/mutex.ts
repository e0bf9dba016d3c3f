import { firstFence, readFence, writeFence } from "./fence-counter.ts";
import type { ResourceKeys } from "./keys.ts";
import { dequeue, enqueue, nextOf } from "./queue.ts";
import { NO, type Request, request, type Withdrawable, YES } from "./request.ts";
import type { Twin } from "./store.ts";

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
  /** `replaces`: the token of a holder who hands over. `client`: who waits, and is to be woken in its turn. */
  acquire: (
    resources: readonly ResourceKeys[],
    token: string,
    ttlMs: number,
    claim: Withdrawable,
    replaces?: string,
    client?: string,
  ): Request => {
    const args = [token, String(ttlMs)];
    if (replaces !== undefined || client !== undefined) args.push(replaces ?? "");
    if (client !== undefined) args.push(client);
    return request("mutex.acquire", pairs(resources), args, claim, true);
  },
  raise: (
    resources: readonly ResourceKeys[],
    token: string,
    ttlMs: number,
    fence: number,
    claim: Withdrawable,
  ): Request => request("mutex.raise", pairs(resources), [token, String(ttlMs), String(fence)], claim),
  extend: (
    resources: readonly ResourceKeys[],
    token: string,
    ttlMs: number,
    fence: number,
    claim: Withdrawable,
    { settles = false, shortens = false }: ExtensionKind = {},
  ): Request => {
    const args = [token, String(ttlMs), String(fence)];
    if (settles || shortens) args.push(settles ? "settle" : "");
    if (shortens) args.push(...resources.map(({ wake }) => wake));
    return request("mutex.extend", pairs(resources), args, claim);
  },
  /** `client`: who gives it back and leaves the line; nobody where a vote is withdrawn. */
  release: (resources: readonly ResourceKeys[], token: string, client = ""): Request =>
    request(
      "mutex.release",
      resources.flatMap(({ lock, queue }) => [lock, queue]),
      [token, client, ...resources.map(({ wake }) => wake)],
    ),
  leave: (resources: readonly ResourceKeys[], client: string): Request =>
    request(
      "mutex.leave",
      resources.map(({ queue }) => queue),
      [client],
    ),
};

function pairs(resources: readonly ResourceKeys[]): readonly string[] {
  const keys: string[] = [];
  for (const { lock, fence } of resources) keys.push(lock, fence);
  return keys;
}

export const mutexTwins: Readonly<Record<string, Twin>> = {
  "mutex.acquire"(store, keys, [token = "", ttl = "", given = "", client]) {
    const replaces = given === "" ? undefined : given;
    const locks = paired(keys).map(([lock]) => ({ lock, value: store.get(lock) }));
    const blocks = locks.flatMap(({ lock, value }) =>
      value === undefined || value === token || value === replaces
        ? []
        : [{ holder: value, remaining: store.remaining(lock) }],
    );
    if (client !== undefined) {
      for (const [, counter] of paired(keys)) enqueue(store, queueOf(counter), client, Number(ttl));
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
    if (replaces === undefined) return [YES, fence];
    return [YES, fence, locks.filter(({ value }) => value === replaces).length];
  },

  "mutex.raise"(store, keys, [token, ttl = "", fence = ""]) {
    if (paired(keys).some(([lock]) => store.get(lock) !== token)) return [NO];
    for (const [, counter] of paired(keys)) {
      writeFence(store, counter, Math.max(readFence(store, counter) ?? 0, Number(fence)), Number(ttl));
    }
    return [YES];
  },

  "mutex.extend"(store, keys, [token = "", ttl = "", fence = "", settle, ...channels]) {
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
    for (const channel of channels) store.publish(channel, "");
    return [YES];
  },

  "mutex.release"(store, keys, [token, client = "", ...channels]) {
    let freed = 0;
    let told = 0;
    paired(keys).forEach(([lock, queue], index) => {
      if (client !== "") dequeue(store, queue, client);
      if (store.get(lock) !== token) return;
      store.delete(lock);
      freed += 1;
      const first = client === "" ? "" : nextOf(store, queue);
      told += store.publish(channels[index] ?? "", first);
    });
    return [YES, freed, told];
  },

  "mutex.leave"(store, keys, [client = ""]) {
    for (const key of keys) dequeue(store, key, client);
    return [YES];
  },
};

/** See `queue_of` in mutex.lua. */
function queueOf(counter: string): string {
  return `${counter.slice(0, -"fence".length)}queue`;
}

function paired(keys: readonly string[]): readonly (readonly [lock: string, fence: string])[] {
  return Array.from({ length: keys.length / 2 }, (_, index) => [
    keys[2 * index] ?? "",
    keys[2 * index + 1] ?? "",
  ]);
}

function endless({ remaining }: { readonly remaining: number }): number {
  return remaining === -1 ? Infinity : remaining;
}
