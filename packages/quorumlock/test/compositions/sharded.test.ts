import { readFileSync } from "node:fs";
import { crc32 as zlibCrc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { pool, sharded } from "../../src/index.ts";
import { crc32 } from "../../src/compositions/crc32.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring, world } from "../support/world.ts";

const page = readFileSync(new URL("../../../../docs/compositions.md", import.meta.url), "utf8");
const shardOf = (key: string, shards: number): number =>
  sharded(world(1).redlock, "x", { shards }).shardOf(key);

describe("the hash", () => {
  const vectors = [...page.matchAll(/^\| `(.+?)` +\| `([0-9a-f]{8})` +\| (\d+) +\| (\d+) +\|$/gm)].map(
    (match) => [...match],
  );

  test.each(vectors)("of the row %s in the docs is right", (_, key = "", hash, of16, of1000) => {
    expect(crc32(Buffer.from(key)).toString(16).padStart(8, "0")).toBe(hash);
    expect(shardOf(key, 16)).toBe(Number(of16));
    expect(shardOf(key, 1_000)).toBe(Number(of1000));
  });

  test("has vectors in the docs, also of texts that are not ASCII", () => {
    expect(vectors.length).toBeGreaterThan(5);
    expect(vectors.some(([, key = ""]) => /[^ -~]/.test(key))).toBe(true);
  });

  test("is the CRC-32 of zlib", () => {
    for (let index = 0; index < 500; index++) {
      const bytes = Uint8Array.from({ length: index }, (_, at) => (at * 131 + index * 17) & 255);
      expect(crc32(bytes)).toBe(zlibCrc32(bytes));
    }
  });
});

describe("keys are spread evenly", () => {
  const hex = (index: number): string => zlibCrc32(`seed ${index}`).toString(16).padStart(8, "0");
  const families: Readonly<Record<string, (index: number) => string>> = {
    "user-0 …": (index) => `user-${index}`,
    "000000 …": (index) => String(index).padStart(6, "0"),
    "orders in steps of 64": (index) => `order:${index * 64}`,
    "mail addresses": (index) => `${hex(index)}@example.com`,
    UUIDs: (index) => `${hex(index)}-0000-4000-8000-${hex(index + 1e6)}${hex(index).slice(4)}`,
    "tenant and id": (index) => `tenant/${index % 7}/item/${Math.floor(index / 7)}`,
    "not ASCII": (index) => `Straße ${index} 東京`,
  };

  test.each(Object.entries(families))("%s", (_, keyOf) => {
    const KEYS = 20_000;
    for (const shards of [2, 3, 10, 16, 64, 100, 1_000]) {
      const locks = sharded(world(1).redlock, "x", { shards });
      const counts = Array.from({ length: shards }, () => 0);
      for (let index = 0; index < KEYS; index++) counts[locks.shardOf(keyOf(index))]! += 1;
      const expected = KEYS / shards;
      const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      const degrees = shards - 1;
      // Random keys exceed five standard deviations less than once in a million runs.
      expect({ shards, chiSquare }).toSatisfy(() => chiSquare < degrees + 5 * Math.sqrt(2 * degrees) + 5);
    }
  });
});

describe("the lock of a key", () => {
  test("is the plain lock on the name of its shard", async () => {
    const { redlock } = world();
    const users = sharded(redlock, "users", { shards: 16 });
    const lock = await users.for("user-12345").acquire();
    expect(lock.names).toEqual([`users:shard:${users.shardOf("user-12345")}`]);
    expect(await redlock.tryAcquire(lock.names[0]!)).toBeNull();
    await lock.release();
  });

  test("excludes keys of its shard, and no others", async () => {
    const users = sharded(world().redlock, "users", { shards: 4 });
    const keys = Array.from({ length: 40 }, (_, index) => `user-${index}`);
    const held = await users.for(keys[0]!).acquire();
    for (const key of keys) {
      const lock = await users.for(key).tryAcquire();
      expect({ key, free: lock !== null }).toEqual({
        key,
        free: users.shardOf(key) !== users.shardOf(keys[0]!),
      });
      await lock?.release();
    }
    await held.release();
  });

  test("of several keys has each shard once", async () => {
    const users = sharded(world().redlock, "users", { shards: 2 });
    const keys = Array.from({ length: 10 }, (_, index) => `user-${index}`);
    const lock = await users.for(keys).acquire();
    expect(lock.names).toEqual(["users:shard:0", "users:shard:1"]);
    await lock.release();
    const same = keys.filter((key) => users.shardOf(key) === 1);
    expect(same.length).toBeGreaterThan(1);
    expect(users.for(same).name).toBe("users:shard:1");
  });
});

describe("all", () => {
  test("excludes every key, and waits until no key is held", async () => {
    const { clock, redlock } = world();
    const users = sharded(redlock, "users", { shards: 1_000 });
    const one = await users.for("user-1").acquire();
    expect(await users.all().tryAcquire()).toBeNull();
    // All or nothing: the attempt has left nothing.
    const other = await users.for("user-2").tryAcquire();
    expect(other).not.toBeNull();
    await other?.release();
    const waiting = users.all().acquire({ wait: 5_000 });
    await one.release();
    const all = await advanceDuring(clock, 100, waiting);
    expect(all.names).toHaveLength(1_000);
    expect(await users.for("user-3").tryAcquire()).toBeNull();
    await all.release();
  });
});

test("the locks can come from a pool", async () => {
  const { redlock } = world();
  const limited = pool(redlock, { size: 1 });
  const users = sharded(limited, "users", { shards: 4 });
  const lock = await users.for("a").acquire();
  expect(limited.stats()).toMatchObject({ inUse: 1 });
  await lock.release();
  expect(limited.stats()).toMatchObject({ inUse: 0 });
});

describe("bad input", () => {
  const { redlock } = world();

  test.each([0, -1, 1.5, 1_001, NaN, Infinity])("%s shards", (shards) => {
    expect(() => sharded(redlock, "x", { shards })).toThrow(
      new RangeError(`shards: ${shards} must be a whole number from 1 to 1000`),
    );
  });

  test("of other types, and unknown options", () => {
    expect(() => sharded(redlock, "x", { shards: "4" as never })).toThrow(/^shards: "4" must be a number/);
    expect(() => sharded(redlock, "x", undefined as never)).toThrow(/^options: undefined/);
    expect(() => sharded(redlock, "x", { shards: 4, shard: 5 } as never)).toThrow(/^shard: there is no such/);
    expect(() => sharded(redlock, 5 as never, { shards: 4 })).toThrow(/^name: 5 must be a string/);
  });

  test("names that no lock can have", () => {
    expect(() => sharded(redlock, "", { shards: 4 })).toThrow(/^name: "" must not be empty/);
    expect(() => sharded(redlock, "~x", { shards: 4 })).toThrow(/^name: .*reserved/);
    expect(() => sharded(redlock, "x".repeat(1_020), { shards: 4 })).toThrow(/^name: \d+ characters/);
  });

  test("keys", () => {
    const locks = sharded(redlock, "x", { shards: 4 });
    expect(() => locks.for("")).toThrow(new RangeError('key: "" must not be empty'));
    expect(() => locks.for(["a", ""])).toThrow(/^key: ""/);
    expect(() => locks.for([])).toThrow(/^names: the array is empty/);
    expect(() => locks.for(5 as never)).toThrow(new TypeError("key: 5 must be a string"));
    expect(() => locks.shardOf("\ud800")).toThrow(/^key: .*surrogate/);
  });

  test("leaves nothing behind", async () => {
    await rejection(sharded(redlock, "x", { shards: 4 }).for("a").acquire({ ttl: -1 }));
    await settle();
    expect(await redlock.tryAcquire("x:shard:0")).not.toBeNull();
  });
});

test("the methods of the client are the functions", async () => {
  const { redlock } = world();
  expect(redlock.sharded("users", { shards: 16 }).shardOf("a")).toBe(
    sharded(redlock, "users", { shards: 16 }).shardOf("a"),
  );
  const lock = await redlock.sharded("users", { shards: 16 }).for("a").acquire();
  expect(await sharded(redlock, "users", { shards: 16 }).for("a").tryAcquire()).toBeNull();
  await lock.release();
  const limited = redlock.pool({ size: 1 });
  const held = await limited.mutex("x").acquire();
  expect(limited.stats()).toMatchObject({ size: 1, inUse: 1 });
  await held.release();
});
