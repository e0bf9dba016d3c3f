import { describe, expect, test } from "vitest";
import { LockAbortedError, LockClosedError, LockLostError, QuorumError } from "../../../src/index.ts";
import {
  lastRun,
  lockRecords,
  memoryRecords,
  type OnceOptions,
  type RecordStore,
  RunTimeoutError,
} from "../../../src/patterns/index.ts";
import { rejection } from "../../support/timing.ts";
import { settle } from "../../support/virtual-clock.ts";
import { OnceScene, TTL } from "./once-scene.ts";

/** The methods of a store, to replace some of them. */
const bound = (store: RecordStore): RecordStore => ({
  open: store.open.bind(store),
  put: store.put.bind(store),
  get: store.get.bind(store),
});
const never = (): Promise<never> => new Promise(() => undefined);

describe("one instant", () => {
  test("is run by one process, and the others learn what became of it", async () => {
    const scene = new OnceScene();
    const [one, two] = [scene.start(), scene.start()];
    const first = await scene.settle(one.call({}, async () => "report"));
    expect(first).toMatchObject({ outcome: "ran", value: "report", recorded: true, durationMs: 0 });
    const second = await scene.settle(two.call());
    expect(second).toMatchObject({
      outcome: "skipped",
      reason: "done",
      run: { scheduledAt: scene.instant, state: "done", attempt: 1, error: undefined },
    });
    expect(JSON.stringify(second)).not.toContain("claim");
    expect(scene.starts).toHaveLength(1);
    const last = await scene.settle(lastRun(two.redlock, "job"));
    expect(last).toMatchObject({
      scheduledAt: scene.instant,
      state: "done",
      durationMs: 0,
      error: undefined,
    });
    expect(await scene.settle(lastRun(two.redlock, "other"))).toBeUndefined();
  });

  test("costs 6 rounds for the winner, 2 for a loser, and 1 for a process that comes later", async () => {
    const scene = new OnceScene();
    const processes = [scene.start(), scene.start(), scene.start()];
    for (const { redlock } of processes) await redlock.using("warm", () => undefined);
    await scene.clock.advance(100);
    const rounds = async (call: () => Promise<unknown>): Promise<number> => {
      const [instance] = scene.instances;
      const before = instance!.runCalls;
      await call();
      await settle();
      return instance!.runCalls - before;
    };
    let loser = 0;
    const winner = await rounds(async () => {
      const result = processes[0]!.call({}, async () => {
        loser = await rounds(async () =>
          expect(await processes[1]!.call()).toEqual({ outcome: "skipped", reason: "running" }),
        );
      });
      expect(await result).toMatchObject({ outcome: "ran" });
    });
    const later = await rounds(async () =>
      expect(await processes[2]!.call()).toMatchObject({ reason: "done" }),
    );
    expect([winner - loser, loser, later]).toEqual([6, 2, 1]);
  });

  test("whose routine throws is recorded as failed, and its error is thrown", async () => {
    const scene = new OnceScene();
    const [one, two] = [scene.start(), scene.start()];
    const problem = new Error("no paper ".repeat(200));
    const failed = one.call({}, () => {
      throw problem;
    });
    expect(await scene.settle(rejection(failed))).toBe(problem);
    const result = await scene.settle(two.call({ attempts: 3 }));
    expect(result).toMatchObject({ reason: "failed", run: { state: "failed", attempt: 1 } });
    const last = await scene.settle(lastRun(two.redlock, "job"));
    expect(last?.error).toMatch(/^Error: no paper no paper/);
    expect(last?.error).toHaveLength(500);
  });

  test("another instant, and another name, run on their own", async () => {
    const scene = new OnceScene();
    const one = scene.start();
    for (const scheduledAt of [scene.instant, scene.instant + 1_000, scene.instant - 1_000])
      expect(await scene.settle(one.call({ scheduledAt }))).toMatchObject({ outcome: "ran" });
    expect(scene.starts).toHaveLength(3);
    const last = await scene.settle(lastRun(one.redlock, "job"));
    expect(last?.scheduledAt).toBe(scene.instant + 1_000);
  });

  test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
    "starts exactly once if 6 processes ask at the same time, with seed %i",
    async (seed) => {
      const scene = new OnceScene(3, seed);
      const calls = Array.from({ length: 6 }, (_, index) => scene.start(index * 900 - 2_500).call());
      const results = await scene.settle(Promise.all(calls));
      expect(scene.starts).toHaveLength(1);
      expect(results.filter(({ outcome }) => outcome === "ran")).toHaveLength(1);
    },
  );
});

