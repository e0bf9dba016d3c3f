import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { LockAbortedError, LockClosedError, LockLostError, QuorumError } from "../../../src/index.ts";
import {
  IdempotencyMismatchError,
  lockRecords,
  memoryRecords,
  type ProcessOptions,
  RecordStoreError,
  RunTimeoutError,
  type Task,
  type TransactionalRecords,
} from "../../../src/patterns/index.ts";
import { rejection, withResolvers } from "../../support/timing.ts";
import { settle } from "../../support/virtual-clock.ts";
import { ProcessScene, TTL } from "./process-scene.ts";

const never = (): Promise<never> => new Promise(() => undefined);
const fail =
  (message = "no paper") =>
  (): never => {
    throw new Error(message);
  };
/** Of a store that is not called. */
const methods = { open: never, put: never, get: never };

describe("a task", () => {
  test("runs at the first call, and every later call gets its result", async () => {
    const scene = new ProcessScene();
    const value = { isShipped: true, at: new Date(0), note: undefined };
    const first = await scene.settle(scene.start().call({}, async () => value));
    const plain = { isShipped: true, at: "1970-01-01T00:00:00.000Z" };
    expect(first).toEqual({ outcome: "done", value: plain, replayed: false, attempt: 1 });
    for (let call = 0; call < 2; call += 1) {
      const later = await scene.settle(scene.start().call());
      expect(later).toEqual({ outcome: "done", value: plain, replayed: true, attempt: 1 });
    }
    expect(scene.starts).toHaveLength(1);
  });

  test.each([undefined, null, 0, "", false])("may have the result %j", async (value) => {
    const scene = new ProcessScene();
    expect(await scene.settle(scene.start().call({}, () => value))).toMatchObject({ value, replayed: false });
    expect(await scene.settle(scene.start().call())).toMatchObject({ value, replayed: true });
  });

  test("costs 6 rounds for the first call, 2 while it runs, and 1 for a replay", async () => {
    const scene = new ProcessScene();
    const workers = [scene.start(), scene.start(), scene.start()];
    for (const { redlock } of workers) await redlock.using("warm", () => undefined);
    await scene.clock.advance(100);
    const rounds = async (call: () => Promise<unknown>): Promise<number> => {
      const [instance] = scene.instances;
      const before = instance!.runCalls;
      await call();
      await settle();
      return instance!.runCalls - before;
    };
    let loser = 0;
    const first = await rounds(() =>
      workers[0]!.call({}, async () => {
        loser = await rounds(() => workers[1]!.call());
      }),
    );
    const replay = await rounds(() => workers[2]!.call());
    expect([first - loser, loser, replay]).toEqual([6, 2, 1]);
  });

  test("with another id is another task", async () => {
    const scene = new ProcessScene();
    const { call } = scene.start();
    for (const id of ["a", "b", "a"]) await scene.settle(call({}, () => id, id));
    expect(scene.starts).toHaveLength(2);
  });

  test.each(Array.from({ length: 25 }, (_, index) => index + 1))(
    "has one result if 6 workers get it at the same time, with seed %i",
    async (seed) => {
      const scene = new ProcessScene(3, seed);
      const calls = Array.from({ length: 6 }, () => scene.start().call({ wait: 60_000 }));
      const results = await scene.settle(Promise.all(calls));
      const values = results.map((result) => (result.outcome === "done" ? result.value : result.outcome));
      expect(new Set(values).size).toBe(1);
      expect(scene.starts).toHaveLength(1);
    },
  );

  test("is forgotten after `retainFor`, and not before", async () => {
    const scene = new ProcessScene();
    const { call } = scene.start();
    const options = { retainFor: 3_600_000 };
    await scene.settle(call(options));
    await scene.clock.advance(3_590_000);
    expect(await scene.settle(call(options))).toMatchObject({ replayed: true });
    await scene.clock.advance(20_000);
    expect(await scene.settle(call(options))).toMatchObject({ replayed: false });
  });

  test("is remembered for as long as an attempt may take, if that is longer than `retainFor`", async () => {
    const scene = new ProcessScene();
    const dying = scene.start();
    const options = { retainFor: 60_000, runFor: 7_200_000 };
    void dying.call(options, async () => {
      await new Promise<void>((resolve) => void scene.clock.setTimer(3_600_000, resolve, false));
      dying.process.pause();
      return never();
    });
    await scene.clock.advance(3_600_000 + 2 * TTL);
    expect(await scene.settle(scene.start().call(options))).toMatchObject({ attempt: 2 });
  });
});

