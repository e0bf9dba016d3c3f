import { describe, expect, onTestFinished, test } from "vitest";
import { type DebuggedCall, debugLock, heldLocks, trackLocks } from "../../src/observe/index.ts";
import { when } from "../../src/index.ts";
import { contextDepth } from "../../src/observe/held-locks.ts";
import { world } from "../support/world.ts";

function trackedWorld() {
  const scene = world();
  const stop = trackLocks(scene.redlock);
  onTestFinished(stop);
  return { ...scene, stop };
}

const names = (): readonly string[] => heldLocks().map((lock) => lock.names.join());

/** Runs in a context of its own, as a request of a server does. */
const request = <T>(work: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    setImmediate(() => void work().then(resolve, reject));
  });

describe("heldLocks()", () => {
  test("has the locks of the current context, with ttl, remaining time, short token and fence", async () => {
    const { redlock, clock } = trackedWorld();
    await request(async () => {
      const first = await redlock.acquire("a", { autoExtend: false });
      await clock.advance(1_000);
      const second = await redlock.acquire("b", { autoExtend: false, ttl: 5_000 });
      expect(heldLocks()).toMatchObject([
        { names: ["b"], ttl: 5_000, kind: "mutex", mode: "exclusive", fence: second.fence, heldMs: 0 },
        { names: ["a"], ttl: 10_000, token: first.token.slice(0, 8), heldMs: 1_000 },
      ]);
      const [, a] = heldLocks();
      expect(a!.remaining).toBeCloseTo(first.remaining(), -1);
      await first.extend(20_000);
      expect(heldLocks()[1]!.remaining).toBeCloseTo(first.remaining(), -1);
      await first.release();
      expect(names()).toEqual(["b"]);
      await second.release();
      expect(names()).toEqual([]);
    });
  });

  test("does not mix the locks of requests that run at the same time", async () => {
    const { redlock } = trackedWorld();
    const handle = (name: string) =>
      request(async () => {
        await redlock.using(name, async () => {
          await new Promise((resolve) => setImmediate(resolve));
          expect(names()).toEqual([name]);
        });
        expect(names()).toEqual([]);
      });
    await Promise.all(["a", "b", "c"].map(handle));
    expect(names()).toEqual([]);
  });

  test("has locks of the caller, and forgets a lock that is released in another context", async () => {
    const { redlock } = trackedWorld();
    await request(async () => {
      const lock = await redlock.acquire("outer");
      await request(async () => {
        await redlock.using("inner", () => expect(names()).toEqual(["inner", "outer"]));
        await lock.release();
      });
      expect(names()).toEqual([]);
    });
  });

  test("has no lock of an acquisition that failed, was lost, or was detached", async () => {
    const { redlock, clock } = trackedWorld();
    await request(async () => {
      await redlock.acquire("lost", { autoExtend: false });
      expect(await redlock.tryAcquire("lost")).toBeNull();
      expect(names()).toEqual(["lost"]);
      await clock.advance(11_000);
      expect(names()).toEqual([]);
      await (await redlock.acquire("passed")).detach();
      expect(names()).toEqual([]);
    });
  });

  test("a context that locks again and again keeps nothing of locks that ended", async () => {
    const { redlock } = trackedWorld();
    await request(async () => {
      const outer = await redlock.acquire("outer");
      for (let time = 0; time < 200; time += 1) await (await redlock.acquire("job")).release();
      expect(contextDepth()).toBeLessThanOrEqual(2);
      expect(names()).toEqual(["outer"]);
      await outer.release();
      await (await redlock.acquire("job")).release();
      expect(contextDepth()).toBe(1);
    });
  });

  test("a context that locks hand over hand keeps only the lock that is held", async () => {
    const { redlock } = trackedWorld();
    await request(async () => {
      const outer = await redlock.acquire("outer");
      let previous = await redlock.acquire("node-0");
      for (let node = 1; node <= 200; node += 1) {
        const next = await redlock.acquire(`node-${node}`);
        await previous.release();
        previous = next;
      }
      expect(names()).toEqual(["node-200", "outer"]);
      expect(contextDepth()).toBe(2);
      await previous.release();
      await outer.release();
    });
  });

  test("knows nothing of a client after the function that trackLocks returned, and before", async () => {
    const { redlock, stop } = trackedWorld();
    await request(async () => {
      await redlock.acquire("a");
      expect(trackLocks(redlock)).toBe(stop);
      stop();
      await redlock.acquire("b");
      expect(names()).toEqual([]);
    });
  });
});

