import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitChange,
  CircuitOpenError,
  LockAbortedError,
  type LockEvents,
  LockPoolFullError,
  TenantLimitError,
  withCircuitBreaker,
} from "../../src/index.ts";
import { noQuorum, ScriptedLockable, type Step } from "../support/scripted-lockable.ts";
import { rejection, withResolvers } from "../support/timing.ts";
import { advanceDuring } from "../support/world.ts";

/** A breaker around a scripted lockable, with its changes. */
function guarded(steps: readonly Step[] = [], options: CircuitBreakerOptions = {}) {
  const scripted = new ScriptedLockable(steps);
  const breaker = new CircuitBreaker(options);
  const changes: CircuitChange[] = [];
  breaker.onChange((change) => changes.push(change));
  const lockable = withCircuitBreaker(scripted.lockable, breaker);
  /** Calls once, and returns what happened. */
  const call = async (): Promise<string> => {
    try {
      const result = await lockable.tryUsing(() => "work");
      return result.acquired ? "granted" : "held";
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const calls = async (count: number): Promise<readonly string[]> => {
    const results: string[] = [];
    for (let index = 0; index < count; index += 1) results.push(await call());
    return results;
  };
  return { scripted, breaker, changes, lockable, call, calls, clock: scripted.world.clock };
}

const failures = (count: number): Step[] => Array.from({ length: count }, () => "unreachable");

test("a call that an open breaker refuses has the event of a failure without an attempt", async () => {
  const { calls, lockable, scripted } = guarded(failures(5));
  const failed: LockEvents["lock:acquire:failed"][] = [];
  scripted.world.redlock.on("lock:acquire:failed", (event) => void failed.push(event));
  await calls(5);
  const error = await rejection(lockable.acquire({ wait: 700 }));
  await rejection(lockable.tryAcquire({ wait: 700 }));
  const common = { names: ["a"], reason: "no-quorum", waitedMs: 0, attempts: 0 };
  expect(failed).toMatchObject([
    { ...common, error, waitMs: 700 },
    { ...common, waitMs: 0 },
  ]);
  expect(new Set(failed.map(({ id }) => id)).size).toBe(2);
});

describe("closed", () => {
  test("opens after 5 failures in a row, and then fails at once", async () => {
    const { breaker, calls, changes, scripted, lockable, clock } = guarded(failures(5));
    expect(breaker.state).toBe("closed");
    expect(await calls(4)).toEqual(Array.from({ length: 4 }, () => "LOCK_NO_QUORUM"));
    expect(breaker).toMatchObject({ state: "closed", failures: 4, successes: 0 });
    expect(await calls(2)).toEqual(["LOCK_NO_QUORUM", "LOCK_CIRCUIT_OPEN"]);
    expect(scripted.calls).toHaveLength(5);
    expect(changes).toMatchObject([{ from: "closed", to: "open", error: { code: "LOCK_NO_QUORUM" } }]);
    await clock.advance(20_000);
    const error = await rejection(lockable.acquire());
    expect(error).toBeInstanceOf(CircuitOpenError);
    expect(error).toMatchObject({ names: ["a"], retryAfter: 40_000, cause: changes[0]!.error });
    expect((error as Error).message).toBe(
      '"a": the circuit breaker is open: it lets a call through in 40000 ms; the last failure: "a": too few instances answered',
    );
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      code: "LOCK_CIRCUIT_OPEN",
      retryAfter: 40_000,
    });
    expect(JSON.stringify(breaker)).toBe('{"state":"open","failures":0,"successes":0}');
  });

  test("a grant resets the count, contention and all other errors leave it as it is", async () => {
    const steps: Step[] = ["unreachable", "granted", "unreachable", "held"];
    const others: Step[] = [
      new LockAbortedError(["a"], "enough"),
      new LockPoolFullError(["a"], { size: 1, waiting: 0, waited: 0, why: "now" }),
      new TenantLimitError(["a"], "acme", 1, 0),
      new Error("other"),
    ];
    const { breaker, calls } = guarded([...steps, ...others, "unreachable"], { failureThreshold: 3 });
    await calls(2);
    expect(breaker.failures).toBe(0);
    await calls(6);
    expect(breaker.failures).toBe(1);
    await calls(1);
    expect(breaker).toMatchObject({ state: "closed", failures: 2 });
  });

  test("a timeout of a waiting caller is no failure", async () => {
    const { breaker, lockable } = guarded(["held", "unreachable"], { failureThreshold: 2 });
    expect(await rejection(lockable.acquire())).toMatchObject({ code: "LOCK_TIMEOUT" });
    expect(await rejection(lockable.using(() => 1))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(breaker.failures).toBe(1);
  });

  test("an error of the routine is no failure, even if it is a QuorumError", async () => {
    const { breaker, lockable } = guarded(["unreachable"], { failureThreshold: 2 });
    await rejection(lockable.acquire());
    const inRoutine = noQuorum();
    const failing = (): never => {
      throw inRoutine;
    };
    expect(await rejection(lockable.using(failing))).toBe(inRoutine);
    expect(breaker).toMatchObject({ state: "closed", failures: 0 });
  });
});

describe("half-open", () => {
  /** A breaker that has been open for as long as it stays open. */
  async function recovered(steps: readonly Step[], options: CircuitBreakerOptions = {}) {
    const all = guarded([...failures(1), ...steps], { failureThreshold: 1, ...options });
    await all.call();
    await all.clock.advance(options.recoveryMs ?? 60_000);
    return all;
  }

  test("begins with the first call after the recovery time, and not earlier", async () => {
    const { breaker, call, clock } = guarded(failures(1), { failureThreshold: 1, recoveryMs: 500 });
    await call();
    await clock.advance(499);
    expect(await call()).toBe("LOCK_CIRCUIT_OPEN");
    await clock.advance(1);
    expect(breaker.state).toBe("open");
    expect(await call()).toBe("granted");
    expect(breaker).toMatchObject({ state: "half-open", successes: 1 });
  });

  test("closes after 2 successes", async () => {
    const { breaker, calls, changes } = await recovered([]);
    await calls(2);
    expect(breaker).toMatchObject({ state: "closed", failures: 0, successes: 0 });
    expect(changes.map(({ from, to }) => `${from} → ${to}`)).toEqual([
      "closed → open",
      "open → half-open",
      "half-open → closed",
    ]);
    expect(changes[2]!.error).toBeUndefined();
  });

  test("a held lock is a success, because the servers answered", async () => {
    const { breaker, lockable, call } = await recovered(["held", "held"]);
    expect(await call()).toBe("held");
    expect(await rejection(lockable.acquire())).toMatchObject({ code: "LOCK_TIMEOUT" });
    expect(breaker.state).toBe("closed");
  });

  test("one failure opens it again, for the whole recovery time", async () => {
    const { breaker, calls, call, clock } = await recovered(["granted", "unreachable"]);
    expect(await calls(3)).toEqual(["granted", "LOCK_NO_QUORUM", "LOCK_CIRCUIT_OPEN"]);
    expect(breaker.state).toBe("open");
    await clock.advance(59_999);
    expect(await call()).toBe("LOCK_CIRCUIT_OPEN");
    await clock.advance(1);
    expect(await call()).toBe("granted");
  });

  test("other errors end a trial without a decision", async () => {
    const { breaker, calls } = await recovered([new Error("other"), new LockAbortedError(["a"], 1)]);
    await calls(2);
    expect(breaker).toMatchObject({ state: "half-open", successes: 0 });
    await calls(2);
    expect(breaker.state).toBe("closed");
  });

  test.each([1, 3])("at most %i trials are under way at a time", async (halfOpenTrials) => {
    const pending: Step[] = Array.from({ length: halfOpenTrials }, () => "pending");
    const { breaker, lockable, call, scripted } = await recovered(pending, { halfOpenTrials });
    const controller = new AbortController();
    const trials = pending.map(() => rejection(lockable.acquire({ signal: controller.signal })));
    const error = await rejection(lockable.acquire());
    expect(error).toMatchObject({ code: "LOCK_CIRCUIT_OPEN", retryAfter: 0 });
    expect((error as Error).message).toContain("trial calls are under way");
    expect(scripted.calls).toHaveLength(1 + halfOpenTrials);
    controller.abort(new Error("enough"));
    await Promise.all(trials);
    expect(await call()).toBe("granted");
    expect(breaker.successes).toBe(1);
  });

  test("a routine that runs keeps no trial", async () => {
    const { breaker, lockable, call } = await recovered(["granted", "held"]);
    const { promise, resolve } = withResolvers<void>();
    const started = withResolvers<void>();
    const running = lockable.using(() => (started.resolve(), promise));
    await started.promise;
    expect(breaker.successes).toBe(1);
    expect(await call()).toBe("held");
    expect(breaker.state).toBe("closed");
    resolve();
    await running;
  });

  test("a trial that waits for longer than the recovery time makes room for another one", async () => {
    const { breaker, lockable, call, clock } = await recovered(["pending"]);
    const controller = new AbortController();
    const trial = rejection(lockable.acquire({ signal: controller.signal }));
    await clock.advance(59_999);
    expect(await call()).toBe("LOCK_CIRCUIT_OPEN");
    await clock.advance(1);
    expect(await call()).toBe("granted");
    controller.abort(new Error("enough"));
    await trial;
    expect(breaker).toMatchObject({ state: "half-open", successes: 1 });
  });

  test("a trial that ends after the breaker has opened again changes nothing", async () => {
    const { breaker, lockable, calls, clock } = await recovered(["pending", "unreachable"]);
    const controller = new AbortController();
    const late = rejection(lockable.acquire({ signal: controller.signal }));
    await clock.advance(60_000);
    expect(await calls(1)).toEqual(["LOCK_NO_QUORUM"]);
    await clock.advance(60_000);
    await calls(1);
    controller.abort(noQuorum());
    await late;
    expect(breaker).toMatchObject({ state: "half-open", successes: 1 });
  });

  test("calls that began before it opened change nothing", async () => {
    const { breaker, lockable, calls, scripted } = guarded(["pending", ...failures(2)], {
      failureThreshold: 2,
    });
    const controller = new AbortController();
    const late = rejection(lockable.acquire({ signal: controller.signal }));
    await calls(2);
    await scripted.world.clock.advance(60_000);
    await calls(1);
    controller.abort(noQuorum());
    await late;
    expect(breaker).toMatchObject({ state: "half-open", successes: 1 });
  });
});

test("one breaker serves many lockables, and the query passes", async () => {
  const breaker = new CircuitBreaker({ failureThreshold: 2 });
  const first = new ScriptedLockable(failures(1));
  const second = new ScriptedLockable(failures(1), first.world, "b");
  const [a, b] = [first, second].map(({ lockable }) => withCircuitBreaker(lockable, breaker));
  await rejection(a!.acquire());
  await rejection(b!.acquire());
  expect(await rejection(a!.acquire())).toMatchObject({ code: "LOCK_CIRCUIT_OPEN", names: ["a"] });
  expect(await rejection(b!.tryAcquire())).toMatchObject({ code: "LOCK_CIRCUIT_OPEN", names: ["b"] });
  expect(await a!.query()).toMatchObject({ isHeld: false });
});

test("reset closes it, and calls that are under way count no more", async () => {
  const { breaker, lockable, call, changes } = guarded(["unreachable", "pending"], { failureThreshold: 1 });
  await call();
  breaker.reset();
  expect(breaker.state).toBe("closed");
  const controller = new AbortController();
  const pending = rejection(lockable.acquire({ signal: controller.signal }));
  breaker.reset();
  controller.abort(noQuorum());
  await pending;
  expect(breaker).toMatchObject({ state: "closed", failures: 0 });
  expect(changes.map(({ to }) => to)).toEqual(["open", "closed"]);
});

test("a listener is removed once, and one that throws is reported", async () => {
  const breaker = new CircuitBreaker({ failureThreshold: 1 });
  const warnings: string[] = [];
  const collect = ({ message }: Error): void => void warnings.push(message);
  process.on("warning", collect);
  const seen: string[] = [];
  const listener = ({ to }: CircuitChange): void => void seen.push(to);
  const stop = breaker.onChange(listener);
  breaker.onChange(listener);
  breaker.onChange(() => {
    throw new Error("deaf");
  });
  stop();
  await rejection(withCircuitBreaker(new ScriptedLockable(failures(1)).lockable, breaker).acquire());
  expect(seen).toEqual(["open"]);
  expect(breaker.state).toBe("open");
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", collect);
  expect(warnings).toEqual(["a listener of the circuit breaker threw: deaf"]);
});

test("a real outage opens it, and it sends nothing while it is open", async () => {
  const { world } = new ScriptedLockable();
  const { clock, instances, redlock } = world;
  await redlock.using("a", () => undefined);
  for (const instance of instances) instance.kill();
  const events: unknown[] = [];
  redlock.on("lock:acquire:started", (event) => events.push(event));
  const breaker = new CircuitBreaker({ failureThreshold: 2 });
  const lockable = withCircuitBreaker(redlock.mutex("a"), breaker);
  await advanceDuring(clock, 1_000, rejection(lockable.acquire({ wait: 200 })));
  await advanceDuring(clock, 1_000, rejection(lockable.tryAcquire()));
  expect(events).toHaveLength(2);
  expect(await rejection(lockable.acquire())).toBeInstanceOf(CircuitOpenError);
  expect(events).toHaveLength(2);
});

test("in any order of results and pauses, a call passes if and only if the model of the breaker lets it pass", async () => {
  const move = fc.oneof(fc.constantFrom<Step>("granted", "held", "unreachable"), fc.constantFrom(30, 70));
  const property = fc.asyncProperty(
    fc.array(move, { maxLength: 40 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 3 }),
    async (moves, failureThreshold, successThreshold) => {
      const { breaker, call, clock, scripted } = guarded([], {
        failureThreshold,
        successThreshold,
        recoveryMs: 100,
      });
      let model = { state: "closed", failures: 0, successes: 0, openFor: 0 };
      for (const each of moves) {
        if (typeof each === "number") {
          clock.pause(each);
          model.openFor += each;
          continue;
        }
        if (model.state === "open" && model.openFor >= 100)
          Object.assign(model, { state: "half-open", successes: 0 });
        scripted.steps.length = 0;
        scripted.steps.push(each);
        const result = await call();
        expect(result === "LOCK_CIRCUIT_OPEN").toBe(model.state === "open");
        if (model.state === "open") continue;
        const isOutage = each === "unreachable";
        if (model.state === "closed") {
          if (each === "granted") model.failures = 0;
          if (isOutage) model.failures += 1;
        } else if (!isOutage) model.successes += 1;
        const opens = isOutage && (model.state === "half-open" || model.failures >= failureThreshold);
        if (opens) model = { state: "open", failures: 0, successes: 0, openFor: 0 };
        else if (model.state === "half-open" && model.successes >= successThreshold)
          model = { state: "closed", failures: 0, successes: 0, openFor: 0 };
        expect(breaker.state).toBe(model.state);
      }
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

test.each<[CircuitBreakerOptions, ErrorConstructor, RegExp]>([
  [{ failureThreshold: 0 }, RangeError, /^failureThreshold: 0 /],
  [{ failureThreshold: 1.5 }, RangeError, /^failureThreshold: 1.5 /],
  [{ recoveryMs: Number.NaN }, RangeError, /^recoveryMs: NaN /],
  [{ recoveryMs: "60s" as never }, TypeError, /^recoveryMs: "60s" /],
  [{ successThreshold: 0 }, RangeError, /^successThreshold: 0 /],
  [{ halfOpenTrials: -1 }, RangeError, /^halfOpenTrials: -1 /],
  [{ threshold: 5 } as never, TypeError, /^threshold: there is no such option/],
])("bad options are refused: %o", (options, type, message) => {
  expect(() => new CircuitBreaker(options)).toThrow(type);
  expect(() => withCircuitBreaker(new ScriptedLockable().lockable, options)).toThrow(message);
  expect(() => withCircuitBreaker(5 as never)).toThrow(/^lockable: 5 /);
  expect(() => new CircuitBreaker().onChange(5 as never)).toThrow(/^listener: 5 /);
});