describe("a task in progress", () => {
  test("is `running` for others, who learn since when and by whom", async () => {
    const scene = new ProcessScene();
    const one = scene.start();
    void one.call({}, never);
    await scene.clock.advance(60_000);
    const result = await scene.settle(scene.start().call());
    expect(result).toMatchObject({ outcome: "running", since: scene.instant });
    expect(result.outcome === "running" && result.holder?.owner).toMatch(/:\d+$/);
    expect(scene.starts).toHaveLength(1);
  });

  test("is waited for with `wait`: the result comes with its end", async () => {
    const scene = new ProcessScene();
    let finish!: (value: string) => void;
    void scene.start().call({}, () => new Promise<string>((resolve) => (finish = resolve)));
    await scene.clock.advance(100);
    const waiting = scene.start().call({ wait: 30_000 });
    const impatient = scene.start().call({ wait: 5_000 });
    await scene.clock.advance(10_000);
    expect(await impatient).toMatchObject({ outcome: "running" });
    finish("at last");
    expect(await scene.settle(waiting, 1_000)).toMatchObject({ value: "at last", replayed: true });
    expect(scene.starts).toHaveLength(1);
  });

  test("whose worker dies is run by a caller that waits", async () => {
    const scene = new ProcessScene();
    const dying = scene.start();
    void dying.call({}, () => {
      dying.process.pause();
      return never();
    });
    await scene.clock.advance(100);
    const result = await scene.settle(scene.start().call({ wait: Infinity }), 3 * TTL);
    expect(result).toMatchObject({ outcome: "done", attempt: 2, replayed: false });
  });
});

describe("a worker that dies", () => {
  test.each([
    { step: "after get", operation: "record.get", count: 1, attempt: 1 },
    { step: "after acquire", operation: "mutex.acquire", count: 1, attempt: 1 },
    { step: "after open", operation: "record.open", count: 1, attempt: 1 },
    { step: "after put(running)", operation: "record.put", count: 1, attempt: 2 },
  ])("$step: the next call runs it, as attempt $attempt", async ({ operation, count, attempt }) => {
    const scene = new ProcessScene();
    const [one, two] = [scene.start(), scene.start()];
    scene.after(operation, count, () => one.process.pause());
    void one.call();
    await scene.clock.advance(2 * TTL);
    expect(await scene.settle(two.call())).toMatchObject({ outcome: "done", attempt, replayed: false });
    expect(scene.starts).toHaveLength(1);
  });

  test("in the routine: the next call runs it with a larger fence", async () => {
    const scene = new ProcessScene();
    const [one, two] = [scene.start(), scene.start()];
    void one.call({}, () => {
      one.process.pause();
      return never();
    });
    await scene.clock.advance(1_000);
    expect(await scene.settle(two.call())).toMatchObject({ outcome: "running" });
    await scene.clock.advance(TTL);
    expect(await scene.settle(two.call())).toMatchObject({ outcome: "done", attempt: 2 });
    expect(scene.starts[1]).toBeGreaterThan(scene.starts[0]!);
  });

  test("after put(done): the next call gets its result", async () => {
    const scene = new ProcessScene();
    const [one, two] = [scene.start(), scene.start()];
    scene.after("record.put", 2, () => one.process.pause());
    void one.call({}, () => "first");
    await scene.clock.advance(2 * TTL);
    expect(await scene.settle(two.call())).toMatchObject({ value: "first", replayed: true });
    expect(scene.starts).toHaveLength(1);
  });

  test("with onCrash `keep`: the routine does not begin again", async () => {
    const scene = new ProcessScene();
    const dying = scene.start();
    void dying.call({}, () => {
      dying.process.pause();
      return never();
    });
    await scene.clock.advance(2 * TTL);
    const failed = { outcome: "failed", attempt: 1, error: { message: expect.stringMatching(/died/) } };
    expect(await scene.settle(scene.start().call({ onCrash: "keep" }))).toMatchObject(failed);
    expect(await scene.settle(scene.start().call())).toMatchObject(failed);
    expect(scene.starts).toHaveLength(1);
  });

  test("counts as an attempt, and the attempts end", async () => {
    const scene = new ProcessScene();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const dying = scene.start();
      void dying.call({ maxAttempts: 3 }, (task) => {
        expect(task.attempt).toBe(attempt);
        dying.process.pause();
        return never();
      });
      await scene.clock.advance(2 * TTL);
    }
    const last = await scene.settle(scene.start().call({ maxAttempts: 3 }));
    expect(last).toMatchObject({ outcome: "failed", attempt: 3 });
    expect(await scene.settle(scene.start().call({ maxAttempts: 100 }))).toEqual(last);
    expect(scene.starts).toHaveLength(3);
  });
});