describe("clocks", () => {
  test.each([-5_000, 5_000])("a process %i ms off finds a run of 1 ms done", async (offset) => {
    const scene = new OnceScene();
    const [one, two] = [scene.start(), scene.start(offset)];
    await scene.settle(one.call());
    // Its own clock reaches the instant now.
    if (offset < 0) await scene.clock.advance(-offset);
    expect(await scene.settle(two.call())).toMatchObject({ outcome: "skipped", reason: "done" });
    expect(scene.starts).toHaveLength(1);
  });

  test("a process an hour ahead waits until the instant is near, and then runs it", async () => {
    const scene = new OnceScene();
    const scheduledAt = scene.instant + 3_600_000;
    const early = scene.start(3_600_000).call({ scheduledAt, maxSkew: 5_000 });
    await scene.clock.advance(3_594_000);
    expect(scene.starts).toEqual([]);
    await scene.clock.advance(1_100);
    expect(scene.starts).toHaveLength(1);
    expect(await scene.settle(early)).toMatchObject({ outcome: "ran" });
  });

  test("a process an hour behind finds the instant done, or too late", async () => {
    const scene = new OnceScene();
    const behind = scene.start(-3_600_000);
    await scene.settle(scene.start().call({ keepFor: 7_200_000 }));
    await scene.clock.advance(3_600_000);
    expect(await scene.settle(behind.call())).toMatchObject({ reason: "done" });
    const missed = { scheduledAt: scene.instant - 1 };
    expect(await scene.settle(behind.call(missed))).toEqual({ outcome: "skipped", reason: "late" });
    expect(scene.starts).toHaveLength(1);
  });

  test("with `every`, the time of the servers decides, and not the clocks of the processes", async () => {
    const scene = new OnceScene();
    const every = 60_000;
    const offsets = [-3_600_000, 0, 3_600_000];
    for (let minute = 0; minute < 3; minute += 1) {
      const results = [];
      for (const offset of offsets) results.push(await scene.settle(scene.start(offset).call({ every })));
      expect(results.map(({ outcome }) => outcome)).toEqual(["ran", "skipped", "skipped"]);
      await scene.clock.advance(every);
    }
    expect(scene.starts).toHaveLength(3);
  });
});

/** Where a process dies or stops: after the servers have carried out an operation for the n-th time. */
const STEPS = [
  { step: "get", operation: "record.get", count: 1, begins: false },
  { step: "acquire", operation: "mutex.acquire", count: 1, begins: false },
  { step: "open", operation: "record.open", count: 1, begins: false },
] as const;

