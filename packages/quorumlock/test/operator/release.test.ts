import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type Lock, type LockEvents, Redlock } from "../../src/index.ts";
import { inspectLocks, lockNameOf, releaseForOperator } from "../../src/operator/index.ts";
import { FRESH } from "../support/fresh.ts";
import { testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";

const servers = await testServers(3);
const urls = servers.map(({ server }) => server.url);
const holder = new Redlock(urls, { ...FRESH, owner: "holder" });
const others = new Redlock(urls, { ...FRESH, owner: "others" });
const operator = new Redlock(urls, { ...FRESH, owner: "monitor" });
afterAll(() => Promise.all([holder, others, operator].map((redlock) => redlock.close())));

let name = "";
let count = 0;
beforeEach(() => {
  count += 1;
  name = `name-${count}`;
});

const release = (lock: Pick<Lock, "token">, mode: "drain" | "now"): ReturnType<typeof releaseForOperator> =>
  releaseForOperator(operator, { name, token: lock.token, mode, operator: "operator:anna" });

async function valuesOf(key: string): Promise<readonly (string | null)[]> {
  return Promise.all(servers.map(({ admin }) => admin.get(key)));
}

describe("a drained release", () => {
  test("keeps everybody out until the former lease is over, and the holder cannot extend it", async () => {
    const lock = await holder.acquire(name, { ttl: 1_500, autoExtend: false });
    const lost = new Promise<LockEvents["lock:lost"]>((resolve) => holder.on("lock:lost", resolve));
    const result = await release(lock, "drain");
    expect(result).toMatchObject({ released: true, why: undefined, of: 3 });
    expect(result.votes).toBeGreaterThanOrEqual(2);
    expect(result.newFence).toBeGreaterThan(lock.fence);
    expect(result.freeInMs).toBeGreaterThan(500);
    expect(result.freeInMs).toBeLessThanOrEqual(1_500);
    // The holder does not know it yet, and nobody else can hold the lock.
    expect(lock.isHeld).toBe(true);
    expect(await others.tryAcquire(name)).toBeNull();
    await expect(lock.extend()).rejects.toMatchObject({ code: "LOCK_LOST" });
    expect(await lost).toMatchObject({ cause: "taken", takenBy: "operator:anna", names: [name] });
    expect(await others.tryAcquire(name)).toBeNull();
    const next = await others.acquire(name, { wait: 5_000 });
    expect(next.fence).toBeGreaterThan(result.newFence!);
    await next.release();
  });

  test("never frees the lock before the lease of a holder that has just extended it", async () => {
    const lock = await holder.acquire(name, { ttl: 700, autoExtend: false });
    // The operator has read 700 ms, and the holder extends before the operator replaces the token.
    const releasing = release(lock, "drain");
    await Promise.allSettled([releasing, lock.extend(3_000)]);
    const deadline = performance.now() + lock.remaining();
    const next = await others.acquire(name, { wait: 6_000 });
    expect(performance.now()).toBeGreaterThanOrEqual(deadline - 5);
    await next.release();
    await lock.release();
  });

  test("is refused for a lock of another holder, and for a free one", async () => {
    const former = await holder.acquire(name);
    await former.release();
    expect(await release(former, "drain")).toMatchObject({ released: false, why: "free" });
    const present = await others.acquire(name);
    expect(await release(former, "drain")).toMatchObject({ released: false, why: "holder-changed" });
    expect(present.isHeld).toBe(true);
    await present.extend();
    await present.release();
    expect(await valuesOf(`lock:${name}`)).toEqual([null, null, null]);
  });

  test("is undone if too few servers answer, so that the holder goes on", async () => {
    const lock = await holder.acquire(name, { ttl: 20_000, autoExtend: false });
    const before = await Promise.all(servers.map(({ admin }) => admin.pttl(`lock:${name}`)));
    // One server has the token of somebody else, and one does not answer.
    servers[1]!.server.pause();
    try {
      await servers[2]!.admin.set(`lock:${name}`, "somebody", "PX", 20_000);
      const result = await release(lock, "drain");
      expect(result).toMatchObject({ released: false, why: "no-quorum" });
    } finally {
      servers[1]!.server.resume();
    }
    await servers[2]!.admin.set(`lock:${name}`, lock.token, "PX", 20_000);
    await eventually("the keys are back", async () =>
      (await valuesOf(`lock:${name}`)).every((value) => value === lock.token),
    );
    const after = await servers[0]!.admin.pttl(`lock:${name}`);
    expect(after).toBeGreaterThan(before[0]! - 15_000);
    await lock.extend();
    await lock.release();
  });

  test.each([
    ["a fair lock", () => holder.fair(name)],
    ["a write lock", () => holder.readWrite(name).write],
    ["a lock of a tree", () => holder.hierarchy(name)],
  ])("works for %s", async (_, lockable) => {
    const lock = await lockable().acquire({ ttl: 1_000, autoExtend: false });
    name = lock.names.at(-1)!;
    expect(await release(lock, "drain")).toMatchObject({ released: true });
    await expect(lock.extend()).rejects.toMatchObject({ code: "LOCK_LOST" });
    const next = await others.modes([{ name, mode: "X" }]).acquire({ wait: 4_000 });
    await next.release();
  });
});

describe("a release at once", () => {
  test("lets a waiter go on, and gives a fencing token above that of the former holder", async () => {
    const lock = await holder.acquire(name, { ttl: 30_000, autoExtend: false });
    const waiting = others.acquire(name, { wait: 10_000 });
    await eventually("it waits", async () => (await operator.query(name)).waiters === 1);
    const result = await release(lock, "now");
    expect(result).toMatchObject({ released: true, freeInMs: 0 });
    const next = await waiting;
    expect(next.fence).toBeGreaterThan(result.newFence!);
    expect(result.newFence).toBeGreaterThan(lock.fence);
    await expect(lock.extend()).rejects.toMatchObject({ code: "LOCK_LOST" });
    await next.release();
  });

  test("ends permits and shared holds by their own token", async () => {
    const semaphore = holder.semaphore(name, { permits: 2 });
    const [first, second] = [await semaphore.acquire(), await semaphore.acquire()];
    expect(await release(first, "drain")).toMatchObject({ released: false, why: "only-now" });
    const waiting = others.semaphore(name, { permits: 2 }).acquire({ wait: 10_000 });
    const line = operator.semaphore(name, { permits: 2 });
    await eventually("it waits", async () => (await line.query()).waiters === 1);
    expect(await release(first, "now")).toMatchObject({ released: true, newFence: undefined });
    const third = await waiting;
    expect(third.slots).toEqual(first.slots);
    await Promise.all([second.release(), third.release(), first.release()]);
    name = `${name}-shared`;
    const readers = await Promise.all([
      holder.readWrite(name).read.acquire(),
      others.readWrite(name).read.acquire(),
    ]);
    expect(await release(readers[0], "drain")).toMatchObject({ released: false, why: "only-now" });
    expect(await release(readers[0], "now")).toMatchObject({ released: true });
    await readers[1].release();
    const writer = await others.readWrite(name).write.acquire({ wait: 5_000 });
    await writer.release();
    await readers[0].release();
  });

  test("is the only choice for a key without an expiry", async () => {
    for (const { admin } of servers) await admin.set(`lock:${name}`, "forgotten");
    const forgotten = { token: "forgotten" };
    expect(await release(forgotten, "drain")).toMatchObject({ released: false, why: "only-now" });
    expect(await release(forgotten, "now")).toMatchObject({ released: true, newFence: undefined, votes: 3 });
    expect(await valuesOf(`lock:${name}`)).toEqual([null, null, null]);
  });
});

describe("an inspection", () => {
  test("reads every kind of lock from each server, in one call for all names", async () => {
    const names = ["mutex", "fair", "read", "write", "permits", "free"].map((each) => `${name}-${each}`);
    const [mutex, fair, read, write, permits, free] = names as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const locks = [
      await holder.acquire(mutex),
      await holder.fair(fair).acquire(),
      await holder.readWrite(read).read.acquire(),
      await others.readWrite(read).read.acquire(),
      await holder.readWrite(write).write.acquire(),
      await holder.semaphore(permits, { permits: 3 }).acquire({ permits: 2 }),
    ];
    const waiting = others.acquire(mutex, { wait: 10_000 });
    await eventually("it waits", async () => (await operator.query(mutex)).waiters === 1);
    const found = await inspectLocks(operator, names);
    expect(found.map((each) => each.name)).toEqual(names);
    for (const { instances } of found) {
      expect(instances.map(({ label }) => label)).toEqual(urls.map((url) => new URL(url).host));
      expect(instances.every(({ state }) => state === "answered")).toBe(true);
    }
    const holdersOf = (wanted: string): string[] =>
      found
        .find((each) => each.name === wanted)!
        .instances[0]!.holds.map(
          ({ owner, isShared, slots }) => `${owner} ${isShared} ${slots?.length ?? ""}`,
        )
        .toSorted();
    expect(holdersOf(mutex)).toEqual(["holder false "]);
    expect(holdersOf(fair)).toEqual(["holder false "]);
    expect(holdersOf(read)).toEqual(["holder true ", "others true "]);
    expect(holdersOf(write)).toEqual(["holder false "]);
    expect(holdersOf(permits)).toEqual(["holder true 2"]);
    expect(holdersOf(free)).toEqual([]);
    const [first] = found[0]!.instances;
    expect(first!.waiting).toHaveLength(1);
    expect(first!.holds[0]!.id).toBe(locks[0]!.token.slice(0, 8));
    expect(first!.holds[0]!.remainingMs).toBeGreaterThan(5_000);
    await Promise.all(locks.map((lock) => lock.release()));
    await (await waiting).release();
  });

  test("reports a server that does not answer, and does not wait for it longer than a request", async () => {
    const lock = await holder.acquire(name);
    servers[2]!.server.pause();
    try {
      const [found] = await inspectLocks(operator, [name]);
      expect(found!.instances.map(({ state }) => state)).toEqual(["answered", "answered", "no-answer"]);
      expect(found!.instances[2]!.error).toMatch(/./);
    } finally {
      servers[2]!.server.resume();
    }
    await lock.release();
  });

  test("knows the keys of locks by their name", () => {
    expect(lockNameOf("lock:order:42", "lock:")).toBe("order:42");
    expect(lockNameOf("lock:~fence:{x}", "lock:")).toBeUndefined();
    expect(lockNameOf("session:1", "lock:")).toBeUndefined();
    expect(lockNameOf("lock:", "lock:")).toBeUndefined();
  });
});

test("bad input of an operator is refused with the field and the value", async () => {
  const good = { name: "a", token: "t", mode: "drain", operator: "operator:anna" } as const;
  await expect(releaseForOperator(operator, { ...good, mode: "soft" as never })).rejects.toThrow(
    /^mode: "soft"/,
  );
  await expect(releaseForOperator(operator, { ...good, token: "" })).rejects.toThrow(/^token: /);
  await expect(releaseForOperator(operator, { ...good, operator: "" })).rejects.toThrow(/^owner: /);
  await expect(releaseForOperator(operator, { ...good, name: "" })).rejects.toThrow(/^name: /);
  await expect(releaseForOperator(operator, { ...good, force: true } as never)).rejects.toThrow(/^force: /);
  await expect(inspectLocks(operator, "a" as never)).rejects.toThrow(/^names: /);
  await expect(inspectLocks(operator, [""])).rejects.toThrow(/^names: /);
});
