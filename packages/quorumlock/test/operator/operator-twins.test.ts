import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { IoredisInstance } from "../../src/instances/ioredis.ts";
import { MemoryStore } from "../../src/instances/memory-store.ts";
import { operatorKind, operatorOperations, readNames, readNamesIn } from "../../src/operations/operator.ts";
import { perform } from "../../src/operations/perform.ts";
import { type ReplyList, request } from "../../src/operations/request.ts";
import { testServers } from "../support/server-access.ts";

const [server] = await testServers(1);
const { admin } = server!;
const client = new Redis(server!.server.port);
const instance = new IoredisInstance(client);
afterAll(() => client.disconnect());

const LOCK = "lock:a";
const [fenceKey] = operatorKind
  .acquire({ name: "a", holder: "" }, { token: "", prefix: "lock:", fence: 0, isWithdrawn: false }, 1, "")
  .keys.slice(1);
const FENCE = fenceKey!;

/** The value of the lock's key and its ttl, then what `replace` returns without the fence, what is stored, and for about how long. */
const CASES: readonly (readonly [
  what: string,
  stored: string | undefined,
  ttlMs: number,
  reply: "replaced" | "refused" | "repeated",
  value: string,
  leftMs: number,
])[] = [
  ["the holder", "holder", 40_000, "replaced", "operator", 40_000],
  ["the holder, whose key is about to expire", "holder", 300, "replaced", "operator", 300],
  ["another holder", "other", 40_000, "refused", "other", 40_000],
  ["the holder without an expiry", "holder", Infinity, "refused", "holder", -1],
  ["the operator", "operator", 40_000, "repeated", "operator", 40_000],
];

test.each(CASES)("%s: Lua and its twin do the same", async (_, stored, ttlMs, outcome, value, leftMs) => {
  const store = new MemoryStore(systemClock);
  await admin.flushall();
  if (stored !== undefined) {
    store.set(LOCK, stored, ttlMs);
    await (ttlMs === Infinity ? admin.set(LOCK, stored) : admin.set(LOCK, stored, "PX", ttlMs));
  }
  await admin.set(FENCE, "7");
  store.set(FENCE, "7", Infinity);
  const replace = request(operatorOperations.replace, [LOCK, FENCE], ["operator", "holder"]);
  const [reply] = await instance.run([replace]);
  const twin = perform(store, replace);
  const fence = { replaced: -8, repeated: -7, refused: undefined }[outcome];
  const expected = fence ?? [0, value];
  const [given, givenByTwin] = [reply, twin].map((each) =>
    typeof each === "number" ? each : [each?.[0], each?.[2]],
  );
  expect(given).toEqual(expected);
  expect(givenByTwin).toEqual(expected);
  expect(await admin.get(LOCK)).toBe(value);
  expect(store.get(LOCK)).toBe(value);
  expect(Math.abs((await admin.pttl(LOCK)) - leftMs)).toBeLessThan(200);
  expect(Math.abs(store.remaining(LOCK) - leftMs)).toBeLessThan(200);
  expect(await admin.get(FENCE)).toBe(String(Math.abs(fence ?? 7)));
  expect(store.get(FENCE)).toBe(await admin.get(FENCE));
  const restore = request(operatorOperations.restore, [LOCK], ["operator", "holder"]);
  const [restored] = await instance.run([restore]);
  expect(perform(store, restore)).toBe(restored);
  expect(restored).toBe(value === "operator" ? 1 : 0);
  expect(await admin.get(LOCK)).toBe(value === "operator" ? "holder" : value);
  expect(store.get(LOCK)).toBe(await admin.get(LOCK));
  expect(Math.abs((await admin.pttl(LOCK)) - leftMs)).toBeLessThan(200);
});

test("a server without its memory does not vote for an operator", async () => {
  const store = new MemoryStore(systemClock);
  await admin.flushall();
  await admin.set(LOCK, "holder", "PX", 9_000);
  store.set(LOCK, "holder", 9_000);
  const replace = request(operatorOperations.replace, [LOCK, FENCE], ["operator", "holder"]);
  const [reply] = await instance.run([replace]);
  const [twinStatus, twinError] = perform(store, replace) as [number, string];
  const [status, error] = reply as [number, string];
  expect([status, twinStatus]).toEqual([-1, -1]);
  expect(error).toContain("has lost its memory");
  expect(twinError).toContain("has lost its memory");
  expect(await admin.get(LOCK)).toBe("holder");
  expect(store.get(LOCK)).toBe("holder");
});

test("names are read with their modes: Lua and its twin report the same", async () => {
  const store = new MemoryStore(systemClock);
  await admin.flushall();
  const [now] = (await admin.time()).map(Number);
  const deadline = now! * 1_000 + 60_000;
  const sharedKeys = readNames(["two", "stale"], "lock:").keys.filter((key) => key.includes("~shared"));
  const strings = [
    ["lock:one", "holder"],
    ["lock:sole", "~s SIX reader"],
    ["lock:two", "~s"],
    ["lock:permits", "~p 1"],
    ["lock:forever", "holder"],
  ] as const;
  for (const [key, value] of strings) {
    const ttlMs = key === "lock:forever" ? Infinity : 60_000;
    store.set(key, value, ttlMs);
    await (ttlMs === Infinity ? admin.set(key, value) : admin.set(key, value, "PX", ttlMs));
  }
  for (const key of sharedKeys) {
    for (const [rank, member] of [
      [4, "reader"],
      [1, "intent"],
      [4, "dead"],
      [9, "unknown"],
    ] as const) {
      const score = rank * 1e14 + (member === "dead" ? 5 : deadline);
      store.addMember(key, member, score);
      await admin.zadd(key, score, member);
    }
  }
  await admin.set(FENCE, "7");
  store.set(FENCE, "7", Infinity);
  const names = ["a", "one", "sole", "two", "stale", "permits", "forever", "free"];
  const read = readNames(names, "lock:");
  const [reply] = await instance.run([read]);
  const results = [reply, perform(store, read)].map((each) => readNamesIn(names, each as ReplyList));
  const summary = results.map(({ names: found }) =>
    found.map(({ name, holds, isSemaphore, fence }) => ({
      name,
      isSemaphore,
      fence,
      holds: holds.map(({ token, mode, remainingMs }) => [token, mode, remainingMs > 55_000]),
    })),
  );
  expect(summary[0]).toEqual(summary[1]);
  const found = Object.fromEntries(summary[0]!.map((each) => [each.name, each]));
  expect(found.a!.fence).toBe(7);
  expect(found.one!.holds).toEqual([["holder", "X", true]]);
  expect(found.sole!.holds).toEqual([["reader", "SIX", true]]);
  expect(found.two!.holds).toEqual([
    ["reader", "S", true],
    ["intent", "IS", true],
  ]);
  // Without the gate, nobody holds the name.
  expect(found.stale!.holds).toEqual([]);
  expect(found.permits).toMatchObject({ isSemaphore: true, holds: [] });
  expect(results[0]!.names[6]!.holds[0]!.remainingMs).toBe(Infinity);
  expect(Math.abs(results[0]!.timeMs - results[1]!.timeMs)).toBeLessThan(5_000);
});