describe("a winner that dies", () => {
  test.each(STEPS)("after $step: another process runs it", async ({ operation, count }) => {
    const scene = new OnceScene();
    const [one, two] = [scene.start(), scene.start()];
    scene.after(operation, count, () => one.process.pause());
    void one.call();
    await scene.clock.advance(TTL + 1_000);
    expect(await scene.settle(two.call())).toMatchObject({ outcome: "ran" });
    expect(scene.starts).toHaveLength(1);
  });

  test.each([
    {
      attempts: 1,
      expected: { reason: "failed", run: { state: "failed", error: "worker died", attempt: 1 } },
      later: "failed",
      state: "failed",
      starts: 1,
    },
    { attempts: 2, expected: { outcome: "ran" }, later: "done", state: "done", starts: 2 },
  ])("in the routine, with $attempts attempts", async ({ attempts, expected, later, state, starts }) => {
    const scene = new OnceScene();
    const [one, two, three] = [scene.start(), scene.start(), scene.start()];
    void one.call({}, () => {
      one.process.pause();
      return never();
    });
    await scene.clock.advance(1_000);
    expect(await scene.settle(two.call({ attempts }))).toMatchObject({ reason: "running" });
    await scene.clock.advance(TTL + 1_000);
    const second = await scene.settle(two.call({ attempts }));
    expect(second).toMatchObject(expected);
    expect(await scene.settle(three.call({ attempts }))).toMatchObject({ reason: later });
    expect(scene.starts).toHaveLength(starts);
    expect(new Set(scene.starts).size).toBe(starts);
    expect(await scene.settle(lastRun(three.redlock, "job"))).toMatchObject({
      state,
    });
  });

  test("after a claim of which it has no answer: with one attempt nobody runs, with two somebody does", async () => {
    for (const attempts of [1, 2]) {
      const scene = new OnceScene();
      const [one, two] = [scene.start(), scene.start()];
      scene.after("record.put", 1, () => one.process.pause());
      void one.call({ attempts });
      await scene.clock.advance(TTL + 1_000);
      const result = await scene.settle(two.call({ attempts }));
      expect(result.outcome).toBe(attempts === 1 ? "skipped" : "ran");
      expect(scene.starts).toHaveLength(attempts - 1);
    }
  });

  test("after put(done), before the release: nothing runs again", async () => {
    const scene = new OnceScene();
    const [one, two] = [scene.start(), scene.start()];
    scene.after("record.put", 2, () => one.process.pause());
    void one.call({ attempts: 3 });
    await scene.clock.advance(TTL + 1_000);
    expect(await scene.settle(two.call({ attempts: 3 }))).toMatchObject({ reason: "done" });
    expect(scene.starts).toHaveLength(1);
  });

  test("attempts are counted over processes, and end", async () => {
    const scene = new OnceScene();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const dying = scene.start();
      void dying.call({ attempts: 3 }, (run) => {
        expect(run.attempt).toBe(attempt);
        dying.process.pause();
        return never();
      });
      await scene.clock.advance(TTL + 1_000);
    }
    expect(await scene.settle(scene.start().call({ attempts: 3 }))).toMatchObject({
      reason: "failed",
      run: { attempt: 3 },
    });
    expect(scene.starts).toHaveLength(3);
  });
});

describe("a winner that is frozen for longer than its lease", () => {
  test.each([
    { attempts: 1, other: "failed" },
    { attempts: 2, other: undefined },
  ])("between the claim and the start, with $attempts attempts: it does not start", async (row) => {
    const { attempts, other } = row;
    const scene = new OnceScene();
    const [one, two] = [scene.start(), scene.start()];
    scene.after("record.put", 1, () => one.process.pause());
    const frozen = one.call({ attempts });
    await scene.clock.advance(2 * TTL);
    const second = await scene.settle(two.call({ attempts }));
    expect(second).toMatchObject(other === undefined ? { outcome: "ran" } : { reason: other });
    one.process.resume();
    expect(await scene.settle(frozen)).toMatchObject({ outcome: "skipped", reason: other ?? "done" });
    expect(scene.starts).toHaveLength(attempts - 1);
  });

  test("in the routine: its signal aborts, and its late record is refused", async () => {
    const scene = new OnceScene();
    const [one, two, three] = [scene.start(), scene.start(), scene.start()];
    let signal: AbortSignal | undefined;
    let finish: (value: string) => void = () => undefined;
    const frozen = one.call({ attempts: 2 }, (run) => {
      ({ signal } = run);
      one.process.pause();
      return new Promise<string>((resolve) => (finish = resolve));
    });
    await scene.clock.advance(2 * TTL);
    expect(await scene.settle(two.call({ attempts: 2 }))).toMatchObject({ outcome: "ran", value: "value" });
    one.process.resume();
    await scene.clock.advance(100);
    expect(signal?.aborted).toBe(true);
    finish("late");
    const result = await scene.settle(frozen);
    expect(result).toMatchObject({ outcome: "lost", error: { code: "LOCK_LOST" } });
    expect(await scene.settle(three.call())).toMatchObject({ reason: "done", run: { attempt: 2 } });
    expect(scene.starts[1]).toBeGreaterThan(scene.starts[0]!);
    expect(await scene.settle(lastRun(three.redlock, "job"))).toMatchObject({ state: "done" });
  });

  test("and nobody took its place: the loss is recorded, and counts as an attempt", async () => {
    const scene = new OnceScene();
    const [one, two] = [scene.start(), scene.start()];
    const frozen = one.call({}, async ({ signal }) => {
      one.process.pause();
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    });
    await scene.clock.advance(2 * TTL);
    one.process.resume();
    expect(await scene.settle(frozen)).toMatchObject({ outcome: "lost" });
    expect(await scene.settle(two.call())).toMatchObject({ reason: "failed", run: { state: "lost" } });
    expect(await scene.settle(two.call({ attempts: 2 }))).toMatchObject({ outcome: "ran" });
  });
});

