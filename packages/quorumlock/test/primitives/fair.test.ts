import { describe, expect, test } from "vitest";
import { type FairOptions, type Lock, LockAbortedError, LockTimeoutError, Redlock } from "../../src/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { fairKind, lockFairly } from "../../src/operations/fair.ts";
import { withoutCounters } from "../support/lock-keys.ts";
import { PausableProcess } from "../support/pausable-process.ts";
import { settle } from "../support/virtual-clock.ts";
import { watchedWorld } from "../support/watched-world.ts";
import { rejection } from "../support/timing.ts";

const FOREVER = { wait: Infinity };
const LINE = keySpaceOf("lock:").beside("doc", ["line"])[0]!;

describe.each([1, 3, 5])("on %i instances", (count) => {
  const createWorld = (clients = 3) => {
    const world = watchedWorld(count, { restartGuard: false });
    const { clock, instances } = world;
    const processes = Array.from({ length: clients }, () => new PausableProcess());
    const redlocks = processes.map(
      (process) =>
        new Redlock(
          instances.map((instance) => process.connect(instance)),
          { clock: process.clock(clock), ttl: 10_000, restartGuard: false },
        ),
    );
    /** The names of the callers, in the order in which they are served. */
    const served: string[] = [];
    const held: Lock[] = [];
    const call = async (caller: string, client: number, options?: FairOptions) => {
      void redlocks[client]!.fair("doc", options)
        .acquire(FOREVER)
        .then((lock) => {
          served.push(caller);
          held.push(lock);
        });
      await settle();
      await clock.advance(2);
    };
    /** Releases lock after lock until nobody waits. */
    const serveAll = async () => {
      while (held.length > 0) {
        await held.shift()!.release();
        await settle();
      }
    };
    const close = async () => {
      const closed = Promise.all(redlocks.map((redlock) => redlock.close()));
      await clock.advance(100);
      await closed;
      for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
    };
    return { clock, instances, processes, redlocks, served, held, call, serveAll, close };
  };

  test("callers of several processes are served in the order in which they came", async () => {
    const { call, serveAll, served, close } = createWorld();
    const callers = Array.from({ length: 12 }, (_, index) => ({
      name: `c${index}`,
      client: (index * 7) % 3,
    }));
    for (const { name, client } of callers) await call(name, client);
    expect(served).toEqual(["c0"]);
    await serveAll();
    expect(served).toEqual(callers.map(({ name }) => name));
    await close();
  });

  test("callers of one process are served in the order of their calls, also if all call at once", async () => {
    const { redlocks, clock, close } = createWorld(1);
    const served: number[] = [];
    const all = Array.from({ length: 30 }, (_, index) =>
      redlocks[0]!.fair("doc").using(FOREVER, () => void served.push(index)),
    );
    await clock.advance(500);
    await Promise.all(all);
    expect(served).toEqual(Array.from({ length: 30 }, (_, index) => index));
    await close();
  });

  test("only the next caller is woken: a hand-over costs one attempt", async () => {
    const { call, instances, held, close, serveAll } = createWorld();
    for (let index = 0; index < 9; index += 1) await call(`c${index}`, index % 3);
    for (const instance of instances) instance.operations.length = 0;
    await held.shift()!.release();
    await settle();
    for (const instance of instances)
      expect(instance.operations.toSorted()).toEqual(["modes.acquire", "modes.release"]);
    await serveAll();
    await close();
  });

  test("a higher priority is served first, and first come, first served within one priority", async () => {
    const { call, serveAll, served, close } = createWorld();
    await call("holder", 0);
    await call("low 1", 0, { priority: -1 });
    await call("normal 1", 1);
    await call("high 1", 2, { priority: 1 });
    await call("normal 2", 0, {});
    await call("high 2", 1, { priority: 1 });
    await call("low 2", 2, { priority: -1 });
    await serveAll();
    expect(served).toEqual(["holder", "high 1", "high 2", "normal 1", "normal 2", "low 1", "low 2"]);
    await close();
  });

  test("waiting makes up for a lower priority, so nobody starves", async () => {
    const { call, serveAll, served, clock, close } = createWorld();
    await call("holder", 0);
    await call("old", 1, { priority: 0, ageing: 100 });
    await clock.advance(150);
    await call("one step", 2, { priority: 1, ageing: 100 });
    await call("two steps", 2, { priority: 2, ageing: 100 });
    await serveAll();
    expect(served).toEqual(["holder", "two steps", "old", "one step"]);
    await close();
  });

  test("with ageing: Infinity the order of the priorities is strict", async () => {
    const { call, serveAll, served, clock, close } = createWorld();
    const strict = (priority: number): FairOptions => ({ priority, ageing: Infinity });
    await call("holder", 0, strict(0));
    await call("lowest", 0, strict(-1_000));
    await call("old", 1, strict(0));
    await clock.advance(5_000);
    await call("new", 2, strict(1));
    await call("highest", 2, strict(1_000));
    await serveAll();
    expect(served).toEqual(["holder", "highest", "new", "old", "lowest"]);
    await close();
  });

  test("a caller that gives up in the middle delays nobody", async () => {
    const { call, serveAll, served, redlocks, clock, close } = createWorld();
    await call("holder", 0);
    await call("first", 0);
    const controller = new AbortController();
    const aborted = rejection(redlocks[1]!.fair("doc").acquire({ ...FOREVER, signal: controller.signal }));
    const timedOut = rejection(redlocks[2]!.fair("doc").acquire({ wait: 100 }));
    await settle();
    await call("second", 2);
    await call("third", 1);
    controller.abort(new Error("no longer needed"));
    expect(await aborted).toBeInstanceOf(LockAbortedError);
    await clock.advance(100);
    expect(await timedOut).toBeInstanceOf(LockTimeoutError);
    const before = clock.monotonic();
    await serveAll();
    expect(served).toEqual(["holder", "first", "second", "third"]);
    expect(clock.monotonic()).toBe(before);
    await close();
  });

  test("callers of a process that has died in the middle cost about 60 ms in all", async () => {
    const { call, served, held, redlocks, processes, clock, close } = createWorld(4);
    await call("holder", 0);
    await call("first", 1);
    const dead = redlocks.pop()!.fair("doc");
    for (let index = 0; index < 10; index += 1) void dead.acquire(FOREVER).catch(() => undefined);
    await clock.advance(2);
    await call("second", 2);
    await call("third", 1);
    processes[3]!.pause();
    const startedAt = clock.monotonic();
    const waits: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await held.shift()!.release();
      await settle();
      while (served.length < turn + 2) await clock.advance(1);
      waits.push(clock.monotonic() - startedAt);
    }
    expect(served).toEqual(["holder", "first", "second", "third"]);
    expect(waits[0]).toBe(0);
    expect(waits.at(-1)).toBeLessThan(80);
    await held.shift()!.release();
    await clock.advance(30_000);
    await close();
  });

  test("a caller whose process was paused comes back to its place", async () => {
    const { call, served, held, processes, clock, serveAll, close } = createWorld(3);
    await call("holder", 0);
    await call("paused", 1);
    await call("second", 2);
    await call("third", 0);
    processes[1]!.pause();
    await held.shift()!.release();
    await clock.advance(80);
    expect(served).toEqual(["holder", "second"]);
    processes[1]!.resume();
    // It tries again, at the latest after 1.1 s.
    await clock.advance(1_200);
    await serveAll();
    expect(served).toEqual(["holder", "second", "paused", "third"]);
    await close();
  });

  test("plain locks and foreign clients exclude it, and it excludes them", async () => {
    const { redlocks, instances, clock, close } = createWorld();
    const fair = redlocks[0]!.fair("doc");
    const plain = await redlocks[1]!.acquire("doc");
    expect(await fair.tryAcquire()).toBeNull();
    const waiting = fair.acquire(FOREVER);
    await clock.advance(100);
    await plain.release();
    await settle();
    const lock = await waiting;
    expect(await redlocks[1]!.tryAcquire("doc")).toBeNull();
    expect(await redlocks[0]!.tryAcquire("doc")).toBeNull();
    expect(await redlocks[2]!.readWrite("doc").read.tryAcquire()).toBeNull();
    await lock.release();
    for (const instance of instances) instance.set("lock:doc", "foreign", 1_000);
    expect(await fair.tryAcquire()).toBeNull();
    const later = fair.acquire(FOREVER);
    await clock.advance(1_200);
    expect((await later).fence).toBeGreaterThan(lock.fence);
    await (await later).release();
    await close();
  });

  test("position() tells how many are ahead, and after some turns how long that takes", async () => {
    const { redlocks, call, held, clock, close, serveAll } = createWorld();
    const fair = redlocks[2]!.fair("doc");
    expect(await fair.position()).toEqual({ ahead: 0, waiting: 0, expectedWait: undefined });
    for (let index = 0; index < 5; index += 1) await call(`c${index}`, index % 2);
    expect(await fair.position()).toMatchObject({ ahead: 4, waiting: 4 });
    void fair.acquire(FOREVER).then((lock) => held.push(lock));
    await clock.advance(2);
    await call("behind", 0);
    expect(await fair.position()).toMatchObject({ ahead: 4, waiting: 6 });
    expect(await redlocks[0]!.fair("doc").position()).toMatchObject({ ahead: 6, waiting: 6 });
    expect(await redlocks[0]!.fair("doc", { priority: 10 }).position()).toMatchObject({ ahead: 0 });
    for (let turn = 0; turn < 3; turn += 1) {
      await clock.advance(1_000);
      await held.shift()!.release();
      await settle();
    }
    await clock.advance(1_000);
    const { ahead, expectedWait } = await fair.position();
    expect(ahead).toBe(1);
    // The holder and one more, each for a second.
    expect(expectedWait).toBeGreaterThan(1_000);
    expect(expectedWait).toBeLessThan(3_500);
    await serveAll();
    await close();
  });

  test("many callers that come again and again are all served, in few attempts", async () => {
    const { redlocks, clock, instances, close } = createWorld();
    const turns: number[] = [];
    const endsAt = clock.monotonic() + 2_000;
    const hold = (ms: number) => new Promise<void>((resolve) => clock.setTimer(ms, resolve, true));
    const work = async (redlock: Redlock, index: number) => {
      while (clock.monotonic() < endsAt) {
        await redlock.fair("doc", { priority: index % 3 }).using(FOREVER, async () => {
          turns[index] = (turns[index] ?? 0) + 1;
          await hold(5);
        });
      }
    };
    const workers = redlocks.flatMap((redlock, client) =>
      Array.from({ length: 5 }, (_, worker) => work(redlock, client * 5 + worker)),
    );
    for (let turn = 0; turn < 190; turn += 1) await clock.advance(10);
    const [, , latestTicket = NaN] = (instances[0]!.get(LINE) ?? "").split(/[ ;]/).map(Number);
    for (let turn = 0; turn < 110; turn += 1) await clock.advance(10);
    await Promise.all(workers);
    const total = turns.reduce((sum, each) => sum + each, 0);
    const attempts = instances[0]!.countOperations("modes.acquire") / total;
    console.log(
      `${count} instances: ${total} turns, ${turns.join(" ")}, ${attempts.toFixed(2)} attempts a turn`,
    );
    expect(turns).toHaveLength(15);
    expect(Math.min(...turns)).toBeGreaterThan(0);
    // Tickets run with the time of the instances, however many were drawn. Otherwise a step of priority is worth another time.
    expect(Math.abs(latestTicket - (clock.wall() - 1_100))).toBeLessThan(100);
    // Join the line, and be named.
    expect(attempts).toBeLessThan(2.5);
    await close();
  });
});

