import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, test } from "vitest";
import { type LockEventName, type LockEvents, MemoryInstance, Redlock } from "../../src/index.ts";
import { Events } from "../../src/base/events.ts";

const OF_A_LOCK = [
  "lock:acquire:started",
  "lock:wait:started",
  "lock:wait:ended",
  "lock:handed-over",
  "lock:acquire:succeeded",
  "lock:acquire:failed",
  "lock:extended",
  "lock:extend:failed",
  "lock:converted",
  "lock:released",
  "lock:detached",
  "lock:attached",
  "lock:lost",
] as const satisfies readonly LockEventName[];

interface Seen {
  readonly name: string;
  readonly event: Record<string, unknown>;
}

/** A client, and its events of locks in their order. */
function observed(instances = 3): { redlock: Redlock; seen: Seen[]; names: () => string[] } {
  // A pause of a busy machine must not look like a silent instance.
  const redlock = Redlock.memory({ instances, owner: "me", requestTimeout: 60_000 });
  const seen = record(redlock);
  return { redlock, seen, names: () => seen.map(({ name, event }) => `${name} ${String(event["id"])}`) };
}

function record(redlock: Redlock): Seen[] {
  const seen: Seen[] = [];
  for (const name of OF_A_LOCK)
    redlock.on(name, (event: LockEvents[LockEventName]) => seen.push({ name, event: { ...event } }));
  return seen;
}

function last(seen: readonly Seen[], name: LockEventName): Record<string, unknown> {
  return seen.findLast((entry) => entry.name === name)!.event;
}