describe("limits", () => {
  test("a run that takes too long is aborted, and recorded as failed", async () => {
    const scene = new OnceScene();
    const [one, two] = [scene.start(), scene.start()];
    const slow = one.call({ atMostFor: 60_000 }, async ({ signal }) => {
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      return "too late";
    });
    await scene.clock.advance(59_900);
    expect(await scene.settle(two.call())).toMatchObject({ reason: "running" });
    const result = await scene.settle(slow, 1_000);
    expect(result).toMatchObject({
      outcome: "lost",
      error: { code: "RUN_TIMEOUT", job: "job", limit: 60_000 },
    });
    expect(result.outcome === "lost" && result.error).toBeInstanceOf(RunTimeoutError);
    expect(await scene.settle(two.call({ attempts: 5 }))).toMatchObject({ reason: "failed" });
    expect(scene.clock.keepAliveTimers).toBe(0);
  });

  test("a routine that does not stop is left after 5 s, and its result is ignored", async () => {
    const scene = new OnceScene();
    const slow = scene.start().call({ atMostFor: 100 }, never);
    await scene.clock.advance(5_000);
    expect(await Promise.race([slow, Promise.resolve("pending")])).toBe("pending");
    await scene.clock.advance(200);
    expect(await slow).toMatchObject({ outcome: "lost" });
    const other = await scene.settle(scene.start().redlock.tryAcquire("job"));
    expect(other).not.toBeNull();
  });

  test("starts of two instants are at least `atLeastFor` apart, but a repetition after a crash is not held up", async () => {
    const scene = new OnceScene();
    const one = scene.start();
    const next = (offset: number): Partial<OnceOptions> => ({
      scheduledAt: scene.instant + offset,
      atLeastFor: 30_000,
      attempts: 2,
    });
    expect(await scene.settle(one.call(next(0)))).toMatchObject({ outcome: "ran" });
    expect(await scene.settle(one.call(next(1_000)))).toEqual({ outcome: "skipped", reason: "tooSoon" });
    await scene.clock.advance(30_001);
    const dying = scene.start();
    void dying.call(next(30_000), () => {
      dying.process.pause();
      return never();
    });
    await scene.clock.advance(TTL + 1_000);
    expect(await scene.settle(one.call(next(30_000)))).toMatchObject({ outcome: "ran" });
    expect(scene.starts).toHaveLength(3);
  });

  test("with `every`, half of the period is kept between two starts", async () => {
    const scene = new OnceScene();
    const every = 60_000;
    await scene.clock.advance(every - (scene.clock.wall() % every) - 1_000);
    expect(await scene.settle(scene.start().call({ every }))).toMatchObject({ outcome: "ran" });
    await scene.clock.advance(1_500);
    expect(await scene.settle(scene.start().call({ every }))).toMatchObject({ reason: "tooSoon" });
    await scene.clock.advance(30_000);
    expect(await scene.settle(scene.start().call({ every }))).toMatchObject({ outcome: "ran" });
  });

  test("a run that comes too late does not begin", async () => {
    const scene = new OnceScene();
    await scene.clock.advance(60_100);
    expect(await scene.settle(scene.start().call())).toEqual({ outcome: "skipped", reason: "late" });
    expect(await scene.settle(scene.start().call({ startWithin: 120_000 }))).toMatchObject({
      outcome: "ran",
    });
  });
});

