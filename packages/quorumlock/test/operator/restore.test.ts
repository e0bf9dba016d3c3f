import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type Lock, Redlock } from "../../src/index.ts";
import {
  excludeEachOther,
  type HoldToRestore,
  type NameHold,
  raiseFencingCounters,
  readFencingCounters,
  readHolds,
  restoreHolds,
} from "../../src/operator/index.ts";
import { FRESH } from "../support/fresh.ts";
import { testServers } from "../support/server-access.ts";

const servers = await testServers(3);
const urls = servers.map(({ server }) => server.url);
const holder = new Redlock(urls, { ...FRESH, owner: "holder" });
const others = new Redlock(urls, { ...FRESH, owner: "others" });
const operator = new Redlock(urls, { ...FRESH, owner: "operator" });
afterAll(() => Promise.all([holder, others, operator].map((redlock) => redlock.close())));

let name = "";
let count = 0;
beforeEach(() => {
  count += 1;
  name = `restored-${count}`;
});

const TTL = { ttl: 20_000, autoExtend: false } as const;

function toRestore({ remainingMs, ...hold }: NameHold): HoldToRestore {
  return { ...hold, ttlMs: Math.max(...remainingMs.filter((each) => each !== undefined)) };
}

async function holdsOf(...names: readonly string[]): Promise<readonly NameHold[]> {
  return (await readHolds(operator, names)).holds;
}

/** Deletes what the servers know of names, as a restart without a file would. */
async function forget(...names: readonly string[]): Promise<void> {
  for (const { admin } of servers)
    for (const each of names) {
      const keys = await admin.keys(`*${each}`);
      if (keys.length > 0) await admin.del(keys);
    }
}

/** How many servers have the key of the name. */
async function presence(): Promise<number> {
  const found = await Promise.all(servers.map(({ admin }) => admin.exists(`lock:${name}`)));
  return found.reduce((sum, each) => sum + each, 0);
}

const KINDS: Readonly<Record<string, () => Promise<readonly Lock[]>>> = {
  "a plain lock": async () => [await holder.acquire(name, TTL)],
  "a fair lock": async () => [await holder.fair(name).acquire(TTL)],
  "a single reader": async () => [await holder.readWrite(name).read.acquire(TTL)],
  "two readers": async () => [
    await holder.readWrite(name).read.acquire(TTL),
    await others.readWrite(name).read.acquire(TTL),
  ],
  "a writer": async () => [await holder.readWrite(name).write.acquire(TTL)],
  "two permits of one holder and one of another": async () => [
    await holder.semaphore(name, { permits: 3 }).acquire({ ...TTL, permits: 2 }),
    await others.semaphore(name, { permits: 3 }).acquire(TTL),
  ],
};

test.each(Object.entries(KINDS))(
  "%s: comes back, its holders extend it, others do not enter",
  async (_, hold) => {
    const locks = await hold();
    const saved = await holdsOf(name);
    expect(saved).toHaveLength(locks.length);
    expect(saved.every(({ fence }) => locks.every((lock) => fence >= lock.fence))).toBe(true);
    await forget(name);
    const results = await restoreHolds(operator, saved.map(toRestore));
    for (const { restored, refused, failures } of results)
      expect([restored.length, refused, failures]).toEqual([3, [], []]);
    const present = await holdsOf(name);
    const core = ({ token, mode, slots }: NameHold): unknown => [token, mode, slots];
    expect(new Set(present.map(core))).toEqual(new Set(saved.map(core)));
    const longest = Math.max(...saved.flatMap(({ remainingMs }) => remainingMs.map((ms) => ms ?? 0)));
    for (const left of present.flatMap(({ remainingMs }) => remainingMs))
      expect(left).toBeLessThanOrEqual(longest);
    expect(await others.tryAcquire(name)).toBeNull();
    for (const lock of locks) {
      await lock.extend();
      await lock.release();
    }
    expect(await holdsOf(name)).toEqual([]);
  },
);

