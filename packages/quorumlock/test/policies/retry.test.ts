import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import {
  attemptsOf,
  constant,
  exponential,
  linear,
  type RetryEvent,
  type RetryStrategy,
  withRetry,
} from "../../src/index.ts";
import { noQuorum, ScriptedLockable, timeoutError } from "../support/scripted-lockable.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring } from "../support/world.ts";

const never = Array.from({ length: 10_000 }, () => "unreachable" as const);

describe("what is repeated", () => {
  test("outages and timeouts of acquire and using, with the pauses of the strategy", async () => {
    const scripted = new ScriptedLockable(["unreachable", "held", "unreachable"]);
    const { clock } = scripted.world;
    clock.nextRandom = 0;
    const lock = await advanceDuring(clock, 5_000, withRetry(scripted.lockable).acquire({ ttl: 3_000 }));
    expect(lock).toMatchObject({ names: ["a"], ttl: 3_000 });
    expect(scripted.gaps).toEqual([100, 200, 400]);
    await lock.release();
    scripted.steps.push("held");
    const result = withRetry(scripted.lockable, linear()).using({ ttl: 4_000 }, (held) => held.ttl);
    expect(await advanceDuring(clock, 600, result)).toBe(4_000);
    expect(clock.keepAliveTimers).toBe(0);
  });

  test("of the calls that try once, only outages: a held lock is a result", async () => {
    const scripted = new ScriptedLockable(["unreachable", "held", "unreachable", "unreachable", "held"]);
    const { clock } = scripted.world;
    const lockable = withRetry(scripted.lockable, constant(50));
    expect(await advanceDuring(clock, 50, lockable.tryAcquire())).toBeNull();
    expect(
      await advanceDuring(
        clock,
        100,
        lockable.tryUsing(() => 1),
      ),
    ).toEqual({ acquired: false });
    expect(scripted.calls).toHaveLength(5);
    expect(await lockable.tryUsing(() => 2)).toEqual({ acquired: true, value: 2 });
  });

  test("no other errors, and not the errors of the routine", async () => {
    const other = new Error("other");
    const scripted = new ScriptedLockable([other]);
    const lockable = withRetry(scripted.lockable, constant(50));
    expect(await rejection(lockable.acquire())).toBe(other);
    const inRoutine = noQuorum();
    expect(
      await rejection(
        lockable.using(() => {
          throw inRoutine;
        }),
      ),
    ).toBe(inRoutine);
    expect(attemptsOf(inRoutine)).toBeUndefined();
    expect(scripted.calls).toHaveLength(2);
    expect(await rejection(lockable.acquire({ ttl: -1 }))).toBeInstanceOf(RangeError);
    expect(await rejection(lockable.using(5 as never))).toBeInstanceOf(TypeError);
  });
});

describe("the limits", () => {
  test("5 attempts by default, and the last error is thrown as it is", async () => {
    const last = timeoutError();
    const scripted = new ScriptedLockable(["unreachable", "held", "unreachable", "unreachable", last]);
    const failed = rejection(withRetry(scripted.lockable, constant(100)).acquire());
    expect(await advanceDuring(scripted.world.clock, 400, failed)).toBe(last);
    expect(attemptsOf(last)).toBe(5);
    expect(attemptsOf("no error")).toBeUndefined();
    expect(scripted.calls).toHaveLength(5);
  });

  test("the number of attempts, with 1 for none after the first", async () => {
    const scripted = new ScriptedLockable(never);
    const events: RetryEvent[] = [];
    const options = { maxAttempts: 3, onRetry: (event: RetryEvent) => events.push(event) };
    const failed = rejection(withRetry(scripted.lockable, constant(100), options).acquire());
    const error = await advanceDuring(scripted.world.clock, 200, failed);
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(events).toMatchObject([
      { names: ["a"], attempt: 1, delayMs: 100, error: { code: "LOCK_NO_QUORUM" } },
      { attempt: 2, delayMs: 100 },
    ]);
    await rejection(withRetry(scripted.lockable, constant(100), { maxAttempts: 1 }).acquire());
    expect(scripted.calls).toHaveLength(4);
  });

  test("the total time: no pause that would end after it, and no acquisition that waits longer", async () => {
    const scripted = new ScriptedLockable(never);
    const { clock } = scripted.world;
    const options = { maxTime: 1_000, maxAttempts: Infinity };
    const started = clock.monotonic();
    const failed = rejection(withRetry(scripted.lockable, constant(300), options).acquire({ wait: 800 }));
    await advanceDuring(clock, 900, failed);
    expect(scripted.calls.map((call) => [call.at - started, call.options?.wait])).toEqual([
      [0, 800],
      [300, 700],
      [600, 400],
      [900, 100],
    ]);
  });

  test("a real outage ends with the total time", async () => {
    const { world } = new ScriptedLockable();
    const { clock, instances, redlock } = world;
    await redlock.using("a", () => undefined);
    for (const instance of instances) instance.kill();
    const lockable = withRetry(redlock.mutex("a"), constant(100), { maxTime: 2_000 });
    const failed = rejection(lockable.acquire({ wait: 700 }));
    const error = await advanceDuring(clock, 2_000, failed);
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(attemptsOf(error)).toBe(3);
    await clock.advance(10_000);
    expect(clock.keepAliveTimers).toBe(0);
  });

  test("a strategy that always returns 0 pauses 10 ms, and ends by time", async () => {
    const scripted = new ScriptedLockable(never);
    const options = { maxTime: 1_000, maxAttempts: Infinity };
    const failed = rejection(withRetry(scripted.lockable, () => 0, options).acquire());
    await advanceDuring(scripted.world.clock, 1_000, failed);
    expect(scripted.calls).toHaveLength(100);
    expect(new Set(scripted.gaps)).toEqual(new Set([10]));
  });

  test("the signal of the caller ends a pause, and its listener is removed", async () => {
    const scripted = new ScriptedLockable(never);
    const controller = new AbortController();
    const { signal } = controller;
    const failed = rejection(withRetry(scripted.lockable, constant(100)).acquire({ signal }));
    await scripted.world.clock.advance(150);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    controller.abort("enough");
    expect(await failed).toMatchObject({ code: "LOCK_ABORTED", cause: "enough" });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
    expect(scripted.calls).toHaveLength(2);
    expect(scripted.world.clock.keepAliveTimers).toBe(0);
  });

  test("the close of the client ends a pause", async () => {
    const scripted = new ScriptedLockable(never);
    const failed = rejection(withRetry(scripted.lockable, constant(100)).acquire());
    await settle();
    await scripted.world.redlock.close();
    expect(await failed).toMatchObject({ code: "LOCK_CLOSED" });
  });
});