describe("debugLock", () => {
  test("shows the function, the locks, the duration and the result, and changes nothing else", async () => {
    const { redlock } = trackedWorld();
    const lines: string[] = [];
    const calls: DebuggedCall[] = [];
    const pay = debugLock(
      async function pay(this: { factor: number }, amount: number) {
        return redlock.using("order:1", async () => Promise.resolve(amount * this.factor));
      },
      { log: (line, call) => void (lines.push(line), call && calls.push(call)) },
    );
    expect(pay.name).toBe("pay");
    await request(async () => {
      const outer = await redlock.acquire("outer");
      expect(await pay.call({ factor: 2 }, 21)).toBe(42);
      await outer.release();
    });
    expect(lines.map((line) => line.replaceAll(/[\d.]+/g, "#"))).toEqual([
      "[DEBUG] Function: pay",
      expect.stringMatching(
        /^\[DEBUG\] Locks: "outer" \(mutex, token .*…, fence #, ttl # ms, # ms left\)$/,
      ) as string,
      expect.stringMatching(/^\[DEBUG\] Acquired: "order:#" \(mutex/) as string,
      "[DEBUG] Success - Duration: #s",
    ]);
    expect(calls).toMatchObject([
      {
        name: "pay",
        heldBefore: [{ names: ["outer"] }],
        acquired: [{ names: ["order:1"] }],
        acquiredCount: 1,
        heldAfter: [{ names: ["outer"] }],
        error: undefined,
      },
    ]);
  });

  test("shows an error, and passes it on; a lock that was not released is still there", async () => {
    const { redlock } = trackedWorld();
    const calls: (DebuggedCall | undefined)[] = [];
    const lines: string[] = [];
    const failure = new Error("cannot reach redis://user:secret@host");
    const work = debugLock(
      async () => {
        await redlock.acquire("leaked");
        throw failure;
      },
      { name: "work", log: (line, call) => void (lines.push(line), calls.push(call)) },
    );
    await expect(request(work)).rejects.toBe(failure);
    expect(lines.at(-1)).toMatch(
      /^\[DEBUG\] Failed - Duration: .*s, Error: cannot reach redis:\/\/\*\*\*@host$/,
    );
    expect(calls.at(-1)).toMatchObject({ error: failure, heldAfter: [{ names: ["leaked"] }] });
  });

  test("shows no whole token of an error", () => {
    const lines: string[] = [];
    const work = debugLock(
      () => {
        throw new Error(`held by ${"f".repeat(32)}@other`);
      },
      { log: (line) => void lines.push(line) },
    );
    expect(work).toThrow("held by");
    expect(lines.at(-1)).toMatch(/Error: held by ffffffff…@other$/);
  });

  test("tells calls apart that run at the same time in one function", async () => {
    const { redlock } = trackedWorld();
    const seen: string[][] = [];
    const work = debugLock(
      async (name: string) => {
        await redlock.using(name, async () => {
          await new Promise((resolve) => setImmediate(resolve));
          seen.push([name, ...names()]);
        });
      },
      { log: () => undefined },
    );
    await Promise.all(["a", "b", "c"].map((name) => work(name)));
    expect(seen).toEqual([
      ["a", "a"],
      ["b", "b"],
      ["c", "c"],
    ]);
  });

  test("a call that has ended is not kept by the calls that it started", async () => {
    const { redlock } = trackedWorld();
    let [runs, depth] = [0, 0];
    const acquired: number[] = [];
    await new Promise<void>((done) => {
      const tick = debugLock(
        async () => {
          await redlock.using("job", () => void (depth = contextDepth()));
          runs += 1;
          setImmediate(() => (runs < 100 ? void tick() : done()));
        },
        { log: (_line, call) => void (call !== undefined && acquired.push(call.acquiredCount)) },
      );
      void tick();
    });
    expect(depth).toBe(1);
    expect(new Set(acquired)).toEqual(new Set([1]));
  });

  test("a lock that is acquired after the end of a call is a lock of its own context", async () => {
    const { redlock } = trackedWorld();
    const late = await new Promise<readonly string[]>((resolve) => {
      const work = debugLock(
        async () => {
          await redlock.acquire("kept");
          setImmediate(() => void redlock.using("late", () => resolve(names())));
        },
        { log: () => undefined },
      );
      void work();
    });
    expect(late).toEqual(["late", "kept"]);
  });

  test("sees the locks of a pool, which acquires them after a wait", async () => {
    const { redlock } = trackedWorld();
    const pool = redlock.pool({ size: 1 });
    const work = debugLock(async (name: string) => pool.mutex(name).using(() => names()), {
      log: () => undefined,
    });
    expect(await Promise.all([work("a"), work("b")])).toEqual([["a"], ["b"]]);
  });

  test("sees the locks of a condition, and attached locks until they end", async () => {
    const { redlock } = trackedWorld();
    const work = debugLock(
      async () => {
        const lock = await when(redlock.mutex("a"), () => true).acquire();
        const passed = await redlock.acquire("b");
        const attached = await redlock.attach(await passed.detach());
        const seen = names();
        await attached.release();
        await lock.release();
        return [seen, names()];
      },
      { log: () => undefined },
    );
    expect(await work()).toEqual([["b", "a"], []]);
  });

  test("works for functions without a promise", () => {
    const calls: unknown[] = [];
    const log = (_line: string, call: unknown): void => void (call !== undefined && calls.push(call));
    expect(debugLock((a: number) => a + 1, { log })(1)).toBe(2);
    expect(() =>
      debugLock(
        () => {
          throw new Error("no");
        },
        { log },
      )(),
    ).toThrow("no");
    expect(calls).toHaveLength(2);
  });

  test("a log that throws does no harm", async () => {
    const work = debugLock(async () => Promise.resolve(1), {
      log: () => {
        throw new Error("no log");
      },
    });
    expect(await work()).toBe(1);
  });

  test("bad arguments are errors that name the field and the value", () => {
    expect(() => debugLock("work" as never)).toThrow('work: "work" must be a function');
    expect(() => debugLock(() => 1, { log: 1 as never })).toThrow("log: 1 must be a function");
    expect(() => debugLock(() => 1, { nam: "a" } as never)).toThrow("`name` is probably meant");
  });
});