describe("a worker that is frozen for longer than its lease", () => {
  test("in the routine: its late result is refused, and the task has one result", async () => {
    const scene = new ProcessScene();
    const [one, two, three] = [scene.start(), scene.start(), scene.start()];
    let finish!: (value: string) => void;
    const frozen = one.call({}, () => {
      one.process.pause();
      return new Promise<string>((resolve) => (finish = resolve));
    });
    await scene.clock.advance(2 * TTL);
    expect(await scene.settle(two.call({}, () => "second"))).toMatchObject({ value: "second", attempt: 2 });
    // The routine goes on before a timer of this process fires.
    finish("first, late");
    one.process.resume();
    expect(await scene.settle(rejection(frozen))).toBeInstanceOf(LockLostError);
    expect(await scene.settle(three.call())).toMatchObject({ value: "second", attempt: 2, replayed: true });
  });

  test("and nobody took its place: its result counts, because nobody was promised another one", async () => {
    const scene = new ProcessScene();
    const one = scene.start();
    let finish!: (value: string) => void;
    const frozen = one.call({}, () => {
      one.process.pause();
      return new Promise<string>((resolve) => (finish = resolve));
    });
    await scene.clock.advance(100);
    scene.clock.pause(2 * TTL);
    finish("first");
    await settle();
    one.process.resume();
    expect(await scene.settle(frozen)).toMatchObject({ outcome: "done", value: "first" });
    expect(await scene.settle(scene.start().call())).toMatchObject({ value: "first", replayed: true });
    expect(scene.starts).toHaveLength(1);
  });

  test("between the claim and the start: the routine does not begin", async () => {
    const scene = new ProcessScene();
    const [one, two] = [scene.start(), scene.start()];
    scene.after("record.put", 1, () => one.process.pause());
    const frozen = one.call();
    await scene.clock.advance(2 * TTL);
    expect(await scene.settle(two.call({}, () => "second"))).toMatchObject({ value: "second" });
    one.process.resume();
    expect(await scene.settle(frozen)).toMatchObject({ value: "second", replayed: true });
    expect(scene.starts).toHaveLength(1);
  });

  test("and whose routine ends because of its signal: that is no result", async () => {
    const scene = new ProcessScene();
    const [one, two] = [scene.start(), scene.start()];
    const frozen = one.call({}, async ({ signal }) => {
      one.process.pause();
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      return "half";
    });
    await scene.clock.advance(2 * TTL);
    one.process.resume();
    expect(await scene.settle(rejection(frozen))).toBeInstanceOf(LockLostError);
    expect(await scene.settle(two.call({ onCrash: "keep" }))).toMatchObject({ outcome: "failed" });
  });
});

describe("a routine that fails", () => {
  test("may run again: the error is thrown, and the next call is attempt 2", async () => {
    const scene = new ProcessScene();
    const problem = new TypeError("no paper ".repeat(200));
    const thrown = scene.start().call({}, () => {
      throw problem;
    });
    expect(await scene.settle(rejection(thrown))).toBe(problem);
    expect(await scene.settle(scene.start().call())).toMatchObject({ outcome: "done", attempt: 2 });
  });

  test("has failed for good when its attempts are used up", async () => {
    const scene = new ProcessScene();
    const { call } = scene.start();
    const coded = Object.assign(new Error("jam"), { code: "EJAM", name: "JamError" });
    for (const error of [new Error("no paper"), coded]) {
      const thrown = call({ maxAttempts: 2 }, () => {
        throw error;
      });
      expect(await scene.settle(rejection(thrown))).toBe(error);
    }
    const failed = {
      outcome: "failed",
      error: { name: "JamError", message: "jam", code: "EJAM" },
      attempt: 2,
    };
    expect(await scene.settle(call({ maxAttempts: 2 }))).toEqual(failed);
    expect(await scene.settle(call({ maxAttempts: 10 }))).toEqual(failed);
    expect(scene.starts).toHaveLength(2);
  });

  test("and used up its attempts by the count of another caller has failed for good", async () => {
    const scene = new ProcessScene();
    const { call } = scene.start();
    for (let attempt = 1; attempt <= 2; attempt += 1)
      await scene.settle(rejection(call({ maxAttempts: 5 }, fail())));
    expect(await scene.settle(call({ maxAttempts: 2 }))).toMatchObject({
      outcome: "failed",
      error: { name: "Error", message: "no paper" },
      attempt: 2,
    });
  });

  test("with onFailure `keep` has failed for good at once", async () => {
    const scene = new ProcessScene();
    const { call } = scene.start();
    await scene.settle(rejection(call({ onFailure: "keep" }, fail())));
    expect(await scene.settle(call())).toMatchObject({ outcome: "failed", attempt: 1 });
    expect(scene.starts).toHaveLength(1);
  });

  test("with a function as onFailure: it decides by the error and the attempt", async () => {
    const scene = new ProcessScene();
    const { call } = scene.start();
    const seen: unknown[] = [];
    const options: ProcessOptions = {
      onFailure: (error, attempt) => {
        seen.push([(error as Error).message, attempt]);
        return (error as Error).message === "busy" ? "retry" : "keep";
      },
    };
    await scene.settle(rejection(call(options, fail("busy"))));
    await scene.settle(rejection(call(options, fail("bad"))));
    expect(await scene.settle(call(options))).toMatchObject({ outcome: "failed", attempt: 2 });
    expect(seen).toEqual([
      ["busy", 1],
      ["bad", 2],
    ]);
  });

  test.each([() => "maybe" as never, fail("bad policy"), (() => Promise.reject(new Error("late"))) as never])(
    "with a bad function as onFailure may run again, with a warning",
    async (onFailure) => {
      const scene = new ProcessScene();
      const { call } = scene.start();
      const warned = once(process, "warning");
      const error = await scene.settle(rejection(call({ onFailure }, fail())));
      expect(error).toMatchObject({ message: "no paper" });
      expect(await warned).toEqual([
        expect.objectContaining({ message: expect.stringMatching(/^onFailure threw: /) }),
      ]);
      expect(await scene.settle(call())).toMatchObject({ outcome: "done", attempt: 2 });
    },
  );

  test("because its result is too large: RangeError, nothing of it is sent, and it may run again", async () => {
    const scene = new ProcessScene();
    const { call } = scene.start();
    const bodies: string[] = [];
    scene.records = (redlock) => {
      const store = lockRecords(redlock);
      return {
        open: store.open.bind(store),
        get: store.get.bind(store),
        put: (id, record, options) => {
          bodies.push(record.body);
          return store.put(id, record, options);
        },
      };
    };
    const error = await scene.settle(rejection(call({}, () => "é".repeat(2_100))));
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toMatch(/^result: its record has 4\d\d\d bytes, and 4096 is the most/);
    expect(bodies.every((body) => !body.includes("éé"))).toBe(true);
    const later = await scene.settle(call({}, () => "e".repeat(3_900)));
    expect(later).toMatchObject({ outcome: "done", attempt: 2, value: "e".repeat(3_900) });
  });

  test.each([() => () => 1, () => 1n])("because its result cannot be JSON: TypeError", async (routine) => {
    const scene = new ProcessScene();
    const { call } = scene.start();
    const error = await scene.settle(rejection(call<unknown>({ onFailure: "keep" }, routine)));
    expect(error).toMatchObject({ name: "TypeError", message: expect.stringMatching(/^result: /) });
    expect(await scene.settle(call())).toMatchObject({ outcome: "failed", error: { name: "TypeError" } });
  });
});