describe("a strategy of one's own", () => {
  test("gets the attempt, the error and the state, and stops with null", async () => {
    const scripted = new ScriptedLockable(["unreachable", "held", "unreachable"]);
    const calls: unknown[] = [];
    const strategy: RetryStrategy = (attempt, error, { previousMs, elapsedMs, random }) => {
      calls.push([attempt, error.code, previousMs, elapsedMs, random()]);
      return attempt === 3 ? null : attempt * 20;
    };
    const failed = rejection(withRetry(scripted.lockable, strategy).acquire());
    const error = await advanceDuring(scripted.world.clock, 60, failed);
    expect(attemptsOf(error)).toBe(3);
    expect(calls).toEqual([
      [1, "LOCK_NO_QUORUM", undefined, 0, 0.5],
      [2, "LOCK_TIMEOUT", 20, 20, 0.5],
      [3, "LOCK_NO_QUORUM", 40, 60, 0.5],
    ]);
  });

  test.each<[string, RetryStrategy, ErrorConstructor, RegExp]>([
    ["NaN", () => Number.NaN, RangeError, /^strategy: it returned NaN;/],
    ["a negative number", () => -5, RangeError, /^strategy: it returned -5;/],
    ["Infinity", () => Infinity, RangeError, /^strategy: it returned Infinity;/],
    ["nothing", () => undefined as never, TypeError, /^strategy: it returned undefined;/],
    ["a promise", () => Promise.resolve(5) as never, TypeError, /^strategy: it returned an object/],
  ])(
    "that returns %s ends the call with the reason, and the failure as the cause",
    async (_, strategy, type, text) => {
      const failure = noQuorum();
      const scripted = new ScriptedLockable([failure]);
      const error = await rejection(withRetry(scripted.lockable, strategy).acquire());
      expect(error).toBeInstanceOf(type);
      expect(error).toMatchObject({ message: expect.stringMatching(text) as string, cause: failure });
      expect(scripted.calls).toHaveLength(1);
    },
  );

  test("that throws ends the call", async () => {
    const thrown = new Error("broken");
    const strategy = (): never => {
      throw thrown;
    };
    const failed = withRetry(new ScriptedLockable(never).lockable, strategy).acquire();
    const error = await rejection(failed);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: expect.stringContaining("broken") as string, cause: thrown });
  });

  test("a listener that throws is reported, and changes nothing", async () => {
    const warnings: Error[] = [];
    const collect = (warning: Error): void => void warnings.push(warning);
    process.on("warning", collect);
    const scripted = new ScriptedLockable(["unreachable"]);
    const onRetry = (): never => {
      throw new Error("deaf");
    };
    const acquired = withRetry(scripted.lockable, constant(20), { onRetry }).acquire();
    expect(await advanceDuring(scripted.world.clock, 20, acquired)).toMatchObject({ isHeld: true });
    process.off("warning", collect);
    expect(warnings.map(({ message }) => message)).toEqual(["onRetry threw: deaf"]);
  });
});

test.each<[() => unknown, ErrorConstructor, RegExp]>([
  [() => withRetry(undefined as never), TypeError, /^lockable: undefined /],
  [() => withRetry({} as never), TypeError, /^lockable: /],
  [() => withRetry(new ScriptedLockable().lockable, "exponential" as never), TypeError, /^strategy: "exp/],
  [
    () => withRetry(new ScriptedLockable().lockable, exponential(), { maxAttempts: 0 }),
    RangeError,
    /^maxAttempts: 0 /,
  ],
  [
    () => withRetry(new ScriptedLockable().lockable, exponential(), { maxAttempts: 1.5 }),
    RangeError,
    /^maxAttempts: 1.5 /,
  ],
  [
    () => withRetry(new ScriptedLockable().lockable, exponential(), { maxTime: 0 }),
    RangeError,
    /^maxTime: 0 /,
  ],
  [
    () => withRetry(new ScriptedLockable().lockable, exponential(), { maxTime: Number.NaN }),
    RangeError,
    /^maxTime: NaN /,
  ],
  [
    () =>
      withRetry(new ScriptedLockable().lockable, exponential(), { maxTime: Infinity, maxAttempts: Infinity }),
    RangeError,
    /both are Infinity/,
  ],
  [
    () => withRetry(new ScriptedLockable().lockable, exponential(), { attempts: 3 } as never),
    TypeError,
    /^attempts: there is no such option; the options are maxAttempts/,
  ],
  [
    () => withRetry(new ScriptedLockable().lockable, exponential(), { onRetry: 1 } as never),
    TypeError,
    /^onRetry: 1 /,
  ],
])("a bad argument is refused: %s", (make, type, message) => {
  expect(make).toThrow(type);
  expect(make).toThrow(message);
});