describe("an outage", () => {
  test("is waited for until `startWithin` is over", async () => {
    const scene = new OnceScene();
    const one = scene.start();
    await scene.settle(one.redlock.using("warm", () => undefined));
    for (const instance of scene.instances.slice(1)) instance.pause();
    const failed = rejection(one.call({ startWithin: 20_000 }));
    await scene.clock.advance(19_000);
    expect(await Promise.race([failed, Promise.resolve("pending")])).toBe("pending");
    expect(await scene.settle(failed, 5_000)).toBeInstanceOf(QuorumError);
    expect(scene.starts).toEqual([]);
  });

  test("that ends in time does not keep a run from its start", async () => {
    const scene = new OnceScene();
    const one = scene.start();
    await scene.settle(one.redlock.using("warm", () => undefined));
    for (const instance of scene.instances.slice(1)) instance.pause();
    const call = one.call();
    await scene.clock.advance(20_000);
    for (const instance of scene.instances) instance.resume();
    expect(await scene.settle(call)).toMatchObject({ outcome: "ran" });
    expect(scene.starts).toHaveLength(1);
  });

  test("between the routine and its record: the run counts, and is not repeated", async () => {
    const scene = new OnceScene();
    const one = scene.start();
    const result = one.call({}, () => {
      for (const instance of scene.instances.slice(1)) instance.pause();
      return 42;
    });
    expect(await scene.settle(result)).toMatchObject({ outcome: "ran", value: 42, recorded: false });
    await scene.clock.advance(TTL + 1_000);
    for (const instance of scene.instances) instance.resume();
    await scene.clock.advance(1_000);
    const later = await scene.settle(scene.start().call());
    expect(later.outcome).toBe("skipped");
    expect(scene.starts).toHaveLength(1);
  });

  test("of a store that does not confirm the claim: nothing runs, and the instant stays free", async () => {
    const scene = new OnceScene();
    const store = memoryRecords({ clock: scene.clock });
    let failures = 0;
    scene.records = () => ({
      ...bound(store),
      async put(id, record, options) {
        await store.put(id, record, options);
        // The record is written, and the answer is lost.
        if (id.includes("@") && failures < 3) {
          failures += 1;
          throw new QuorumError([id], "lost", []);
        }
      },
    });
    expect(await scene.settle(scene.start().call())).toMatchObject({ outcome: "ran", recorded: true });
    expect(scene.starts).toHaveLength(1);
    expect(failures).toBe(3);
  });

  test("after most servers lost their memory it is not known whether it ran, so it does not run", async () => {
    const scene = new OnceScene();
    const one = scene.start();
    await scene.settle(one.call());
    for (const instance of scene.instances) instance.restart();
    await scene.clock.advance(TTL * 2);
    const failed = rejection(scene.start().call({ startWithin: 30_000 }));
    expect(await scene.settle(failed)).toBeInstanceOf(QuorumError);
    expect(scene.starts).toHaveLength(1);
    // A new instant is younger than the servers.
    const scheduledAt = scene.clock.wall() + 15_000;
    await scene.clock.advance(15_000);
    expect(await scene.settle(scene.start().call({ scheduledAt }))).toMatchObject({ outcome: "ran" });
  });
});

describe("a store of the caller", () => {
  test("that never answers counts as an outage", async () => {
    const scene = new OnceScene();
    const silent = { open: never, put: never, get: never };
    const failed = rejection(scene.start().call({ records: silent, startWithin: 20_000 }));
    expect(await scene.settle(failed, 40_000)).toMatchObject({ code: "RECORD_STORE" });
    expect(scene.starts).toEqual([]);
    expect(await scene.settle(scene.start().redlock.query("job"))).toMatchObject({ isHeld: false });
  });

  test("that refuses all fencing tokens ends the call after `startWithin`", async () => {
    const scene = new OnceScene();
    const store = memoryRecords({ clock: scene.clock });
    const id = `job@${scene.instant}`;
    await store.open(id, Number.MAX_SAFE_INTEGER - 10_000_000_000_000, { createdAt: 0, keep: 3_600_000 });
    let opened = 0;
    const records = {
      ...bound(store),
      open: (...args: Parameters<typeof store.open>) => ((opened += 1), store.open(...args)),
    };
    const failed = rejection(scene.start().call({ records, startWithin: 20_000 }));
    expect(await scene.settle(failed, 40_000)).toBeInstanceOf(LockLostError);
    expect(opened).toBeGreaterThan(5);
    expect(opened).toBeLessThan(60);
  });

  test("that does not take the claim leaves no hold behind", async () => {
    const scene = new OnceScene();
    const store = memoryRecords({ clock: scene.clock });
    const records = {
      ...bound(store),
      put: (...args: Parameters<typeof store.put>) =>
        args[0].includes("@") ? Promise.reject(new Error("full")) : store.put(...args),
    };
    const options = { atLeastFor: 600_000 };
    const failed = rejection(scene.start().call({ ...options, records, startWithin: 0 }));
    expect(await scene.settle(failed)).toMatchObject({ code: "RECORD_STORE" });
    const other = scene.start().call({ ...options, records: store, scheduledAt: scene.instant + 1_000 });
    expect(await scene.settle(other)).toMatchObject({ outcome: "ran" });
  });

  test("has no token of the lock, because a token is enough to release it", async () => {
    const scene = new OnceScene();
    const store = memoryRecords({ clock: scene.clock });
    const bodies: string[] = [];
    const records = {
      ...bound(store),
      put: (...args: Parameters<typeof store.put>) => (bodies.push(args[1].body), store.put(...args)),
    };
    let token = "";
    await scene.settle(scene.start().call({ records }, ({ lock }) => ((token = lock.token), "value")));
    expect(bodies.length).toBeGreaterThanOrEqual(3);
    expect(token.length).toBeGreaterThan(10);
    expect(bodies.filter((body) => body.includes(token))).toEqual([]);
  });
});