describe("the events of a lock", () => {
  test("tell one course under one id, from the call to the release", async () => {
    const { redlock, seen, names } = observed();
    const lock = await redlock.acquire("a", { ttl: 20_000, wait: 7_000 });
    await lock.extend(30_000);
    await lock.release();
    expect(names()).toEqual([
      "lock:acquire:started 1",
      "lock:acquire:succeeded 1",
      "lock:extended 1",
      "lock:released 1",
    ]);
    expect(seen[0]!.event).toEqual({
      id: 1,
      names: ["a"],
      kind: "mutex",
      mode: "exclusive",
      ttlMs: 20_000,
      waitMs: 7_000,
    });
    const { token, fence } = lock;
    expect(seen[1]!.event).toMatchObject({
      token,
      fence,
      ttlMs: 20_000,
      waitMs: 7_000,
      attempts: 1,
      rounds: 1,
    });
    expect(seen[1]!.event["votes"]).toBeGreaterThanOrEqual(2);
    expect(seen[2]!.event).toMatchObject({ token, fence, ttlMs: 30_000 });
    expect(seen[2]!.event["remainingMs"]).toBeGreaterThan(20_000);
  });

  test("say when a caller begins and stops to wait, and that the lock was handed over", async () => {
    const { redlock, seen, names } = observed();
    const first = await redlock.acquire("a");
    const second = redlock.acquire("a");
    await new Promise((resolve) => setImmediate(resolve));
    expect(names().slice(2)).toEqual(["lock:acquire:started 2", "lock:wait:started 2"]);
    await first.release();
    await (await second).release();
    expect(names().slice(4)).toEqual([
      "lock:released 1",
      "lock:wait:ended 2",
      "lock:handed-over 2",
      "lock:acquire:succeeded 2",
      "lock:released 2",
    ]);
    expect(last(seen, "lock:handed-over")).toEqual({
      id: 2,
      names: ["a"],
      from: first.token,
      token: (await second).token,
      fence: (await second).fence,
    });
  });

  test("balance for callers that wait, give up, or end with the client", async () => {
    const { redlock, names } = observed();
    const held = await redlock.acquire("a");
    const controller = new AbortController();
    const aborted = redlock.acquire("a", { signal: controller.signal }).catch(() => undefined);
    const late = redlock.acquire("a", { wait: 5 }).catch(() => undefined);
    const closed = redlock.acquire("a").catch(() => undefined);
    await late;
    controller.abort();
    await aborted;
    await redlock.close();
    await closed;
    const count = (name: string): number => names().filter((text) => text.startsWith(`${name} `)).length;
    expect(count("lock:wait:started")).toBe(3);
    expect(count("lock:wait:ended")).toBe(3);
    expect(count("lock:acquire:failed")).toBe(3);
    expect(count("lock:lost")).toBe(1);
    expect(held.isHeld).toBe(false);
  });

  test.each<[string, string, (redlock: Redlock) => Promise<unknown>, number]>([
    ["contended", "LOCK_TIMEOUT", (redlock) => redlock.tryAcquire("held"), 0],
    ["contended", "LOCK_TIMEOUT", (redlock) => redlock.acquire("held", { wait: 5 }), 5],
    [
      "contended",
      "LOCK_TENANT_LIMIT",
      async (redlock) => {
        const tenant = redlock.tenant("t", { maxLocks: 1 });
        await tenant.mutex("one").acquire();
        return tenant.mutex("two").acquire({ wait: 5 });
      },
      5,
    ],
    ["aborted", "LOCK_ABORTED", (redlock) => redlock.acquire("a", { signal: AbortSignal.abort() }), 10_000],
    ["closed", "LOCK_CLOSED", (redlock) => redlock.close().then(() => redlock.acquire("a", { wait: 9 })), 9],
    [
      "refused",
      "LOCK_KIND",
      async (redlock) => {
        await redlock.readWrite("s").read.acquire();
        return redlock.semaphore("s", { permits: 2 }).acquire({ wait: 5 });
      },
      5,
    ],
    [
      "refused",
      "none",
      async (redlock) => {
        await redlock.semaphore("p", { permits: 2 }).resize(1);
        return redlock.semaphore("p", { permits: 2 }).acquire({ permits: 2, wait: 5 });
      },
      5,
    ],
  ])("have the reason %s for %s", async (reason, code, act, waitMs) => {
    const { redlock, seen } = observed();
    await redlock.acquire("held");
    await act(redlock).catch(() => undefined);
    const event = last(seen, "lock:acquire:failed");
    expect(event).toMatchObject({ reason, waitMs });
    expect((event["error"] as { code?: string }).code ?? "none").toBe(code);
  });

  test("have the reason no-quorum if too few instances answer", async () => {
    const instances = [new MemoryInstance(), new MemoryInstance(), new MemoryInstance()];
    const redlock = new Redlock(instances, { requestTimeout: 20 });
    const seen = record(redlock);
    for (const instance of instances.slice(1)) instance.kill();
    await redlock.acquire("a", { wait: 30 }).catch(() => undefined);
    expect(last(seen, "lock:acquire:failed")).toMatchObject({ reason: "no-quorum" });
  });

  test("say why a lock was lost, and who has it instead", async () => {
    const instances = [new MemoryInstance()];
    const redlock = new Redlock(instances);
    const seen = record(redlock);
    const taken = await redlock.acquire("a");
    instances[0]!.set("lock:a", `${"0".repeat(32)}@operator:anna`, 60_000);
    await taken.extend().catch(() => undefined);
    expect(last(seen, "lock:lost")).toMatchObject({ cause: "taken", takenBy: "operator:anna", names: ["a"] });
    const expired = await redlock.acquire("b", { ttl: 20, autoExtend: false });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(expired.isHeld).toBe(false);
    expect(last(seen, "lock:lost")).toMatchObject({ cause: "expired", takenBy: undefined, names: ["b"] });
    await redlock.acquire("c");
    await redlock.close();
    expect(last(seen, "lock:lost")).toMatchObject({ cause: "closed", names: ["c"] });
  });

  test("have the kind and the mode of each primitive", async () => {
    const { redlock, seen } = observed();
    const natureOf = async (lockable: {
      acquire(): Promise<{ release(): Promise<unknown> }>;
    }): Promise<string> => {
      await (await lockable.acquire()).release();
      const { kind, mode } = last(seen, "lock:acquire:succeeded");
      expect(last(seen, "lock:acquire:started")).toMatchObject({ kind, mode });
      return `${String(kind)} ${String(mode)}`;
    };
    expect(await natureOf(redlock.mutex(["a", "b"]))).toBe("mutex exclusive");
    expect(await natureOf(redlock.fair("f"))).toBe("fair exclusive");
    expect(await natureOf(redlock.readWrite("r").read)).toBe("modes shared");
    expect(await natureOf(redlock.readWrite("r").write)).toBe("modes exclusive");
    expect(await natureOf(redlock.hierarchy("x", "y"))).toBe("modes exclusive");
    expect(await natureOf(redlock.hierarchy("x", "y").shared)).toBe("modes shared");
    expect(await natureOf(redlock.semaphore("s", { permits: 2 }))).toBe("semaphore shared");
    const tenant = redlock.tenant("t", { maxLocks: 2 });
    expect(await natureOf(tenant.mutex("m"))).toBe("modes exclusive");
    expect(await natureOf(tenant.readWrite("m").read)).toBe("modes shared");
  });

  test("keep their id through a conversion and through its end, and count the whole time", async () => {
    const { redlock, seen, names } = observed();
    const read = await redlock.readWrite("r").read.acquire();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const write = await read.upgrade();
    await write.release();
    expect(names()).toEqual([
      "lock:acquire:started 1",
      "lock:acquire:succeeded 1",
      "lock:converted 1",
      "lock:released 1",
    ]);
    const { token, fence } = write;
    expect(last(seen, "lock:converted")).toEqual({
      id: 1,
      names: ["r"],
      mode: "exclusive",
      from: read.token,
      token,
      fence,
    });
    expect(last(seen, "lock:released")["heldMs"]).toBeGreaterThanOrEqual(19);
  });

  test("begin anew where a lock is attached", async () => {
    const instances = [new MemoryInstance()];
    const [here, there] = [new Redlock(instances), new Redlock(instances)];
    const [seenHere, seenThere] = [record(here), record(there)];
    const lock = await here.acquire("a", { ttl: 2_000 });
    const attached = await there.attach(await lock.detach());
    await attached.release();
    expect(seenHere.map(({ name }) => name)).toEqual([
      "lock:acquire:started",
      "lock:acquire:succeeded",
      "lock:extended",
      "lock:detached",
    ]);
    expect(seenThere.map(({ name }) => name)).toEqual(["lock:attached", "lock:released"]);
    expect(seenThere[0]!.event).toEqual({
      id: 1,
      names: ["a"],
      kind: "mutex",
      mode: "exclusive",
      token: lock.token,
      fence: lock.fence,
      ttlMs: 2_000,
    });
  });

  test("count the wait for a place in a pool", async () => {
    const { redlock, names } = observed();
    const pool = redlock.pool({ size: 1 });
    const first = await pool.mutex("a").acquire();
    const second = pool.mutex("b").acquire();
    await new Promise((resolve) => setImmediate(resolve));
    expect(names().filter((text) => text.startsWith("lock:wait"))).toHaveLength(1);
    await first.release();
    await (await second).release();
    expect(names().filter((text) => text.startsWith("lock:wait"))).toHaveLength(2);
  });

  test("end the wait for a place in a pool before the failure", async () => {
    const { redlock, names } = observed();
    const pool = redlock.pool({ size: 1 });
    await pool.mutex("a").acquire();
    const controller = new AbortController();
    const aborted = pool.mutex("b").acquire({ signal: controller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await aborted.catch(() => undefined);
    expect(names().slice(-3)).toEqual(["lock:wait:started 2", "lock:wait:ended 2", "lock:acquire:failed 2"]);
  });

  test("are emitted in the asynchronous context of the caller when an acquisition starts", async () => {
    const storage = new AsyncLocalStorage<string>();
    const redlock = Redlock.memory();
    const contexts: (string | undefined)[] = [];
    redlock.on("lock:acquire:started", () => contexts.push(storage.getStore()));
    await storage.run("request 1", () => redlock.using("a", () => undefined));
    await storage.run("request 2", () => redlock.using("a", () => undefined));
    expect(contexts).toEqual(["request 1", "request 2"]);
  });
});

test("an event without a listener is not built", () => {
  const events = new Events();
  let built = 0;
  const event = (): LockEvents["instance:up"] => ({ instance: "a", downMs: (built += 1) });
  events.to("instance:up")?.(event());
  const stop = events.on("instance:up", () => undefined);
  events.to("instance:up")?.(event());
  stop();
  events.to("instance:up")?.(event());
  expect(built).toBe(1);
});

test("a listener that was removed and added again hears each event once", () => {
  const events = new Events();
  const heard: string[] = [];
  const stopFirst = events.on("instance:up", () => heard.push("first"));
  stopFirst();
  events.on("instance:up", () => heard.push("second"));
  stopFirst();
  events.to("instance:up")?.({ instance: "a", downMs: 1 });
  expect(heard).toEqual(["second"]);
});
