import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { IoredisInstance } from "../../src/instances/ioredis.ts";
import { MemoryStore } from "../../src/instances/memory-store.ts";
import { operatorKind, operatorOperations } from "../../src/operations/operator.ts";
import { perform } from "../../src/operations/perform.ts";
import { request } from "../../src/operations/request.ts";
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