test("a second attempt begins although the first one ran for hours", async () => {
  const scene = new OnceScene();
  const dying = scene.start();
  const options = { attempts: 2, atMostFor: 3 * 3_600_000 };
  void dying.call(
    options,
    () => new Promise(() => void scene.clock.setTimer(2 * 3_600_000, () => dying.process.pause(), false)),
  );
  await scene.clock.advance(2 * 3_600_000 + 2 * TTL);
  expect(await scene.settle(scene.start().call(options))).toMatchObject({ outcome: "ran" });
  expect(scene.starts).toHaveLength(2);
});

describe("a server whose clock is an hour ahead", () => {
  test.each([0, 1, 2])(
    "changes nothing about what is late, whichever of three does not answer: %i",
    async (slow) => {
      const scene = new OnceScene(3, 1, [0, 0, 3_600_000]);
      const one = scene.start();
      await scene.settle(one.redlock.using("warm", () => undefined));
      scene.instances[slow]!.pause();
      expect(await scene.settle(one.call())).toMatchObject({ outcome: "ran" });
      const early = one.call({ scheduledAt: scene.instant + 3_600_000 });
      await scene.clock.advance(60_000);
      expect(scene.starts).toHaveLength(1);
      scene.instances[slow]!.resume();
      await scene.settle(early, 2 * 3_600_000);
    },
  );
});

describe("the caller's signal", () => {
  test("before the start: nothing ran", async () => {
    const scene = new OnceScene();
    const controller = new AbortController();
    controller.abort(new Error("shutdown"));
    const error = await rejection(scene.start().call({ signal: controller.signal }));
    expect(error).toBeInstanceOf(LockAbortedError);
    const later = new AbortController();
    const early = scene.start().call({ scheduledAt: scene.instant + 60_000, signal: later.signal });
    await scene.clock.advance(1_000);
    later.abort(new Error("shutdown"));
    expect(await scene.settle(rejection(early))).toMatchObject({ code: "LOCK_ABORTED" });
    expect(scene.starts).toEqual([]);
  });

  test("while the claim is written: it is taken back, so that another process runs it", async () => {
    const scene = new OnceScene();
    const controller = new AbortController();
    scene.after("record.put", 1, () => controller.abort(new Error("shutdown")));
    const error = await scene.settle(rejection(scene.start().call({ signal: controller.signal })));
    expect(error).toMatchObject({ code: "LOCK_ABORTED" });
    expect(await scene.settle(scene.start().call())).toMatchObject({ outcome: "ran" });
    expect(scene.starts).toHaveLength(1);
  });

  test("after the start: it is passed on, and what the routine does then counts", async () => {
    const scene = new OnceScene();
    const controller = new AbortController();
    const reason = new Error("shutdown");
    const stopped = scene.start().call({ signal: controller.signal }, async ({ signal }) => {
      controller.abort(reason);
      signal.throwIfAborted();
    });
    expect(await scene.settle(rejection(stopped))).toBe(reason);
    const finished = scene
      .start()
      .call({ scheduledAt: scene.instant + 1, signal: new AbortController().signal }, () => 1);
    expect(await scene.settle(finished)).toMatchObject({ outcome: "ran", value: 1 });
    const deaf = new AbortController();
    const ignoring = scene.start().call({ scheduledAt: scene.instant + 2, signal: deaf.signal }, never);
    await scene.clock.advance(100);
    deaf.abort(reason);
    expect(await scene.settle(rejection(ignoring), 6_000)).toMatchObject({
      code: "LOCK_ABORTED",
      cause: reason,
    });
  });

  test("a client that closes ends the run and the waiting", async () => {
    const scene = new OnceScene();
    const one = scene.start();
    const waiting = rejection(one.call({ scheduledAt: scene.instant + 3_600_000 }));
    await scene.clock.advance(1_000);
    const other = scene.start();
    const running = other.call(
      {},
      ({ signal }) => new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
    );
    await scene.clock.advance(100);
    await scene.settle(Promise.all([one.redlock.close(), other.redlock.close()]));
    expect(await scene.settle(waiting)).toBeInstanceOf(LockClosedError);
    const result = await scene.settle(running);
    expect(result.outcome === "lost" && result.error).toBeInstanceOf(LockLostError);
  });
});