test("an attempt that no instance has answered says nothing about the position", () => {
  const positions: number[] = [];
  const watcher = { onRefused: (ahead: number) => positions.push(ahead) };
  const target = { ...lockFairly("doc", 0), watcher };
  fairKind.tickets?.onRefused?.(target, [[0, -1, "", "5", 3]]);
  fairKind.tickets?.onRefused?.(target, []);
  expect(positions).toEqual([3]);
});

describe("bad input", () => {
  const redlock = () => watchedWorld(1).client();

  test.each([
    [{ priority: 1_001 }, RangeError, "priority: 1001 must be a whole number from -1000 to 1000"],
    [{ priority: -1_001 }, RangeError, "priority: -1001 must be a whole number from -1000 to 1000"],
    [{ priority: 0.5 }, RangeError, "priority: 0.5 must be a whole number from -1000 to 1000"],
    [{ priority: Number.NaN }, RangeError, "priority: NaN must be"],
    [{ priority: "high" }, TypeError, 'priority: "high" must be a whole number'],
    [{ ageing: 0 }, RangeError, "ageing: 0 must be a whole number of milliseconds from 1"],
    [{ ageing: -Infinity }, RangeError, "ageing: -Infinity must be"],
    [{ ageing: 2e12 }, RangeError, "ageing: 2000000000000 must be"],
    [{ ageing: "1s" }, TypeError, 'ageing: "1s" must be a number of milliseconds'],
    [{ priorty: 1 }, TypeError, "priorty: there is no such option; `priority` is probably meant"],
    [{ ttl: 5 }, TypeError, "ttl: there is no such option; it is an option of `acquire`"],
    [7, TypeError, "options: 7 must be an object"],
    [null, TypeError, "options: null must be an object"],
  ])("options %o", (options, type, message) => {
    const act = () => redlock().fair("doc", options as never);
    expect(act).toThrow(type);
    expect(act).toThrow(message);
  });

  test.each([
    ["", 'name: "" must not be empty'],
    ["~x", 'name: "~x" begins with "~"'],
    [7 as never, "name: 7 must be a string"],
  ])("name %o", (name, message) => {
    expect(() => redlock().fair(name)).toThrow(message);
  });

  test("a priority in the options of one call", async () => {
    const error = await rejection(
      redlock()
        .fair("doc")
        .acquire({ priority: 5 } as never),
    );
    expect(String(error)).toContain("priority: there is no such option; it is an option of `redlock.fair`");
  });
});
