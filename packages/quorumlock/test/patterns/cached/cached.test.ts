import { describe, expect, test } from "vitest";
import {
  CircuitBreaker,
  CircuitOpenError,
  type Lockable,
  LockAbortedError,
  LockClosedError,
  LockLostError,
  LockTimeoutError,
  QuorumError,
  withCircuitBreaker,
} from "../../../src/index.ts";
import { ComputeError, RunTimeoutError } from "../../../src/patterns/index.ts";
import { outcomeOf } from "../../support/outcome.ts";
import { rejection } from "../../support/timing.ts";
import { settle } from "../../support/virtual-clock.ts";
import { type CacheProcess, cacheWorld, slowWork } from "./cache-world.ts";

describe("one computation", () => {
  test("for 5 processes with 100 callers each; all get the same value", async () => {
    const world = cacheWorld();
    const work = slowWork(world.clock, 1_000);
    const processes = Array.from({ length: 5 }, () => world.process());
    const calls = processes.flatMap(({ cache }) => Array.from({ length: 100 }, () => cache.get("a", work)));
    await world.clock.advance(1_500);
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["value 1"]));
    expect(work.started).toBe(1);
    expect(processes.flatMap(({ events }) => events)).toEqual([
      ["cache:computed", { key: "a", durationMs: 1_000, isRefresh: false }],
    ]);
  });

  test("costs what the documentation says", async () => {
    const world = cacheWorld();
    const work = slowWork(world.clock, 1_000);
    const [winner, loser] = [world.process(), world.process()];
    const won = winner.cache.get("a", work);
    await settle();
    await world.clock.advance(500);
    expect([world.countRounds(), world.store.calls]).toEqual([1, ["get v:a", "get v:a"]]);
    const lost = loser.cache.get("a", work);
    await world.clock.advance(499);
    // The refused acquisition, and the look of the observer.
    expect([world.countRounds(), world.store.calls.length]).toEqual([3, 3]);
    await world.clock.advance(1);
    expect(await Promise.all([won, lost])).toEqual(["value 1", "value 1"]);
    expect(world.countRounds()).toBe(4);
    expect(world.store.calls).toEqual(["get v:a", "get v:a", "get v:a", "replace v:a", "get v:a"]);
    const before = world.countRounds();
    expect(await loser.cache.get("a", work)).toBe("value 1");
    expect([world.countRounds(), world.store.calls.length]).toEqual([before, 6]);
  });

  test("caches null, 0, false, empty texts and objects, as JSON has them", async () => {
    const world = cacheWorld();
    const [first, second] = [world.process(), world.process()];
    for (const value of [null, 0, false, "", [], { a: [1, { b: null }] }]) {
      const key = JSON.stringify(value);
      expect(await first.cache.get(key, () => value)).toEqual(value);
      expect(await second.cache.get(key, () => "another")).toEqual(value);
    }
    const date = new Date(0);
    expect(await first.cache.get("date", () => date)).toBe(date.toJSON());
    expect(await rejection(first.cache.get("bigint", () => 5n))).toBeInstanceOf(TypeError);
    expect(await rejection(first.cache.get("function", () => () => 1))).toMatchObject({
      message: expect.stringContaining("value: a function (no name) cannot be JSON"),
    });
  });

  test("of a winner that dies is done again after its lease, by one of the others", async () => {
    const world = cacheWorld();
    const work = slowWork(world.clock, 1_000);
    const processes = Array.from({ length: 4 }, () => world.process());
    const token = `${"d".repeat(32)}@dead:1`;
    for (const instance of world.instances) instance.set("lock:cache:a", token, 5_000);
    const calls = processes.map(({ cache }) => outcomeOf(world.clock, cache.get("a", work)));
    await world.clock.advance(4_990);
    expect(work.started).toBe(0);
    await world.clock.advance(3_000);
    expect(calls.map(({ value }) => value)).toEqual(["value 1", "value 1", "value 1", "value 1"]);
    expect({ ...work }).toMatchObject({ started: 1, peak: 1 });
  });

  test("is not repeated by a process that gets the lock after it", async () => {
    const world = cacheWorld();
    const work = slowWork(world.clock, 100);
    const [slow, fast] = [world.process(), world.process()];
    // It has read that there is no value, before the other process has begun.
    world.store.delayMs.get = 500;
    const late = outcomeOf(world.clock, slow.cache.get("a", work));
    await settle();
    world.store.delayMs.get = 0;
    const first = outcomeOf(world.clock, fast.cache.get("a", work));
    await world.clock.advance(600);
    expect([first.value, late.value]).toEqual(["value 1", "value 1"]);
    expect(work.started).toBe(1);
  });

  test("is not seen by callers after a delete, and its late result is refused", async () => {
    const world = cacheWorld();
    const work = slowWork(world.clock, 1_000);
    const [first, second] = [world.process(), world.process()];
    const before = first.cache.get("a", work);
    await world.clock.advance(500);
    await second.cache.delete("a");
    await first.cache.delete("a");
    const after = first.cache.get("a", work);
    await world.clock.advance(501);
    expect(await before).toBe("value 1");
    await world.clock.advance(1_500);
    expect(await after).toBe("value 2");
    expect(first.events).toContainEqual(["cache:write:skipped", { key: "a", reason: "changed" }]);
    expect(await second.cache.get("a", work)).toBe("value 2");
    expect(work.started).toBe(2);
  });

  test.each([true, false])(
    "is not stored if its key was deleted twice in its process (store with replace: %s)",
    async (canReplace) => {
      const world = cacheWorld({}, canReplace);
      let source = 1;
      const work = async (): Promise<number> => {
        const read = source;
        await new Promise<void>((resolve) => void world.clock.setTimer(1_000, resolve, false));
        return read;
      };
      const { cache } = world.process();
      // The first deletion comes before its computation begins.
      world.store.delayMs.get = 100;
      const before = cache.get("a", work);
      await settle();
      await cache.delete("a");
      await world.clock.advance(600);
      source = 2;
      await cache.delete("a");
      world.store.delayMs.get = 0;
      await world.clock.advance(2_000);
      expect(await before).toBe(1);
      const after = cache.get("a", work);
      await world.clock.advance(2_000);
      expect(await after).toBe(2);
    },
  );

  test("of a key of any length has a lock and a place in the store", async () => {
    const world = cacheWorld();
    const long = "é".repeat(201);
    const { cache } = world.process();
    expect(await cache.get(long, () => 1)).toBe(1);
    expect(await cache.get(`${long}x`, () => 2)).toBe(2);
    expect(await cache.get(long, () => 3)).toBe(1);
    for (const call of world.store.calls) expect(call).toMatch(/^(get|replace) v:sha256:[0-9a-f]{64}$/);
  });
});