describe("mistakes that a change could make are found", () => {
  type Put = RecordStore["put"];

  /** Lock records whose `put` is replaced. */
  function withPut(scene: OnceScene, put: (original: Put) => Put): void {
    scene.records = (redlock) => {
      const store = lockRecords(redlock);
      return { open: store.open.bind(store), get: store.get.bind(store), put: put(store.put.bind(store)) };
    };
  }

  test("put(running) after the start: the instant begins twice", async () => {
    const scene = new OnceScene();
    withPut(scene, (put) => async (id, record, options) => {
      if (!record.body.includes('"running"')) await put(id, record, options);
    });
    const one = scene.start();
    void one.call({}, () => {
      one.process.pause();
      return never();
    });
    await scene.clock.advance(TTL + 1_000);
    await scene.settle(scene.start().call());
    expect(scene.starts).toHaveLength(2);
  });

  test("release before put(done): the run is lost although it ended well", async () => {
    const scene = new OnceScene();
    withPut(scene, (put) => async (id, record, options) => {
      // The other process claims the lock between the release and the record.
      if (record.body.includes('"done"') && id.includes("@")) await scene.start().call({ attempts: 2 });
      await put(id, record, options);
    });
    const result = scene.start().call({ attempts: 2 }, async ({ lock }) => {
      await lock.release();
    });
    expect(await scene.settle(result)).not.toMatchObject({ outcome: "ran", recorded: true });
  });

  test("a claim keyed by now: clocks 5 s apart run it twice", async () => {
    const scene = new OnceScene();
    await scene.settle(scene.start().call({ scheduledAt: scene.clock.wall() }));
    await scene.clock.advance(5_000);
    await scene.settle(scene.start().call({ scheduledAt: scene.clock.wall() }));
    expect(scene.starts).toHaveLength(2);
  });
});

describe("bad arguments", () => {
  test.each<[Partial<OnceOptions> & Record<string, unknown>, string]>([
    [{ scheduledAt: Number.NaN }, "scheduledAt"],
    [{ scheduledAt: undefined }, "scheduledAt"],
    [{ scheduledAt: 1, every: 1_000 }, "scheduledAt"],
    [{ every: 999 }, "every"],
    [{ every: 7 * 86_400_000 + 1 }, "every"],
    [{ atMostFor: 99 }, "atMostFor"],
    [{ atLeastFor: -1 }, "atLeastFor"],
    [{ startWithin: 86_400_001 }, "startWithin"],
    [{ maxSkew: 3_600_001 }, "maxSkew"],
    [{ attempts: 0 }, "attempts"],
    [{ attempts: 11 }, "attempts"],
    [{ keepFor: 59_999 }, "keepFor"],
    [{ records: new Map() as never }, "records"],
    [{ wrap: 1 as never }, "wrap"],
    [{ wrap: (() => 1) as never }, "wrap"],
    [{ signal: 1 as never }, "signal"],
    [{ ttl: 1_000 }, "ttl"],
  ])("%j is refused with its field", async (options, field) => {
    const error = (await rejection(new OnceScene().start().call(options))) as Error;
    expect(error instanceof RangeError || error instanceof TypeError).toBe(true);
    expect(error.message).toMatch(new RegExp(`^${field}\\b`));
  });
});