describe("a lock that another process holds by now", () => {
  test("is refused on every server that it is on, and stays with that process", async () => {
    const former = await holder.acquire(name, TTL);
    const saved = await holdsOf(name);
    await former.release();
    const present = await others.acquire(name, TTL);
    const [result] = await restoreHolds(operator, saved.map(toRestore));
    expect(result).toEqual({ restored: [], refused: expect.anything(), failures: [] });
    expect(result!.refused).toHaveLength(3);
    await present.extend();
    expect((await holdsOf(name)).map(({ token }) => token)).toEqual([present.token]);
    await present.release();
  });

  test("a minority that comes back holds nothing, and ends by itself", async () => {
    const former = await holder.acquire(name, TTL);
    const saved = await holdsOf(name);
    await former.release();
    const present = await others.acquire(name, TTL);
    await servers[2]!.admin.del(`lock:${name}`);
    const [result] = await restoreHolds(operator, saved.map(toRestore));
    expect(result!.restored).toHaveLength(1);
    await present.extend();
    expect(present.isHeld).toBe(true);
    await present.release();
    expect(await presence()).toBe(1);
    expect(await servers[2]!.admin.pttl(`lock:${name}`)).toBeGreaterThan(0);
    const next = await others.acquire(name, TTL);
    await next.release();
  });
});

test("no expiry moves back", async () => {
  const lock = await holder.acquire(name, TTL);
  const saved = await holdsOf(name);
  await restoreHolds(
    operator,
    saved.map((hold) => ({ ...toRestore(hold), ttlMs: 5 })),
  );
  expect(await servers[0]!.admin.pttl(`lock:${name}`)).toBeGreaterThan(10_000);
  await lock.release();
});

test("which holds exclude each other", () => {
  const [X, S, IX] = (["X", "S", "IX"] as const).map((mode) => ({ mode, slots: undefined }));
  const permits = (...slots: readonly number[]) => ({ mode: undefined, slots });
  expect(excludeEachOther(X!, S!)).toBe(true);
  expect(excludeEachOther(S!, S!)).toBe(false);
  expect(excludeEachOther(IX!, S!)).toBe(true);
  expect(excludeEachOther(permits(0, 1), permits(1))).toBe(true);
  expect(excludeEachOther(permits(0), permits(1))).toBe(false);
  expect(excludeEachOther(permits(0), S!)).toBe(true);
});

describe("fencing counters", () => {
  test("are raised to the saved values, and never go back", async () => {
    const before = await holder.acquire(name, TTL);
    await before.release();
    const saved = await readFencingCounters(operator);
    expect(saved).toMatchObject({ isComplete: true, failures: [] });
    expect(saved.instances).toHaveLength(3);
    const slot = saved.counters.find(({ fence }) => fence >= before.fence)!;
    const raised = await raiseFencingCounters(operator, [{ ...slot, fence: slot.fence + 1_000_000 }]);
    expect(raised.instances).toHaveLength(3);
    await raiseFencingCounters(operator, [{ ...slot, fence: 1 }]);
    const now = (await readFencingCounters(operator)).counters.find((each) => each.slot === slot.slot)!;
    expect(now.fence).toBeGreaterThanOrEqual(slot.fence + 1_000_000);
  });

  test("are not written to a server that has lost its memory, because they would hide that", async () => {
    const lock = await holder.acquire(name, TTL);
    await lock.release();
    const saved = await readFencingCounters(operator);
    await servers[0]!.admin.flushall();
    const raised = await raiseFencingCounters(operator, saved.counters);
    expect(raised.instances).toHaveLength(2);
    expect(raised.failures).toHaveLength(1);
    expect(await servers[0]!.admin.keys("lock:~fence:*")).toEqual([]);
  });
});

const BAD: readonly (readonly [string, Partial<HoldToRestore>])[] = [
  ["mode", { mode: undefined }],
  ["mode", { mode: "Z" as never }],
  ["slots", { mode: undefined, slots: [-1] }],
  ["fence", { fence: -1 }],
  ["fence", { fence: 9e15 }],
  ["ttlMs", { ttlMs: 0 }],
  ["ttlMs", { ttlMs: Infinity }],
  ["token", { token: "" }],
  ["name", { name: "~wake" }],
];

test.each(BAD)("a bad %s is refused before anything is sent: %o", async (field, change) => {
  const good: HoldToRestore = { name, token: "t", mode: "X", slots: undefined, fence: 1, ttlMs: 1_000 };
  await expect(restoreHolds(operator, [good, { ...good, ...change }])).rejects.toThrow(`${field}: `);
  expect(await presence()).toBe(0);
});