describe("a computation that fails", () => {
  test("gives its error to all that wait, the same object in its process, and is not cached", async () => {
    const world = cacheWorld();
    const error = Object.assign(new RangeError("no such report"), { code: "NO_REPORT" });
    const work = slowWork(world.clock, 100, (nth) => {
      if (nth === 1) throw error;
      return nth;
    });
    const [winner, loser] = [world.process(), world.process()];
    const own = [winner.cache.get("a", work), winner.cache.get("a", work)].map(rejection);
    await settle();
    const remote = [loser.cache.get("a", work), loser.cache.get("a", work)].map(rejection);
    await world.clock.advance(200);
    expect(await Promise.all(own)).toEqual([error, error]);
    expect((await own[0]) === error && (await own[1]) === error).toBe(true);
    const [seen] = await Promise.all(remote);
    expect(seen).toBeInstanceOf(ComputeError);
    expect(seen).toMatchObject({
      code: "COMPUTE_FAILED",
      key: "a",
      remote: { name: "RangeError", message: "no such report", code: "NO_REPORT" },
    });
    expect(work.started).toBe(1);
    const next = outcomeOf(world.clock, loser.cache.get("a", work));
    await world.clock.advance(200);
    expect(next.value).toBe(2);
  });

  test("is computed anew by a caller that comes after its release, also within the time that its error is kept", async () => {
    const world = cacheWorld();
    const failing = world.process();
    expect(await rejection(failing.cache.get("a", () => Promise.reject(new Error("down"))))).toEqual(
      new Error("down"),
    );
    const work = slowWork(world.clock, 100);
    const [second, third] = [world.process(), world.process()];
    // The second holds the lock, and the third waits for it: the error of the first is not theirs.
    const calls = [second.cache.get("a", work)];
    await settle();
    calls.push(third.cache.get("a", work));
    await world.clock.advance(200);
    expect(await Promise.all(calls)).toEqual(["value 1", "value 1"]);
  });

  test("does not give its error to those who wait for a later winner that died", async () => {
    const world = cacheWorld();
    const { cache } = world.process();
    await rejection(cache.get("a", () => Promise.reject(new Error("down"))));
    const token = `${"d".repeat(32)}@dead:1`;
    for (const instance of world.instances) instance.set("lock:cache:a", token, 2_000);
    const outcome = outcomeOf(
      world.clock,
      world.process().cache.get("a", () => "found"),
    );
    await world.clock.advance(2_100);
    expect(outcome).toMatchObject({ state: "fulfilled", value: "found" });
  });

  test.each([
    [
      "that throws synchronously",
      () => {
        throw new Error("at once");
      },
    ],
    ["whose event listener throws", () => "fine"],
  ])("or a computation %s, leaves no lock", async (_, compute) => {
    const world = cacheWorld();
    const { cache } = world.process();
    cache.on("cache:computed", () => {
      throw new Error("listener");
    });
    await cache.get("a", compute).catch(() => undefined);
    expect(world.instances.map((instance) => instance.get("lock:cache:a"))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("a computation that does not end", () => {
  test("is aborted after computeTimeout, and RunTimeoutError reaches all", async () => {
    const world = cacheWorld();
    const work = slowWork(world.clock, 10_000_000);
    const processes = Array.from({ length: 3 }, () => world.process());
    const calls = processes.map(({ cache }) => outcomeOf(world.clock, cache.get("a", work)));
    await world.clock.advance(29_999);
    expect(calls.map(({ state }) => state)).toEqual(["pending", "pending", "pending"]);
    await world.clock.advance(1);
    expect(calls.filter(({ state }) => state === "rejected")).toHaveLength(1);
    expect({ ...work }).toMatchObject({ started: 1, aborted: 1 });
    // The lock is released when the computation has had its time to end.
    await world.clock.advance(5_000);
    for (const { value } of calls) expect(value).toBeInstanceOf(RunTimeoutError);
    expect(calls[0]!.value).toMatchObject({ job: "a", limit: 30_000, code: "RUN_TIMEOUT" });
    expect(work.started).toBe(1);
  });

  test("but whose callers leave is aborted when the last one does, and keeps its lock until it has ended", async () => {
    const world = cacheWorld();
    const work = slowWork(world.clock, 2_000);
    const { cache } = world.process();
    const [first, second] = [new AbortController(), new AbortController()];
    const calls = [first, second].map(({ signal }) =>
      outcomeOf(world.clock, cache.get("a", work, { signal })),
    );
    await world.clock.advance(500);
    first.abort(new Error("left"));
    await settle();
    expect(calls[0]).toMatchObject({
      state: "rejected",
      value: { code: "LOCK_ABORTED", cause: new Error("left") },
    });
    expect(calls[0]!.value).toBeInstanceOf(LockAbortedError);
    expect([calls[1]!.state, work.aborted]).toEqual(["pending", 0]);
    second.abort();
    await settle();
    expect(work.aborted).toBe(1);
    const next = outcomeOf(world.clock, cache.get("a", work));
    await world.clock.advance(1_490);
    expect({ ...work }).toMatchObject({ started: 1, peak: 1 });
    await world.clock.advance(2_100);
    expect(next.value).toBe("value 2");
    expect(work.peak).toBe(1);
  });

  test("a caller that leaves does not cancel the others", async () => {
    const world = cacheWorld();
    const work = slowWork(world.clock, 1_000);
    const { cache } = world.process();
    const controller = new AbortController();
    const leaving = rejection(cache.get("a", work, { signal: controller.signal }));
    const staying = [cache.get("a", work), cache.get("a", work, { signal: new AbortController().signal })];
    await world.clock.advance(500);
    controller.abort();
    expect(await leaving).toBeInstanceOf(LockAbortedError);
    await world.clock.advance(600);
    expect(await Promise.all(staying)).toEqual(["value 1", "value 1"]);
    expect({ ...work }).toMatchObject({ started: 1, aborted: 0 });
  });
});

describe("stale values", () => {
  const staleWorld = () => {
    const world = cacheWorld({ ttl: 10_000, staleFor: 60_000 });
    return { world, process: world.process() };
  };

  test("are served at once, while one process computes the next value", async () => {
    const { world, process } = staleWorld();
    const work = slowWork(world.clock, 1_000);
    const [one, two] = [process, world.process()];
    const first = one.cache.get("a", work);
    await world.clock.advance(1_000);
    await first;
    await world.clock.advance(9_500);
    expect(await Promise.all([one, two].map(({ cache }) => cache.get("a", work)))).toEqual([
      "value 1",
      "value 1",
    ]);
    await settle();
    expect(work.started).toBe(2);
    expect(await one.cache.get("a", work)).toBe("value 1");
    await world.clock.advance(1_100);
    expect(await two.cache.get("a", work)).toBe("value 2");
    expect({ ...work }).toMatchObject({ started: 2, peak: 1 });
    expect([...one.events, ...two.events]).toContainEqual([
      "cache:computed",
      { key: "a", durationMs: 1_000, isRefresh: true },
    ]);
  });

  test("stay if the refresh fails, and the failure is an event", async () => {
    const { world, process } = staleWorld();
    await process.cache.get("a", () => "old");
    await world.clock.advance(20_000);
    expect(await process.cache.get("a", () => Promise.reject(new Error("down")))).toBe("old");
    await settle();
    expect(process.events).toContainEqual([
      "cache:refresh:failed",
      { key: "a", error: expect.objectContaining({ message: "down" }) },
    ]);
    await world.clock.advance(1_000);
    expect(await process.cache.get("a", () => "new")).toBe("old");
    await settle();
    expect(await process.cache.get("a", () => "newest")).toBe("new");
  });

  test("end after staleFor", async () => {
    const { world, process } = staleWorld();
    await process.cache.get("a", () => "old");
    await world.clock.advance(70_000);
    expect(await process.cache.get("a", () => "new")).toBe("new");
  });

  test("are removed by a refresh that finds nothing", async () => {
    const { world, process } = staleWorld();
    await process.cache.get("a", () => "old");
    await world.clock.advance(20_000);
    expect(await process.cache.get("a", () => undefined)).toBe("old");
    await settle();
    expect(await process.cache.get("a", () => undefined)).toBeUndefined();
  });

  test("are refreshed for at most 16 keys at a time", async () => {
    const { world, process } = staleWorld();
    const work = slowWork(world.clock, 1_000);
    for (let key = 0; key < 20; key++) await process.cache.get(`k${key}`, () => "old");
    await world.clock.advance(20_000);
    for (let key = 0; key < 20; key++) expect(await process.cache.get(`k${key}`, work)).toBe("old");
    await settle();
    expect(work.running).toBe(16);
    await world.clock.advance(1_100);
    expect(await process.cache.get("k19", work)).toBe("old");
    await settle();
    expect(work.started).toBe(17);
  });
});

describe("freshness", () => {
  test("counts from the start of the computation", async () => {
    const world = cacheWorld({ ttl: 10_000 });
    const work = slowWork(world.clock, 4_000);
    const { cache } = world.process();
    const first = cache.get("a", work);
    await world.clock.advance(4_000);
    await first;
    await world.clock.advance(5_999);
    expect(await cache.get("a", work)).toBe("value 1");
    await world.clock.advance(1);
    const second = outcomeOf(world.clock, cache.get("a", work));
    await world.clock.advance(4_000);
    expect(second.value).toBe("value 2");
  });

  test("of a computation that takes longer than the ttl: those who waited get its value, later callers compute", async () => {
    const world = cacheWorld({ ttl: 500 });
    const work = slowWork(world.clock, 2_000);
    const processes = Array.from({ length: 3 }, () => world.process());
    const calls = processes.map(({ cache }) => outcomeOf(world.clock, cache.get("a", work)));
    await world.clock.advance(2_100);
    expect(calls.map(({ value }) => value)).toEqual(["value 1", "value 1", "value 1"]);
    expect(work.started).toBe(1);
    void processes[0]!.cache.get("a", work);
    await settle();
    expect(work.started).toBe(2);
    await world.clock.advance(2_100);
  });

  test("is off by as much as clocks are, and nothing else happens", async () => {
    const world = cacheWorld({ ttl: 10_000 });
    const work = slowWork(world.clock, 100);
    const processes = [0, 3_000, -5_000, 5_000].map((offsetMs) => world.process({}, { offsetMs }));
    const calls = processes.map(({ cache }) => outcomeOf(world.clock, cache.get("a", work)));
    await world.clock.advance(200);
    expect(calls.map(({ value }) => value)).toEqual(["value 1", "value 1", "value 1", "value 1"]);
    expect(work.started).toBe(1);
    await world.clock.advance(4_000);
    // One clock is 5 s ahead, so it still has 0.8 s, and the value 10 s of the first process.
    for (const { cache } of processes) expect(await cache.get("a", work)).toBe("value 1");
    await world.clock.advance(1_000);
    const ahead = outcomeOf(world.clock, processes[3]!.cache.get("a", work));
    expect(await processes[0]!.cache.get("a", work)).toBe("value 1");
    await world.clock.advance(200);
    expect(ahead.value).toBe("value 2");
  });

  test("with jitter lasts between ttl × (1 − jitter) and ttl", async () => {
    for (const [random, lifetimeMs] of [
      [0, 10_000],
      [0.5, 7_500],
      [0.999_999, 5_001],
    ] as const) {
      const world = cacheWorld({ ttl: 10_000, jitter: 0.5 });
      const { cache } = world.process();
      world.clock.nextRandom = random;
      await cache.get("a", () => 1);
      await world.clock.advance(lifetimeMs - 2);
      expect(await cache.get("a", () => 2)).toBe(1);
      await world.clock.advance(3);
      expect(await cache.get("a", () => 2)).toBe(2);
    }
  });
});

describe("undefined", () => {
  test("is not cached by default, and those who waited get it from one computation", async () => {
    const world = cacheWorld();
    const work = slowWork(world.clock, 100, () => undefined);
    const processes = Array.from({ length: 4 }, () => world.process());
    const calls = processes.map(({ cache }) => outcomeOf(world.clock, cache.get("a", work)));
    await world.clock.advance(300);
    for (const call of calls) expect(call).toMatchObject({ state: "fulfilled", value: undefined });
    expect(work.started).toBe(1);
    const next = outcomeOf(world.clock, processes[0]!.cache.get("a", work));
    await world.clock.advance(300);
    expect(next.state).toBe("fulfilled");
    expect(work.started).toBe(2);
  });

  test("is cached for negativeTtl", async () => {
    const world = cacheWorld({ negativeTtl: 2_000 });
    const { cache } = world.process();
    expect(await cache.get("a", () => undefined)).toBeUndefined();
    await world.clock.advance(1_999);
    expect(await cache.get("a", () => "found")).toBeUndefined();
    await world.clock.advance(1);
    expect(await cache.get("a", () => "found")).toBe("found");
  });
});

describe("a lost lock", () => {
  /** The client of a process loses its lock: its servers forget it, and another process takes it. */
  async function takeOver(world: ReturnType<typeof cacheWorld>): Promise<void> {
    for (const instance of world.instances) instance.set("lock:cache:a", `${"e".repeat(32)}@other:1`, 3_000);
    await world.clock.advance(4_000);
  }

  test.each([true, false])("is followed by no write (store with replace: %s)", async (canReplace) => {
    const world = cacheWorld({}, canReplace);
    const work = slowWork(world.clock, 10_000);
    const process = world.process();
    const call = outcomeOf(world.clock, process.cache.get("a", work));
    await world.clock.advance(100);
    await takeOver(world);
    expect(work.aborted).toBe(1);
    await world.clock.advance(6_000);
    expect(call).toMatchObject({ state: "fulfilled", value: "value 1" });
    expect(process.events).toContainEqual(["cache:write:skipped", { key: "a", reason: "lost" }]);
    expect(world.store.written).toEqual([]);
  });

  test("that ends the computation is followed by another try", async () => {
    const world = cacheWorld();
    let started = 0;
    const compute = ({ signal }: { readonly signal: AbortSignal }): Promise<string> => {
      started += 1;
      if (started > 1) return Promise.resolve("second");
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error)),
      );
    };
    const call = outcomeOf(world.clock, world.process().cache.get("a", compute));
    await world.clock.advance(100);
    await takeOver(world);
    expect(call).toMatchObject({ state: "fulfilled", value: "second" });
    expect(started).toBe(2);
  });

  test("a process that was paused between its check and its write does not overwrite a later entry", async () => {
    const world = cacheWorld();
    const slow = world.process();
    const call = slow.cache.get("a", () => "old");
    // The write is on its way for longer than the lease.
    world.store.delayMs.replace = 900;
    await settle();
    world.store.delayMs.replace = 0;
    for (const instance of world.instances) instance.delete("lock:cache:a");
    expect(await world.process().cache.get("a", () => "new")).toBe("new");
    await world.clock.advance(1_000);
    expect(await call).toBe("old");
    expect(await slow.cache.get("a", () => "newest")).toBe("new");
    expect(slow.events).toContainEqual(["cache:write:skipped", { key: "a", reason: "changed" }]);
  });
});

describe("a store", () => {
  test.each(["fails", "never answers"])(
    "whose get %s is no miss for all at once: one computation runs at a time",
    async (how) => {
      const world = cacheWorld();
      if (how === "fails") world.store.failing.add("get");
      else world.store.delayMs.get = Infinity;
      const work = slowWork(world.clock, 500);
      const processes = Array.from({ length: 3 }, () => world.process());
      const calls = processes.flatMap(({ cache }) =>
        Array.from({ length: 10 }, () => outcomeOf(world.clock, cache.get("a", work))),
      );
      await world.clock.advance(20_000);
      for (const call of calls) expect(call.state).toBe("fulfilled");
      expect({ ...work }).toMatchObject({ started: 3, peak: 1 });
      expect(processes[0]!.events[0]).toEqual([
        "cache:store:failed",
        { key: "a", operation: "get", error: expect.any(Error) },
      ]);
    },
  );

  test("that stays unreadable ends the wait of losers", async () => {
    const world = cacheWorld({ wait: 3_000 });
    world.store.failing.add("get");
    const work = slowWork(world.clock, 2_000);
    const processes = Array.from({ length: 4 }, () => world.process());
    const calls = processes.map(({ cache }) => outcomeOf(world.clock, cache.get("a", work)));
    await world.clock.advance(5_000);
    const rejected = calls.filter(({ state }) => state === "rejected");
    expect(rejected).toHaveLength(2);
    for (const { value } of rejected) expect(value).toBeInstanceOf(LockTimeoutError);
    expect({ ...work }).toMatchObject({ started: 2, peak: 1 });
  });

  test.each([true, false])(
    "whose write fails gives the value to this process, with an event (replace: %s)",
    async (canReplace) => {
      const world = cacheWorld({}, canReplace);
      const operation = canReplace ? "replace" : "set";
      world.store.failing.add(operation);
      const { cache, events } = world.process();
      expect(await cache.get("a", () => 1)).toBe(1);
      expect(events).toContainEqual([
        "cache:store:failed",
        { key: "a", operation, error: expect.objectContaining({ message: `${operation} failed` }) },
      ]);
      world.store.failing.clear();
      expect(await cache.get("a", () => 2)).toBe(2);
      expect(await cache.get("a", () => 3)).toBe(2);
    },
  );

  test("is slow: each call is limited by storeTimeout, and a late answer is dropped", async () => {
    const world = cacheWorld({ storeTimeout: 200 });
    world.store.delayMs.get = 201;
    const { cache } = world.process();
    const call = outcomeOf(
      world.clock,
      cache.get("a", () => 1),
    );
    await world.clock.advance(399);
    expect(call.state).toBe("pending");
    await world.clock.advance(1);
    expect(call).toMatchObject({ state: "fulfilled", value: 1 });
  });

  test("rejects a delete that failed", async () => {
    for (const [canReplace, operation] of [
      [true, "set"],
      [false, "delete"],
    ] as const) {
      const world = cacheWorld({}, canReplace);
      const { cache } = world.process();
      await cache.get("a", () => 1);
      world.store.failing.add(operation);
      expect(await rejection(cache.delete("a"))).toMatchObject({ message: `${operation} failed` });
      world.store.failing.clear();
      await cache.delete("a");
      expect(await cache.get("a", () => 2)).toBe(2);
    }
  });

  test("with texts of another program has no value", async () => {
    for (const text of [
      "",
      "x",
      "{}",
      "null",
      `${"0".repeat(32)} {"t":"x"}`,
      JSON.stringify({ t: 1, d: 1 }),
    ]) {
      const world = cacheWorld({}, false);
      await world.store.set("v:a", text, 60_000);
      expect(await world.process().cache.get("a", () => 1)).toBe(1);
    }
  });
});

describe("without a quorum", () => {
  const cut = (world: ReturnType<typeof cacheWorld>): void => {
    for (const instance of world.instances) instance.disconnect();
  };

  test("a stale value is served, and a missing one is a QuorumError", async () => {
    const world = cacheWorld({ ttl: 1_000, staleFor: 600_000 });
    const { cache, events } = world.process({}, { requestTimeout: 100 });
    await cache.get("a", () => "old");
    await world.clock.advance(2_000);
    cut(world);
    expect(await cache.get("a", () => "new")).toBe("old");
    const missing = outcomeOf(
      world.clock,
      cache.get("b", () => "new"),
    );
    await world.clock.advance(5_000);
    expect(missing.value).toBeInstanceOf(QuorumError);
    expect(events.map(([name]) => name)).toContain("cache:refresh:failed");
  });

  test("with unlocked it computes once in each process", async () => {
    const world = cacheWorld({ unlocked: "process" });
    const work = slowWork(world.clock, 100);
    const processes = [0, 1].map(() => world.process({}, { requestTimeout: 100 }));
    await Promise.all(processes.map(({ redlock }) => redlock.query("x")));
    cut(world);
    const calls = processes
      .flatMap(({ cache }) => [cache.get("a", work), cache.get("a", work)])
      .map((call) => outcomeOf(world.clock, call));
    await world.clock.advance(5_000);
    for (const call of calls) expect(call.state).toBe("fulfilled");
    expect(work.started).toBe(2);
    expect(await processes[0]!.cache.get("a", work)).toMatch(/^value/);
    expect(work.started).toBe(2);
  });
});

describe("unlocked", () => {
  const cut = (world: ReturnType<typeof cacheWorld>): void => {
    for (const instance of world.instances) instance.disconnect();
  };

  test("also computes while a circuit breaker is open; otherwise get rejects with its error", async () => {
    const world = cacheWorld();
    const breakerOf = () => {
      const breaker = new CircuitBreaker({ failureThreshold: 1 });
      return { wrap: (lockable: Lockable) => withCircuitBreaker(lockable, breaker) };
    };
    const client = { requestTimeout: 100 };
    const unlocked = world.process({ unlocked: "process", ...breakerOf() }, client);
    const locked = world.process(breakerOf(), client);
    await Promise.all([unlocked, locked].map(({ redlock }) => redlock.query("x")));
    cut(world);
    const work = slowWork(world.clock, 100);
    for (const expected of [QuorumError, CircuitOpenError]) {
      const key = expected.name;
      const calls = [unlocked, locked].map(({ cache }) => outcomeOf(world.clock, cache.get(key, work)));
      await world.clock.advance(5_000);
      expect(calls.map(({ state }) => state)).toEqual(["fulfilled", "rejected"]);
      expect(calls[1]!.value).toBeInstanceOf(expected);
    }
    expect(work.started).toBe(2);
  });

  test("does not repeat a computation that throws an error of locks itself", async () => {
    const world = cacheWorld({ unlocked: "process" });
    const error = new QuorumError(["another"], "too few", []);
    const work = slowWork(world.clock, 100, () => {
      throw error;
    });
    const call = outcomeOf(world.clock, world.process().cache.get("a", work));
    await world.clock.advance(1_000);
    expect(call).toMatchObject({ state: "rejected", value: error });
    expect(work.started).toBe(1);
  });
});

test("the lock of a long computation extends itself, also if the client says that its locks do not", async () => {
  const world = cacheWorld({ lockTtl: 1_000, ttl: 60_000, staleFor: 60_000 });
  const work = slowWork(world.clock, 10_000);
  const processes = [0, 1].map(() => world.process({}, { autoExtend: false }));
  const calls = processes.map(({ cache }) => outcomeOf(world.clock, cache.get("a", work)));
  await world.clock.advance(11_000);
  expect(calls.map(({ value }) => value)).toEqual(["value 1", "value 1"]);
  expect(work.started).toBe(1);
  // And that of a refresh.
  await world.clock.advance(60_000);
  for (const { cache } of processes) expect(await cache.get("a", work)).toBe("value 1");
  await world.clock.advance(9_000);
  for (const { cache } of processes) expect(await cache.get("a", work)).toBe("value 1");
  await world.clock.advance(2_000);
  expect(await processes[1]!.cache.get("a", work)).toBe("value 2");
  expect({ ...work }).toMatchObject({ started: 2, aborted: 0 });
});

describe("close", () => {
  test("ends searches, releases locks, waits for them, and refuses later calls", async () => {
    const world = cacheWorld();
    const work = slowWork(world.clock, 1_000);
    const { cache, redlock } = world.process();
    const call = outcomeOf(world.clock, cache.get("a", work));
    const waiting = outcomeOf(world.clock, world.process().cache.get("a", work));
    await world.clock.advance(100);
    const closing = outcomeOf(world.clock, cache.close());
    await settle();
    expect(call.value).toBeInstanceOf(LockClosedError);
    expect(call.value).toMatchObject({ names: ["cache:a"] });
    expect([closing.state, work.aborted]).toEqual(["pending", 1]);
    await world.clock.advance(900);
    expect(closing.state).toBe("fulfilled");
    expect(await rejection(cache.get("a", work))).toBeInstanceOf(LockClosedError);
    await world.clock.advance(1_100);
    expect(waiting).toMatchObject({ state: "fulfilled", value: "value 2" });
    await redlock.close();
  });

  test("of the client ends searches, too", async () => {
    const world = cacheWorld();
    const work = slowWork(world.clock, 1_000);
    const [winner, loser] = [world.process(), world.process()];
    void winner.cache.get("a", work);
    await world.clock.advance(100);
    const call = outcomeOf(world.clock, loser.cache.get("a", work));
    await settle();
    await loser.redlock.close();
    expect(call.value).toBeInstanceOf(LockClosedError);
    await world.clock.advance(1_000);
  });

  test("leaves no timer that keeps the process running", async () => {
    const world = cacheWorld();
    const processes: readonly CacheProcess[] = [world.process(), world.process()];
    const work = slowWork(world.clock, 100);
    const calls = processes.map(({ cache }) => cache.get("a", work));
    await world.clock.advance(500);
    await Promise.all(calls);
    for (const { cache, redlock } of processes) {
      await cache.close();
      await redlock.close();
    }
    expect(world.clock.keepAliveTimers).toBe(0);
  });
});

test.each([
  [
    "that throws",
    () => {
      throw new Error("no policy today");
    },
    /no policy today/,
  ],
  ["that returns no lockable", () => 5 as never, /wrap: it returned 5, which is no Lockable/],
])("get rejects with a wrap %s", async (_, wrap, message) => {
  const { cache } = cacheWorld().process({ wrap });
  expect(await rejection(cache.get("a", () => 1))).toMatchObject({
    message: expect.stringMatching(message),
  });
  await cache.delete("a");
});

test("wrap puts a policy around each lock", async () => {
  const world = cacheWorld();
  const wrapped: string[] = [];
  const { cache } = world.process({
    wrap: (lockable) => {
      wrapped.push(lockable.name);
      return lockable;
    },
  });
  expect(await cache.get("a", () => 1)).toBe(1);
  expect(wrapped).toEqual(["cache:a"]);
});

test("a lost lock is no error of the computation", async () => {
  const error = new LockLostError(["cache:a"], "expired");
  const world = cacheWorld();
  expect(await rejection(world.process().cache.get("a", () => Promise.reject(error)))).toBe(error);
});
