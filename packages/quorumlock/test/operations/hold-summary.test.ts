import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { IoredisInstance } from "../../src/instances/ioredis.ts";
import { MemoryStore } from "../../src/instances/memory-store.ts";
import { readSummary, summaryIn, writeSummary } from "../../src/operations/hold-summary.ts";
import { perform } from "../../src/operations/perform.ts";
import { testServers } from "../support/server-access.ts";

const [server] = await testServers(1);
const { admin } = server!;
const client = new Redis(server!.server.port);
const instance = new IoredisInstance(client);
afterAll(() => client.disconnect());

const DAY = 86_400_000;
const KEY = "lock:~ttl:{x}order:*";

/** What is stored before, whether a write of "new" replaces it, and what a reader finds. */
const CASES: readonly (readonly [
  what: string,
  stored: string | undefined,
  ttlMs: number,
  isReplaced: boolean,
  read: string,
])[] = [
  ["nothing", undefined, 0, true, ""],
  ["a fresh summary", "old", DAY - 1_000, false, "old"],
  ["a summary that is not fresh", "old", DAY - 40_000, true, "old"],
  ["a summary that lasts for too long", "old", DAY + 60_000, true, "old"],
  ["a summary without an expiry", "old", Infinity, true, "old"],
  ["a long text", "x".repeat(300), DAY - 1_000, true, ""],
  ["a long text of few characters", "é".repeat(200), DAY - 1_000, true, ""],
];

test.each(CASES)("%s: Lua and its twin read and write alike", async (_, stored, ttlMs, isReplaced, read) => {
  const store = new MemoryStore(systemClock);
  await admin.flushall();
  if (stored !== undefined) {
    store.set(KEY, stored, ttlMs);
    await (ttlMs === Infinity ? admin.set(KEY, stored) : admin.set(KEY, stored, "PX", ttlMs));
  }
  for (const request of [readSummary(KEY), writeSummary(KEY, "new", DAY, 30_000), readSummary(KEY)]) {
    const [reply] = await instance.run([request]);
    expect(perform(store, request)).toEqual(reply);
  }
  expect(summaryIn(perform(store, readSummary(KEY)))).toBe(isReplaced ? "new" : read);
  const [before, after] = [await admin.get(KEY), store.get(KEY)];
  expect(before).toBe(isReplaced ? "new" : stored);
  expect(after).toBe(before);
  const left = await admin.pttl(KEY);
  expect(left).toBeLessThanOrEqual(DAY);
  expect(left).toBeGreaterThan(0);
});

test("a key of another type counts as missing, and is replaced by a write", async () => {
  const store = new MemoryStore(systemClock);
  await admin.flushall();
  await admin.hset(KEY, "a", "b");
  store.setField(KEY, "a", "b");
  for (const request of [readSummary(KEY), writeSummary(KEY, "new", DAY, 30_000)]) {
    const [reply] = await instance.run([request]);
    expect(reply).toEqual([1, ""]);
    expect(perform(store, request)).toEqual(reply);
  }
  expect(await admin.get(KEY)).toBe("new");
  expect(store.get(KEY)).toBe("new");
});
