import { expect, test } from "vitest";
import { Redlock } from "../../../src/index.ts";
import {
  cached,
  type CachedOptions,
  type CacheStore,
  keyvStore,
  mapStore,
  redisStore,
} from "../../../src/patterns/index.ts";
import { rejection } from "../../support/timing.ts";

const redlock = Redlock.memory();

test.each([
  [{}, /ttl: undefined must be a number/],
  [{ ttl: 0 }, /ttl: 0/],
  [{ ttl: 1.5 }, /ttl: 1.5/],
  [{ ttl: 30 * 86_400_000 + 1 }, /ttl: 2592000001/],
  [{ ttl: Number.NaN }, /ttl: NaN/],
  [{ ttl: 1, jitter: 0.91 }, /jitter: 0.91/],
  [{ ttl: 1, jitter: -0.1 }, /jitter: -0.1/],
  [{ ttl: 1, staleFor: -1 }, /staleFor: -1/],
  [{ ttl: 1, negativeTtl: Infinity }, /negativeTtl: Infinity/],
  [{ ttl: 1, earlyRefresh: 10.5 }, /earlyRefresh: 10.5/],
  [{ ttl: 1, computeTimeout: 0 }, /computeTimeout: 0/],
  [{ ttl: 1, wait: -1 }, /wait: -1/],
  [{ ttl: 1, lockTtl: 99 }, /lockTtl: 99/],
  [{ ttl: 1, lockTtl: 10_001 }, /lockTtl: 10001 must be a whole number from 100 to 10000/],
  [{ ttl: 1, storeTimeout: 60_001 }, /storeTimeout: 60001/],
  [{ ttl: 1, unlocked: true }, /unlocked: true/],
  [{ ttl: 1, wrap: 5 }, /wrap: 5/],
  [{ ttl: 1, stale: 5 }, /stale: there is no such option/],
  [{ ttl: 1, jitter: null }, /jitter: null/],
])("refuses %o", (options, message) => {
  expect(() => cached(redlock, mapStore(), options as CachedOptions)).toThrow(message);
});

test("refuses what is no client, no store and no Redis", () => {
  expect(() => cached({} as Redlock, mapStore(), { ttl: 1 })).toThrow(
    /redlock: an object \(Object\) must be a Redlock/,
  );
  expect(() => cached(redlock, new Map() as unknown as CacheStore, { ttl: 1 })).toThrow(
    /use mapStore\(map\)/,
  );
  expect(() => cached(redlock, { get: () => "" } as unknown as CacheStore, { ttl: 1 })).toThrow(
    /no method set/,
  );
  expect(() => redisStore({} as never)).toThrow(/no method get/);
  expect(() =>
    redisStore({ get() {}, set() {}, del() {}, eval() {} } as never, { prefx: "" } as never),
  ).toThrow(/prefx/);
  expect(() => keyvStore({ get() {} } as never)).toThrow(/no method set/);
  expect(() => mapStore({} as never)).toThrow(/map: /);
  expect(() => mapStore(new Map(), { maxEntries: 0 })).toThrow(/maxEntries: 0/);
});

test("refuses bad calls", async () => {
  const cache = cached(redlock, mapStore(), { ttl: 1_000 });
  const bad: readonly [Promise<unknown>, RegExp][] = [
    [cache.get("", () => 1), /key: ""/],
    [cache.get(5 as never, () => 1), /key: 5/],
    [cache.get("a", 5 as never), /compute: 5 must be a function/],
    [cache.get("a", () => 1, { signal: 1 } as never), /signal/],
    [cache.get("a", () => 1, { ttl: 1 } as never), /ttl/],
    [cache.delete(""), /key: ""/],
  ];
  for (const [call, message] of bad) expect(((await rejection(call)) as Error).message).toMatch(message);
  expect(() => cache.on("x" as never, () => undefined)).toThrow(/event: "x"/);
  expect(() => cache.on("cache:computed", 5 as never)).toThrow(/must be a function/);
  await cache.close();
});

test("a client with a short ttl has locks with this ttl", () => {
  const short = Redlock.memory({ ttl: 1_000 });
  expect(() => cached(short, mapStore(), { ttl: 1 })).not.toThrow();
  expect(() => cached(short, mapStore(), { ttl: 1, lockTtl: 1_001 })).toThrow(/lockTtl/);
});
