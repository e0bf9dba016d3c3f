import { Redis } from "ioredis";
import { afterAll, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { IoredisInstance } from "../../src/instances/ioredis.ts";
import { MemoryStore } from "../../src/instances/memory-store.ts";
import { hashSlot } from "../../src/operations/hash-slot.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { MAX_REPORT_LIFE_MS } from "../../src/operations/limits.ts";
import { perform } from "../../src/operations/perform.ts";
import {
  listReports,
  readReportTexts,
  removeReport,
  reportListIn,
  reportsIn,
  writeReport,
} from "../../src/operations/report.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { testServers } from "../support/server-access.ts";

// The Lua of the reports, and its twin, side by side.

const [server] = await testServers(1);
const { admin } = server!;
const client = new Redis(server!.server.port);
const instance = new IoredisInstance(client);
afterAll(() => client.disconnect());

const keys = keySpaceOf("lock:");
const [stored, surplus] = keys.reportLists;
let store: MemoryStore;
beforeEach(async () => {
  store = new MemoryStore(systemClock);
  await admin.flushall();
});

/** Carries a request out on both, and returns the reply, which must be the same. Times may differ by the time between both. */
async function both(request: Request): Promise<Reply> {
  const [reply] = await instance.run([request]);
  const twin = perform(store, request);
  const rounded = (each: Reply): unknown =>
    typeof each === "number"
      ? each
      : each.map((part) => (typeof part === "number" && part > 10_000 ? "about 15 s" : part));
  expect(rounded(twin)).toEqual(rounded(reply!));
  return reply!;
}

/** Entries of a list, in both. `endsInMs`: from now. */
async function fill(list: string, count: number, endsInMs: number): Promise<void> {
  const endsAt = Date.now() + endsInMs;
  const ids = Array.from({ length: count }, (_, index) => `filler-${index}`);
  for (const id of ids) store.addMember(list, id, endsAt);
  await admin.zadd(list, ...ids.flatMap((id) => [String(endsAt), id]));
}

test("a report is stored, listed, read and removed, and nothing is left", async () => {
  expect(await both(writeReport(keys, "one", "text é"))).toEqual([1, 1]);
  expect(await both(writeReport(keys, "two", "other"))).toEqual([1, 1]);
  expect(reportListIn(await both(listReports(keys))).ids.toSorted()).toEqual(["one", "two"]);
  const [one, none] = reportsIn(await both(readReportTexts(keys, ["one", "none"])));
  expect(one?.text).toBe("text é");
  expect(one?.ageMs).toBeLessThan(5_000);
  expect(none).toBeUndefined();
  for (const key of [stored, keys.report("one")]) {
    for (const left of [await admin.pttl(key), store.remaining(key)]) {
      expect(left).toBeGreaterThan(10_000);
      expect(left).toBeLessThanOrEqual(MAX_REPORT_LIFE_MS);
    }
  }
  // One of a process that died.
  await fill(stored, 1, -1);
  for (const id of ["one", "two"]) await both(removeReport(keys, id));
  expect(await admin.keys("*")).toEqual([]);
  expect(store.keys()).toEqual([]);
});

test("of more than 1,000 processes, the rest is only counted, and moves up when there is room", async () => {
  await fill(stored, 1_000, 10_000);
  expect(await both(writeReport(keys, "late", "text"))).toEqual([1, 0]);
  expect(reportListIn(await both(listReports(keys)))).toMatchObject({ surplus: 1 });
  expect(reportListIn(await both(listReports(keys))).ids).not.toContain("late");
  expect(await admin.exists(keys.report("late"))).toBe(0);
  await both(removeReport(keys, "filler-7"));
  expect(await both(writeReport(keys, "late", "text"))).toEqual([1, 1]);
  expect(reportListIn(await both(listReports(keys)))).toMatchObject({ surplus: 0 });
  // One that is stored stays so.
  expect(await both(writeReport(keys, "late", "newer"))).toEqual([1, 1]);
  expect(await admin.zcard(stored)).toBe(1_000);
});

test("the count of the surplus is bounded too", async () => {
  await fill(stored, 1_000, 10_000);
  await fill(surplus, 10_000, 10_000);
  expect(await both(writeReport(keys, "late", "text"))).toEqual([1, 0]);
  expect([await admin.zcard(surplus), store.members(surplus).length]).toEqual([10_000, 10_000]);
});

test.each([
  ["dead", -1],
  ["from before a step of the clock", 3_600_000],
])("entries that are %s are removed by a write", async (_, endsInMs) => {
  await fill(stored, 1_000, endsInMs);
  expect(await both(writeReport(keys, "one", "text"))).toEqual([1, 1]);
  expect(await admin.zrange(stored, "0", "-1")).toEqual(["one"]);
  expect(store.members(stored).map(([id]) => id)).toEqual(["one"]);
});

test("keys of another type count as missing, and a write replaces them", async () => {
  for (const key of [stored, surplus, keys.report("one")]) {
    await admin.hset(key, "a", "b");
    store.setField(key, "a", "b");
  }
  expect(await both(listReports(keys))).toEqual([1, 0]);
  expect(await both(readReportTexts(keys, ["one"]))).toEqual([1, "", 0]);
  expect(await both(writeReport(keys, "one", "text"))).toEqual([1, 1]);
  expect(reportListIn(await both(listReports(keys))).ids).toEqual(["one"]);
});

test("a removal of keys of another type removes them", async () => {
  for (const key of [stored, surplus, keys.report("one")]) {
    await admin.hset(key, "a", "b");
    store.setField(key, "a", "b");
  }
  expect(await both(removeReport(keys, "one"))).toEqual([1]);
  expect([...(await admin.keys("*")), ...store.keys()]).toEqual([]);
});

test("a text that is too long is not read", async () => {
  const long = "é".repeat(5_000);
  await admin.set(keys.report("one"), long);
  store.set(keys.report("one"), long, Infinity);
  expect(await both(readReportTexts(keys, ["one"]))).toEqual([1, "", 0]);
});

test("all keys of reports lie in the hash slot of the marker, and begin with the prefix", () => {
  for (const prefix of ["lock:", "", "{tenant}:", "a}b"]) {
    const space = keySpaceOf(prefix);
    for (const key of [...space.reportLists, space.report("0".repeat(32))]) {
      expect(hashSlot(key)).toBe(hashSlot(space.marker));
      expect(key.startsWith(`${prefix}~report`)).toBe(true);
    }
  }
});