describe("the transaction of a store", () => {
  /** A store of somebody else, whose transactions take some time to begin. */
  function transactional(scene: ProcessScene, begin: () => void | Promise<void>): TransactionalRecords {
    const store = memoryRecords({ clock: scene.clock });
    return {
      hasTransactions: true,
      open: store.open.bind(store),
      put: store.put.bind(store),
      get: store.get.bind(store),
      async transact(id, _from, options, work) {
        await begin();
        const { value, record } = await work({ query: async (text) => ({ rows: [{ text }] }) });
        await store.put(id, record, options);
        return value;
      },
    };
  }

  test("that is not of this library reaches the routine, without the time limit of other calls", async () => {
    const scene = new ProcessScene();
    const records = transactional(scene, () => undefined);
    const call = scene.start().call({ records }, async ({ tx }) => {
      await new Promise<void>((resolve) => void scene.clock.setTimer(60_000, resolve, false));
      return (await tx.query("update accounts")).rows;
    });
    expect(await scene.settle(call)).toMatchObject({ value: [{ text: "update accounts" }], replayed: false });
    expect(await scene.settle(scene.start().call({ records }))).toMatchObject({ replayed: true });
  });

  test("that fails in its own way: RecordStoreError; the error of the routine stays as it is", async () => {
    const scene = new ProcessScene();
    const store = transactional(scene, () => undefined);
    const broken = { ...store, transact: () => Promise.reject(new Error("no connection")) };
    const error = await scene.settle(rejection(scene.start().call({ records: broken })));
    expect(error).toMatchObject({ code: "RECORD_STORE", operation: "transact", ran: false });
    const lost: TransactionalRecords = {
      ...store,
      async transact(id, from, options, work) {
        await store.transact(id, from, options, work);
        throw new Error("the answer is lost");
      },
    };
    const problem = new TypeError("no paper");
    const threw = scene.start().call({ records: lost }, () => {
      throw problem;
    });
    expect(await scene.settle(rejection(threw))).toBe(problem);
    const unknown = await scene.settle(rejection(scene.start().call({ records: lost })));
    expect(unknown).toMatchObject({ code: "RECORD_STORE", operation: "transact", ran: true });
    expect(await scene.settle(scene.start().call({ records: store }))).toMatchObject({ attempt: 2 });
  });

  test("does not exist: a look at `tx` throws, and the task is not done", async () => {
    const scene = new ProcessScene();
    const records = memoryRecords({ clock: scene.clock });
    // As a wrapper that forgets the transactions of its store.
    const kept = ["open", "put", "get"] as const;
    const wrapper = Object.fromEntries(kept.map((name) => [name, records[name].bind(records)]));
    for (const [index, store] of [undefined, records, wrapper as never].entries()) {
      const call = <T>(routine: (task: Task) => T | Promise<T>): Promise<unknown> =>
        scene.start().call({ records: store }, routine, `order-${index}`);
      const error = await scene.settle(rejection(call(({ tx }) => tx.query("update accounts"))));
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(/^tx: .* has no transactions; give `records: sqlRecords/);
      expect(await scene.settle(call((task) => Object.keys(task).toSorted()))).toMatchObject({
        value: ["attempt", "fence", "lock", "signal"],
        attempt: 2,
      });
    }
  });

  test("begins long after the claim: the routine does not start without the lock, and it is no attempt", async () => {
    const scene = new ProcessScene();
    const [one, two] = [scene.start(), scene.start()];
    const connection = withResolvers<void>();
    const records = transactional(scene, () => connection.promise);
    const options: ProcessOptions = { records, onCrash: "keep" };
    const late = rejection(one.call(options));
    await scene.clock.advance(100);
    scene.clock.pause(2 * TTL);
    connection.resolve();
    await settle();
    expect(await scene.settle(late)).toBeInstanceOf(LockLostError);
    expect(scene.starts).toEqual([]);
    expect(await scene.settle(two.call(options))).toMatchObject({ outcome: "done", attempt: 1 });
  });

  test("begins after the signal of the caller has aborted: the routine does not start", async () => {
    const scene = new ProcessScene();
    const controller = new AbortController();
    const records = transactional(scene, () => controller.abort(new Error("shutdown")));
    const options: ProcessOptions = { records, onCrash: "keep" };
    const stopped = scene.start().call({ ...options, signal: controller.signal });
    expect(await scene.settle(rejection(stopped))).toBeInstanceOf(LockAbortedError);
    expect(scene.starts).toEqual([]);
    expect(await scene.settle(scene.start().call(options))).toMatchObject({ outcome: "done", attempt: 1 });
  });
});

describe("limits", () => {
  test("an attempt that takes longer than `runFor` is aborted, and its late result is ignored", async () => {
    const scene = new ProcessScene();
    const { call } = scene.start();
    const slow = call({ runFor: 60_000 }, async ({ signal }) => {
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      return "too late";
    });
    await scene.clock.advance(59_900);
    expect(await Promise.race([slow, Promise.resolve("pending")])).toBe("pending");
    const error = await scene.settle(rejection(slow), 1_000);
    expect(error).toBeInstanceOf(RunTimeoutError);
    expect(error).toMatchObject({ job: "order-1", limit: 60_000 });
    expect(await scene.settle(call())).toMatchObject({ outcome: "done", attempt: 2 });
    expect(scene.clock.keepAliveTimers).toBe(0);
  });

  test("a routine that does not stop is left after `grace`, and the lock is free", async () => {
    const scene = new ProcessScene();
    const slow = scene.start().call({ runFor: 100, grace: 2_000 }, never);
    await scene.clock.advance(2_000);
    expect(await Promise.race([slow, Promise.resolve("pending")])).toBe("pending");
    await scene.clock.advance(200);
    expect(await scene.settle(rejection(slow), 100)).toBeInstanceOf(RunTimeoutError);
    expect(await scene.settle(scene.start().call())).toMatchObject({ outcome: "done", attempt: 2 });
  });

  test("`wrap` puts policies around the lock", async () => {
    const scene = new ProcessScene();
    const { redlock, call } = scene.start();
    const wrapped: string[] = [];
    const wrap: ProcessOptions["wrap"] = (lockable) => {
      wrapped.push(lockable.name);
      return redlock.mutex("elsewhere");
    };
    await scene.settle(call({ wrap }, ({ lock }) => void wrapped.push(...lock.names)));
    expect(wrapped).toEqual(["task:order-1", "elsewhere"]);
  });
});

describe("the input", () => {
  test("in another order of keys is the same input", async () => {
    const scene = new ProcessScene();
    const { call } = scene.start();
    const list = [1, { b: 2, a: 1 }, "é"];
    await scene.settle(call({ input: { amount: 1, 10: "x", 9: "y", list, gone: undefined } }));
    const same = { list: [1, { a: 1, b: 2 }, "é"], 9: "y", amount: 1, 10: "x" };
    expect(await scene.settle(call({ input: same }))).toMatchObject({ replayed: true });
  });

  const other = { input: { amount: 2 } };
  const original = { input: { amount: 1 } };

  test("that differs is refused in every state, and nothing runs", async () => {
    const scene = new ProcessScene();
    const one = scene.start();
    const refused = async (options: ProcessOptions = other): Promise<void> => {
      const error = await scene.settle(rejection(scene.start().call(options)));
      expect(error).toBeInstanceOf(IdempotencyMismatchError);
      expect(error).toMatchObject({ code: "IDEMPOTENCY_MISMATCH", id: "order-1" });
    };
    // running
    void one.call(original, () => {
      one.process.pause();
      return never();
    });
    await scene.clock.advance(100);
    await refused();
    // The worker has died.
    await scene.clock.advance(2 * TTL);
    await refused();
    // failed, and may be repeated
    await scene.settle(rejection(scene.start().call(original, fail())));
    await refused();
    // done
    await scene.settle(scene.start().call(original));
    await refused();
    await refused({ input: {} });
    expect(scene.starts).toHaveLength(3);
    expect(await scene.settle(scene.start().call(original))).toMatchObject({ replayed: true, attempt: 3 });
  });

  test("that differs is refused also if the record is only found under the lock", async () => {
    const scene = new ProcessScene();
    scene.records = (redlock) => {
      const store = lockRecords(redlock);
      return {
        open: store.open.bind(store),
        put: store.put.bind(store),
        // It is not certain what is recorded.
        get: () => Promise.resolve(undefined),
      };
    };
    await scene.settle(scene.start().call(original));
    const error = await scene.settle(rejection(scene.start().call(other)));
    expect(error).toBeInstanceOf(IdempotencyMismatchError);
    // The lock was released.
    expect(await scene.settle(scene.start().call(original))).toMatchObject({ replayed: true });
  });

  test("may be `null`", async () => {
    const scene = new ProcessScene();
    const { call } = scene.start();
    await scene.settle(call({ input: null }));
    expect(await scene.settle(call({ input: null }))).toMatchObject({ replayed: true });
    expect(await scene.settle(rejection(call({ input: 0 })))).toBeInstanceOf(IdempotencyMismatchError);
  });

  test("is not compared in a call without one, and an attempt keeps that of the first call", async () => {
    const scene = new ProcessScene();
    const { call } = scene.start();
    await scene.settle(rejection(call(original, fail())));
    await scene.settle(call());
    expect(await scene.settle(rejection(call(other)))).toBeInstanceOf(IdempotencyMismatchError);
  });
});

describe("an outage", () => {
  test("before the start: QuorumError, and nothing ran", async () => {
    const scene = new ProcessScene();
    const one = scene.start();
    await scene.settle(one.redlock.using("warm", () => undefined));
    for (const instance of scene.instances.slice(1)) instance.pause();
    expect(await scene.settle(rejection(one.call()))).toBeInstanceOf(QuorumError);
    expect(scene.starts).toEqual([]);
  });

  test("while the claim is written: it is taken back, and is no attempt", async () => {
    const scene = new ProcessScene();
    const store = memoryRecords({ clock: scene.clock });
    let isLost = true;
    scene.records = () => ({
      open: store.open.bind(store),
      get: store.get.bind(store),
      put: async (id, record, options) => {
        await store.put(id, record, options);
        if (!isLost) return;
        isLost = false;
        throw new RecordStoreError(id, "put", new Error("the answer is lost"));
      },
    });
    const error = await scene.settle(rejection(scene.start().call({ onCrash: "keep" })));
    expect(error).toMatchObject({ code: "RECORD_STORE", ran: false });
    expect(scene.starts).toEqual([]);
    const result = await scene.settle(scene.start().call({ onCrash: "keep" }));
    expect(result).toMatchObject({ outcome: "done", attempt: 1 });
  });

  test("while a claim is taken back whose lock was lost: the same call knows that nothing ran", async () => {
    const scene = new ProcessScene();
    const store = memoryRecords({ clock: scene.clock });
    const answer = withResolvers<void>();
    scene.records = () => ({
      open: store.open.bind(store),
      get: store.get.bind(store),
      put: async (id, record, options) => {
        if (record.body.includes('"withdrawn"')) throw new RecordStoreError(id, "put", new Error("down"));
        await store.put(id, record, options);
        await answer.promise;
      },
    });
    const call = scene.start().call({ onCrash: "keep", maxAttempts: 1 });
    await scene.clock.advance(100);
    scene.clock.pause(2 * TTL);
    answer.resolve();
    await settle();
    expect(await scene.settle(call)).toMatchObject({ outcome: "done", attempt: 1 });
    expect(scene.starts).toHaveLength(1);
  });

  test("that is none, but a record that refuses every fencing token: LockLostError after 10 s, whatever `wait` is", async () => {
    const scene = new ProcessScene();
    const store = memoryRecords({ clock: scene.clock });
    scene.records = () => store;
    const keep = 86_400_000;
    await store.open("task:order-1", 8_999_999_999_999_999, { createdAt: scene.instant, keep });
    const refused = rejection(scene.start().call({ wait: Infinity }));
    expect(await scene.settle(refused, 15_000)).toBeInstanceOf(LockLostError);
    expect(scene.starts).toEqual([]);
  });

  test("after the routine: RecordStoreError with `ran`, and the next call runs it again", async () => {
    const scene = new ProcessScene();
    const one = scene.start();
    const unknown = one.call({}, () => {
      for (const instance of scene.instances.slice(1)) instance.pause();
      return "first";
    });
    const error = await scene.settle(rejection(unknown));
    expect(error).toBeInstanceOf(RecordStoreError);
    expect(error).toMatchObject({ ran: true, operation: "put", cause: expect.any(QuorumError) });
    expect((error as Error).message).toMatch(/put failed after the routine has run/);
    await scene.clock.advance(2 * TTL);
    for (const instance of scene.instances) instance.resume();
    await scene.clock.advance(1_000);
    const next = await scene.settle(scene.start().call({}, () => "second"));
    // The record of the first one may have arrived after all. Then that is the result.
    const isFirst = next.outcome === "done" && next.replayed;
    expect(next).toMatchObject({ value: isFirst ? "first" : "second" });
  });

  test("after the routine, whose record was written: the next call finds its result", async () => {
    const scene = new ProcessScene();
    const store = memoryRecords({ clock: scene.clock });
    scene.records = () => ({
      open: store.open.bind(store),
      get: store.get.bind(store),
      put: async (id, record, options) => {
        await store.put(id, record, options);
        if (record.body.includes('"done"')) throw new RecordStoreError(id, "put", new Error("lost"));
      },
    });
    const error = await scene.settle(rejection(scene.start().call({}, () => "first")));
    expect(error).toMatchObject({ code: "RECORD_STORE", ran: true });
    expect(await scene.settle(scene.start().call())).toMatchObject({ value: "first", replayed: true });
    expect(scene.starts).toHaveLength(1);
  });

  test("after the routine, with onCrash `keep`: it does not run again", async () => {
    const scene = new ProcessScene();
    const store = memoryRecords({ clock: scene.clock });
    scene.records = () => ({
      open: store.open.bind(store),
      get: store.get.bind(store),
      put: async (id, record, options) => {
        if (record.body.includes('"done"')) throw new RecordStoreError(id, "put", new Error("down"));
        await store.put(id, record, options);
      },
    });
    const options: ProcessOptions = { onCrash: "keep" };
    expect(await scene.settle(rejection(scene.start().call(options)))).toMatchObject({ ran: true });
    expect(await scene.settle(scene.start().call(options))).toMatchObject({ outcome: "failed" });
    expect(scene.starts).toHaveLength(1);
  });

  test("while a failure is recorded: the error of the routine is thrown, and the attempt counts", async () => {
    const scene = new ProcessScene();
    const store = memoryRecords({ clock: scene.clock });
    scene.records = () => ({
      open: store.open.bind(store),
      get: store.get.bind(store),
      put: async (id, record, options) => {
        if (record.body.includes('"failed"')) throw new RecordStoreError(id, "put", new Error("down"));
        await store.put(id, record, options);
      },
    });
    expect(await scene.settle(rejection(scene.start().call({}, fail())))).toMatchObject({
      message: "no paper",
    });
    expect(await scene.settle(scene.start().call())).toMatchObject({ attempt: 2 });
  });

  test("of most servers that lose their memory: older ids cannot be decided, younger ones can", async () => {
    const scene = new ProcessScene();
    await scene.settle(scene.start().call());
    for (const instance of scene.instances) instance.restart();
    await scene.clock.advance(60_000);
    expect(await scene.settle(rejection(scene.start().call()))).toBeInstanceOf(QuorumError);
    const unknownAge = scene.start().call({ createdAt: undefined }, () => 1, "order-2");
    expect(await scene.settle(rejection(unknownAge))).toBeInstanceOf(QuorumError);
    const young = { createdAt: scene.clock.wall() };
    expect(await scene.settle(scene.start().call(young, () => 1, "order-3"))).toMatchObject({ value: 1 });
    expect(scene.starts).toHaveLength(2);
  });
});

describe("the caller's signal", () => {
  test("before the start: nothing ran", async () => {
    const scene = new ProcessScene();
    const controller = new AbortController();
    controller.abort(new Error("shutdown"));
    const error = await rejection(scene.start().call({ signal: controller.signal }));
    expect(error).toBeInstanceOf(LockAbortedError);
    void scene.start().call({}, never);
    await scene.clock.advance(100);
    const later = new AbortController();
    const waiting = scene.start().call({ wait: Infinity, signal: later.signal });
    await scene.clock.advance(1_000);
    later.abort(new Error("shutdown"));
    expect(await scene.settle(rejection(waiting))).toBeInstanceOf(LockAbortedError);
    expect(scene.starts).toHaveLength(1);
  });

  test("while the claim is written: it is taken back, and is no attempt", async () => {
    const scene = new ProcessScene();
    const controller = new AbortController();
    scene.after("record.put", 1, () => controller.abort(new Error("shutdown")));
    const error = await scene.settle(rejection(scene.start().call({ signal: controller.signal })));
    expect(error).toBeInstanceOf(LockAbortedError);
    expect(await scene.settle(scene.start().call({ onCrash: "keep" }))).toMatchObject({ attempt: 1 });
    expect(scene.starts).toHaveLength(1);
  });

  test("while the claim of a second attempt is written: the first failure stays recorded", async () => {
    const scene = new ProcessScene();
    await scene.settle(rejection(scene.start().call({}, fail())));
    const controller = new AbortController();
    scene.after("record.put", 1, () => controller.abort(new Error("shutdown")));
    await scene.settle(rejection(scene.start().call({ signal: controller.signal })));
    const last = await scene.settle(scene.start().call({ maxAttempts: 1 }));
    expect(last).toMatchObject({ outcome: "failed", attempt: 1, error: { message: "no paper" } });
  });

  test("after the start: it is passed on, and what the routine does then counts", async () => {
    const scene = new ProcessScene();
    const controller = new AbortController();
    const reason = new Error("shutdown");
    const stopped = scene.start().call({ signal: controller.signal }, async ({ signal }) => {
      controller.abort(reason);
      signal.throwIfAborted();
    });
    expect(await scene.settle(rejection(stopped))).toBe(reason);
    const second = new AbortController();
    const finished = scene.start().call({ signal: second.signal, maxAttempts: 5 }, () => {
      second.abort(reason);
      return "all the same";
    });
    expect(await scene.settle(finished)).toMatchObject({ value: "all the same", attempt: 1 });
  });

  test("after the start, in the last attempt and with onFailure `keep`: the attempt is cancelled, and does not count", async () => {
    const scene = new ProcessScene();
    const asked: unknown[] = [];
    const policies: readonly ProcessOptions["onFailure"][] = [
      "retry",
      "keep",
      (error) => {
        asked.push(error);
        return "keep";
      },
    ];
    for (const onFailure of policies) {
      const controller = new AbortController();
      const options: ProcessOptions = { signal: controller.signal, maxAttempts: 1, onFailure };
      const stopped = scene.start().call(options, async ({ signal, attempt }) => {
        expect(attempt).toBe(1);
        controller.abort(new Error("shutdown"));
        signal.throwIfAborted();
      });
      expect(await scene.settle(rejection(stopped))).toMatchObject({ message: "shutdown" });
    }
    expect(asked).toEqual([]);
    const next = await scene.settle(scene.start().call({ maxAttempts: 1, onCrash: "keep" }));
    expect(next).toMatchObject({ outcome: "done", attempt: 1 });
    expect(scene.starts).toHaveLength(4);
  });

  test("after the start, with onCrash `keep`: nobody knows how far it came, so it does not begin again", async () => {
    const scene = new ProcessScene();
    const controller = new AbortController();
    const options: ProcessOptions = { signal: controller.signal, onCrash: "keep" };
    const stopped = scene.start().call(options, async ({ signal }) => {
      controller.abort(new Error("shutdown"));
      signal.throwIfAborted();
    });
    expect(await scene.settle(rejection(stopped))).toMatchObject({ message: "shutdown" });
    const next = await scene.settle(scene.start().call({ onCrash: "keep" }));
    expect(next).toMatchObject({ outcome: "failed", attempt: 1, error: { message: "shutdown" } });
    expect(scene.starts).toHaveLength(1);
  });

  test("after `runFor`, or after the routine threw: the attempt counts", async () => {
    const scene = new ProcessScene();
    const controller = new AbortController();
    const slow = scene.start().call({ signal: controller.signal, runFor: 1_000, grace: 2_000 }, never);
    await scene.clock.advance(2_000);
    controller.abort(new Error("shutdown"));
    expect(await scene.settle(rejection(slow), 3_000)).toBeInstanceOf(RunTimeoutError);
    const later = new AbortController();
    scene.after("record.put", 2, () => later.abort(new Error("shutdown")));
    const threw = scene.start().call({ signal: later.signal }, fail());
    expect(await scene.settle(rejection(threw))).toMatchObject({ message: "no paper" });
    expect(await scene.settle(scene.start().call())).toMatchObject({ attempt: 3 });
  });

  test("because of a time limit of the caller: the attempt is cancelled as well", async () => {
    const scene = new ProcessScene();
    const controller = new AbortController();
    const stopped = scene
      .start()
      .call({ signal: controller.signal, onFailure: "keep" }, async ({ signal }) => {
        controller.abort(new RunTimeoutError("the job around it", 1_000));
        signal.throwIfAborted();
      });
    expect(await scene.settle(rejection(stopped))).toBeInstanceOf(RunTimeoutError);
    expect(await scene.settle(scene.start().call())).toMatchObject({ attempt: 1 });
  });

  test("after the start, to a routine that does not listen: it is left after `grace`", async () => {
    const scene = new ProcessScene();
    const controller = new AbortController();
    const deaf = scene.start().call({ signal: controller.signal, grace: 1_000 }, never);
    await scene.clock.advance(100);
    controller.abort(new Error("shutdown"));
    expect(await scene.settle(rejection(deaf), 1_500)).toBeInstanceOf(LockAbortedError);
    expect(await scene.settle(scene.start().call())).toMatchObject({ attempt: 1 });
  });

  test("a client that closes ends a wait, and a run", async () => {
    const scene = new ProcessScene();
    const [one, two] = [scene.start(), scene.start()];
    const running = rejection(
      one.call({}, async ({ signal }) => {
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      }),
    );
    await scene.clock.advance(100);
    const waiting = rejection(two.call({ wait: Infinity }));
    await scene.clock.advance(100);
    await scene.settle(Promise.all([one.redlock.close(), two.redlock.close()]));
    expect(await scene.settle(waiting)).toBeInstanceOf(LockClosedError);
    expect(await scene.settle(running)).toBeInstanceOf(LockLostError);
  });
});

describe("bad arguments", () => {
  test.each<[ProcessOptions & Record<string, unknown>, string]>([
    [{ retainFor: 59_999 }, "retainFor"],
    [{ retainFor: 30 * 86_400_000 + 1 }, "retainFor"],
    [{ retainFor: Number.NaN }, "retainFor"],
    [{ input: () => 1 }, "input"],
    [{ createdAt: -1 }, "createdAt"],
    [{ createdAt: Number.NaN }, "createdAt"],
    [{ wait: -1 }, "wait"],
    [{ wait: "1" as never }, "wait"],
    [{ runFor: 99 }, "runFor"],
    [{ runFor: 86_400_001 }, "runFor"],
    [{ grace: -1 }, "grace"],
    [{ grace: 600_001 }, "grace"],
    [{ maxAttempts: 0 }, "maxAttempts"],
    [{ maxAttempts: 1_001 }, "maxAttempts"],
    [{ maxAttempts: 1.5 }, "maxAttempts"],
    [{ onFailure: "stop" as never }, "onFailure"],
    [{ onFailure: 1 as never }, "onFailure"],
    [{ onCrash: "stop" as never }, "onCrash"],
    [{ onCrash: (() => "keep") as never }, "onCrash"],
    [{ records: new Map() as never }, "records"],
    [{ records: { ...methods, hasTransactions: true } as never }, "records"],
    [{ wrap: 1 as never }, "wrap"],
    [{ wrap: (() => 1) as never }, "wrap"],
    [{ signal: 1 as never }, "signal"],
    [{ ttl: 1_000 }, "ttl"],
  ])("%j is refused with its field", async (options, field) => {
    const error = (await rejection(new ProcessScene().start().call(options))) as Error;
    expect(error instanceof RangeError || error instanceof TypeError).toBe(true);
    expect(error.message).toMatch(new RegExp(`^${field}\\b`));
  });

  test("a bad id, and a routine that is no function", async () => {
    const { call } = new ProcessScene().start();
    for (const id of ["", "x".repeat(901), 1 as never]) {
      const error = (await rejection(call({}, undefined, id))) as Error;
      expect(error.message).toMatch(/^id: /);
    }
  });
});
