import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import {
  type Lock,
  LockClosedError,
  LockConditionError,
  LockLostError,
  type Unsubscribe,
  when,
  type WhenOptions,
} from "../../src/index.ts";
import { rejection, withResolvers } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { watchedWorld } from "../support/watched-world.ts";
import { advanceDuring, type World, world } from "../support/world.ts";

/** A condition that a test switches, with its checks and subscriptions. */
class Switch {
  isOn: boolean;
  /** One entry for each check: whether it had a lock. */
  readonly checks: boolean[] = [];
  readonly #emitter = new EventEmitter();

  constructor(isOn: boolean) {
    this.isOn = isOn;
  }

  readonly condition = (lock: Lock | undefined): boolean => {
    this.checks.push(lock !== undefined);
    return this.isOn;
  };

  readonly changed = (notify: () => void): Unsubscribe => {
    this.#emitter.on("change", notify);
    return () => void this.#emitter.off("change", notify);
  };

  get options(): WhenOptions {
    return { changed: this.changed };
  }

  get subscriptions(): number {
    return this.#emitter.listenerCount("change");
  }

  set(isOn: boolean): void {
    this.isOn = isOn;
    this.notify();
  }

  notify(): void {
    this.#emitter.emit("change");
  }
}

/** No token of a lock is left on the instances. */
async function isFree({ redlock }: World, name = "a"): Promise<boolean> {
  await settle();
  const lock = await redlock.tryAcquire(name);
  await lock?.release();
  return lock !== null;
}

describe("if the condition holds", () => {
  test("the lock is acquired at once, after a check before and a check under the lock", async () => {
    const { redlock } = world();
    const door = new Switch(true);
    let subscriptions = 0;
    const subscribe = (): Unsubscribe => ((subscriptions += 1), () => undefined);
    const lockable = when(redlock.mutex("a"), door.condition, { changed: subscribe });
    expect(lockable.name).toBe("a");
    const lock = await lockable.acquire();
    expect(lock).toMatchObject({ names: ["a"], isHeld: true });
    expect(door.checks).toEqual([false, true]);
    await lock.release();
    expect(await lockable.using((held, signal) => held.isHeld && !signal.aborted)).toBe(true);
    expect(await lockable.tryUsing({ ttl: 5_000 }, (held) => held.ttl)).toEqual({
      acquired: true,
      value: 5_000,
    });
    await (await lockable.tryAcquire())?.release();
    expect(door.checks).toHaveLength(8);
    expect(subscriptions).toBe(0);
    expect(await lockable.tryAcquire()).not.toBeNull();
  });

  test("the wait for the lock is as long as without a condition", async () => {
    const { clock, redlock } = world();
    const lockable = when(redlock.mutex("a"), () => true);
    const held = await redlock.acquire("a");
    const error = await advanceDuring(clock, 600, rejection(lockable.acquire({ wait: 500 })));
    expect(error).toMatchObject({ code: "LOCK_TIMEOUT", waited: 500 });
    expect(await lockable.tryAcquire()).toBeNull();
    const waiting = lockable.acquire();
    await held.release();
    expect(await advanceDuring(clock, 100, waiting)).toMatchObject({ isHeld: true });
  });

  test("errors of the lockable are passed on", async () => {
    const { clock, instances, redlock } = world();
    const lockable = when(redlock.mutex("a"), () => true);
    await redlock.using("warm", () => undefined);
    for (const instance of instances) instance.kill();
    const failed = rejection(lockable.acquire({ wait: 100 }));
    expect(await advanceDuring(clock, 1_000, failed)).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(await rejection(lockable.tryAcquire())).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(await rejection(lockable.tryUsing(() => 1))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(await rejection(lockable.acquire({ ttl: 0 }))).toBeInstanceOf(RangeError);
    expect(await rejection(lockable.acquire({ retries: 5 } as never))).toBeInstanceOf(TypeError);
  });
});

describe("if the condition does not hold", () => {
  test("the caller waits for a change, without polling and without a request", async () => {
    const { clock, redlock } = world();
    const door = new Switch(false);
    const attempts: unknown[] = [];
    redlock.on("lock:acquire:succeeded", (event) => attempts.push(event));
    redlock.on("lock:acquire:failed", (event) => attempts.push(event));
    const waiting = when(redlock.mutex("a"), door.condition, door.options).acquire({ wait: 3_600_000 });
    await clock.advance(3_500_000);
    // One check before the subscription, one behind it.
    expect(door.checks).toEqual([false, false]);
    expect(door.subscriptions).toBe(1);
    expect(attempts).toEqual([]);
    door.notify();
    await clock.advance(1_000);
    expect(door.checks).toEqual([false, false, false]);
    door.set(true);
    const lock = await waiting;
    expect(door.checks).toEqual([false, false, false, false, true]);
    expect(door.subscriptions).toBe(0);
    await lock.release();
    expect(clock.keepAliveTimers).toBe(0);
  });

  test("the caller gets an error when `wait` is over", async () => {
    const here = world();
    const door = new Switch(false);
    const failed: unknown[] = [];
    here.redlock.on("lock:acquire:failed", (event) => failed.push(event));
    const lockable = when(here.redlock.mutex("a"), door.condition, door.options);
    const error = await advanceDuring(here.clock, 600, rejection(lockable.acquire({ wait: 500 })));
    expect(error).toBeInstanceOf(LockConditionError);
    expect(error).toMatchObject({
      code: "LOCK_CONDITION",
      names: ["a"],
      waited: 500,
      message: '"a": the condition of the lock did not hold within 500 ms',
    });
    expect(failed).toEqual([
      { id: 1, names: ["a"], reason: "contended", error, waitMs: 500, waitedMs: 500, attempts: 0 },
    ]);
    expect(door.subscriptions).toBe(0);
    const byDefault = rejection(lockable.using(() => 1));
    expect(await advanceDuring(here.clock, 10_000, byDefault)).toMatchObject({ waited: 10_000 });
    expect(await isFree(here)).toBe(true);
  });

  test("`tryAcquire` is null and `tryUsing` does not run the routine, after one check", async () => {
    const { redlock } = world();
    const door = new Switch(false);
    const lockable = when(redlock.mutex("a"), door.condition, door.options);
    expect(await lockable.tryAcquire()).toBeNull();
    expect(await lockable.tryUsing(() => 1)).toEqual({ acquired: false });
    expect(await rejection(lockable.acquire({ wait: 0 }))).toMatchObject({
      message: '"a": the condition of the lock does not hold',
    });
    expect(door.checks).toEqual([false, false, false]);
    expect(door.subscriptions).toBe(0);
  });

  test("and there is no `changed`, the caller does not wait", async () => {
    const { redlock } = world();
    const error = await rejection(when(redlock.mutex("a"), () => false).acquire());
    expect(String(error)).toMatch(/the condition of the lock does not hold; set `changed` to wait/);
    const underLock = when(redlock.mutex("a"), (lock) => lock === undefined);
    expect(await rejection(underLock.using(() => 1))).toMatchObject({ code: "LOCK_CONDITION" });
    expect(await underLock.tryAcquire()).toBeNull();
    expect(await underLock.tryUsing(() => 1)).toEqual({ acquired: false });
    expect(await redlock.tryAcquire("a")).not.toBeNull();
  });
});

describe("the check under the lock", () => {
  test("decides: the lock is released, and the caller waits for the next change", async () => {
    const here = world();
    const door = new Switch(false);
    const held: boolean[] = [];
    const lockable = when(
      here.redlock.mutex("a"),
      (lock) => {
        if (lock !== undefined) held.push(lock.isHeld);
        return lock === undefined || door.isOn;
      },
      door.options,
    );
    const waiting = lockable.using({ wait: 60_000 }, () => "done");
    await here.clock.advance(20_000);
    // Once before the subscription, once behind it, and no more.
    expect(held).toEqual([true, true]);
    expect(await isFree(here)).toBe(true);
    door.set(true);
    expect(await advanceDuring(here.clock, 100, waiting)).toBe("done");
    expect(await isFree(here)).toBe(true);
  });

  test("sees a change that came while the caller waited for the lock", async () => {
    const { clock, redlock } = world();
    const door = new Switch(true);
    const lockable = when(redlock.mutex("a"), door.condition, door.options);
    const held = await redlock.acquire("a");
    const waiting = lockable.acquire();
    await clock.advance(100);
    door.set(false);
    await held.release();
    await clock.advance(100);
    expect(door.subscriptions).toBe(1);
    door.set(true);
    expect(await advanceDuring(clock, 100, waiting)).toMatchObject({ isHeld: true });
  });

  test("is at an end when the lock is lost", async () => {
    const { clock, instances, redlock } = world();
    const never = (lock: Lock | undefined): boolean | Promise<boolean> =>
      lock === undefined || new Promise<boolean>(() => undefined);
    const lockable = when(redlock.mutex("a"), never, { changed: () => () => undefined });
    const acquiring = rejection(lockable.acquire({ wait: Infinity, autoExtend: false }));
    const using = rejection(when(redlock.mutex("b"), never).using({ wait: Infinity }, () => 1));
    const trying = rejection(when(redlock.mutex("c"), never).tryAcquire({ autoExtend: false }));
    await settle();
    for (const instance of instances) instance.kill();
    await clock.advance(11_000);
    for (const error of await Promise.all([acquiring, using, trying]))
      expect(error).toBeInstanceOf(LockLostError);
    expect(clock.keepAliveTimers).toBe(0);
  });

  test("does not count if it blocked the process for longer than the lease", async () => {
    const here = world();
    const slow = (lock: Lock | undefined): boolean => {
      if (lock !== undefined) here.clock.pause(11_000);
      return true;
    };
    expect(await rejection(when(here.redlock.mutex("a"), slow).acquire())).toBeInstanceOf(LockLostError);
    const ran: unknown[] = [];
    const using = when(here.redlock.mutex("a"), slow).using((lock) => ran.push(lock));
    expect(await rejection(using)).toBeInstanceOf(LockLostError);
    expect(ran).toEqual([]);
  });

  test("gives up when `wait` is over, and releases the lock", async () => {
    const here = world();
    const never = (lock: Lock | undefined): boolean | Promise<boolean> =>
      lock === undefined || new Promise<boolean>(() => undefined);
    const door = new Switch(true);
    const lockable = when(here.redlock.mutex("a"), never, door.options);
    for (const call of [
      () => lockable.acquire({ wait: 500 }),
      () => lockable.using({ wait: 500 }, () => 1),
    ]) {
      const error = await advanceDuring(here.clock, 1_000, rejection(call()));
      expect(error).toMatchObject({ code: "LOCK_CONDITION", waited: 500 });
    }
    expect(await isFree(here)).toBe(true);
  });
});

describe("no change is missed", () => {
  test("during an asynchronous check, before and under the lock", async () => {
    const here = world();
    for (const isUnderLock of [false, true]) {
      const door = new Switch(false);
      let slowChecks = 0;
      const condition = async (lock: Lock | undefined): Promise<boolean> => {
        if ((lock !== undefined) !== isUnderLock) return true;
        const answer = door.isOn;
        slowChecks += 1;
        // The second slow check is the first one with a subscription. The change comes while it runs.
        if (slowChecks === 2) door.set(true);
        await settle();
        return answer;
      };
      const lock = await when(here.redlock.mutex("a"), condition, door.options).acquire();
      expect(slowChecks).toBe(3);
      await lock.release();
    }
  });

  test("between the first check and the subscription, also an asynchronous one", async () => {
    const { redlock } = world();
    const door = new Switch(false);
    const subscribed = withResolvers<Unsubscribe>();
    const lockable = when(redlock.mutex("a"), door.condition, { changed: () => subscribed.promise });
    const waiting = lockable.acquire();
    await settle();
    expect(door.checks).toEqual([false]);
    door.isOn = true;
    let unsubscribed = 0;
    subscribed.resolve(() => void (unsubscribed += 1));
    expect(await waiting).toMatchObject({ isHeld: true });
    expect(unsubscribed).toBe(1);
  });

  test("and a subscription that is made too late ends at once", async () => {
    const { clock, redlock } = world();
    const subscribed = withResolvers<Unsubscribe>();
    const lockable = when(redlock.mutex("a"), () => false, { changed: () => subscribed.promise });
    const failed = rejection(lockable.acquire({ wait: 500 }));
    expect(await advanceDuring(clock, 500, failed)).toMatchObject({ code: "LOCK_CONDITION", waited: 500 });
    let unsubscribed = 0;
    subscribed.resolve(() => void (unsubscribed += 1));
    await settle();
    expect(unsubscribed).toBe(1);
  });

  test("and a condition that notifies in every check does not block the process", async () => {
    const { clock, redlock } = world();
    const door = new Switch(false);
    let checks = 0;
    const condition = (): boolean => {
      // Without a pause between two checks, the process would have no other work until the last one.
      if ((checks += 1) < 10_000) door.notify();
      return false;
    };
    const waiting = rejection(when(redlock.mutex("a"), condition, door.options).acquire({ wait: 500 }));
    expect(await advanceDuring(clock, 500, waiting)).toMatchObject({ code: "LOCK_CONDITION" });
    expect(checks).toBeLessThan(10_000);
  });
});

describe("errors", () => {
  const failure = new Error("from the condition");
  const fails = {
    "before the lock": () => {
      throw failure;
    },
    "before the lock, asynchronously": () => Promise.reject(failure),
    "under the lock": (lock: Lock | undefined) => {
      if (lock !== undefined) throw failure;
      return true;
    },
    "under the lock, asynchronously": (lock: Lock | undefined) =>
      lock === undefined || Promise.reject(failure),
  };

  test.each(Object.entries(fails))(
    "of the condition %s reject, and release the lock",
    async (_, condition) => {
      const here = world();
      const lockable = when(here.redlock.mutex("a"), condition, new Switch(true).options);
      const calls = [
        () => lockable.acquire(),
        () => lockable.tryAcquire(),
        () => lockable.using(() => 1),
        () => lockable.tryUsing(() => 1),
      ];
      for (const call of calls) {
        expect(await rejection(call())).toBe(failure);
        expect(await isFree(here)).toBe(true);
      }
      expect(here.clock.keepAliveTimers).toBe(0);
    },
  );

  test("of the subscription reject, and of its end release the lock", async () => {
    const here = world();
    const lockable = here.redlock.mutex("a");
    const fail = (): never => {
      throw failure;
    };
    expect(await rejection(when(lockable, () => false, { changed: fail }).acquire())).toBe(failure);
    const later = { changed: () => Promise.reject(failure) };
    expect(await rejection(when(lockable, () => false, later).acquire())).toBe(failure);
    for (const isUsing of [false, true]) {
      const door = new Switch(false);
      const changed = (notify: () => void): Unsubscribe => {
        door.changed(notify);
        return fail;
      };
      const ending = when(lockable, door.condition, { changed });
      const waiting = rejection(isUsing ? ending.using(() => 1) : ending.acquire());
      await settle();
      door.set(true);
      expect(await waiting).toBe(failure);
      expect(await isFree(here)).toBe(true);
    }
  });

  test("of an answer that is no boolean, and of a subscription that cannot end", async () => {
    const { redlock } = world();
    const lockable = redlock.mutex("a");
    for (const answer of [undefined, 1, Promise.resolve("yes")])
      expect(String(await rejection(when(lockable, () => answer as never).acquire()))).toMatch(
        /^TypeError: condition: it returned .*; it must return true or false/,
      );
    const endless = when(lockable, () => false, { changed: () => undefined as never });
    expect(String(await rejection(endless.acquire()))).toMatch(/^TypeError: changed: it must return a func/);
  });

  test("of a check that loses the lock itself are no unhandled rejections", async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (error: unknown): void => void unhandled.push(error);
    process.on("unhandledRejection", onUnhandled);
    try {
      const { redlock } = world();
      const losing = when(redlock.mutex("a"), (lock) => {
        if (lock === undefined) return true;
        // The lock is lost while the check still runs.
        void redlock.close();
        return Promise.reject(new Error("the check failed as well"));
      });
      expect(await rejection(losing.acquire())).toBeInstanceOf(LockClosedError);
      // Node reports a rejection that nobody handles at the end of the turn.
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", onUnhandled);
    }
  });

  test("of a bad argument", () => {
    const { redlock } = world();
    const lockable = redlock.mutex("a");
    expect(() => when("a" as never, () => true)).toThrow(/^lockable: "a" must be a Lockable/);
    expect(() => when(lockable, true as never)).toThrow(/^condition: true must be a function/);
    expect(() => when(lockable, () => true, { changed: new EventEmitter() as never })).toThrow(
      /^changed: an object \(EventEmitter\) must be a function/,
    );
    expect(() => when(lockable, () => true, { change: () => 1 } as never)).toThrow(
      /^change: there is no such option; `changed` is probably meant/,
    );
    expect(() => when(lockable, () => true, 5 as never)).toThrow(/^options: 5 must be an object/);
  });
});

describe("the caller's signal and the close of the client", () => {
  const hangs = (): Promise<boolean> => new Promise(() => undefined);
  const never = new Switch(false);
  const situations: Readonly<Record<string, (lock: Lock | undefined) => boolean | Promise<boolean>>> = {
    "while it waits for a change": () => false,
    "while the condition has not answered": hangs,
    "while the condition has not answered under the lock": (lock) => lock === undefined || hangs(),
  };

  test.each(Object.entries(situations))("end the call %s", async (_, condition) => {
    const here = world();
    const lockable = when(here.redlock.mutex("a"), condition, never.options);
    for (const call of ["acquire", "using"] as const) {
      const controller = new AbortController();
      const { signal } = controller;
      const options = { wait: Infinity, signal };
      const ended = rejection(
        call === "acquire" ? lockable.acquire(options) : lockable.using(options, () => 1),
      );
      await settle();
      controller.abort("enough");
      expect(await ended).toMatchObject({ code: "LOCK_ABORTED", cause: "enough" });
      expect(await isFree(here)).toBe(true);
    }
    const closed = rejection(lockable.acquire({ wait: Infinity }));
    await settle();
    await here.redlock.close();
    expect(await closed).toMatchObject({ code: expect.stringMatching(/^LOCK_(CLOSED|LOST)$/) as string });
    expect(await rejection(lockable.acquire())).toMatchObject({ code: "LOCK_CLOSED" });
    expect(never.subscriptions).toBe(0);
    expect(here.clock.keepAliveTimers).toBe(0);
  });

  test("an aborted signal is noticed before the condition is called", async () => {
    const door = new Switch(true);
    const lockable = when(world().redlock.mutex("a"), door.condition, door.options);
    const error = await rejection(lockable.acquire({ signal: AbortSignal.abort("no") }));
    expect(error).toMatchObject({ code: "LOCK_ABORTED", cause: "no" });
    expect(door.checks).toEqual([]);
  });
});

test.each([
  { options: { wait: 500 }, waitMs: 500 },
  { options: undefined, waitMs: 10_000 },
])("`wait` is the sum of both waits: $waitMs ms", async ({ options, waitMs }) => {
  const { clock, redlock } = world();
  const door = new Switch(false);
  await redlock.acquire("a", { autoExtend: true });
  const waiting = rejection(when(redlock.mutex("a"), door.condition, door.options).acquire(options));
  await clock.advance(300);
  door.set(true);
  await clock.advance(waitMs - 301);
  expect(door.subscriptions).toBe(1);
  const error = await advanceDuring(clock, 1, waiting);
  expect(error).toMatchObject({ code: "LOCK_TIMEOUT", waited: waitMs - 300 });
});

test("the default `wait` lasts longer while restarted instances do not vote, as without a condition", async () => {
  const here = watchedWorld(3, { ttl: 20_000 });
  for (const instance of here.instances) instance.restart();
  const redlock = here.client();
  const isTrue = (): Promise<boolean> => Promise.resolve(true);
  const failed = rejection(when(redlock.mutex("a"), isTrue).acquire({ wait: 10_000 }));
  const waiting = when(redlock.mutex("b"), isTrue).acquire({ autoExtend: true });
  expect(await advanceDuring(here.clock, 10_000, failed)).toMatchObject({ code: "LOCK_NO_QUORUM" });
  const lock = await advanceDuring(here.clock, 12_000, waiting);
  expect(lock.isHeld).toBe(true);
});

test("the subscription ends before the routine runs", async () => {
  const { redlock } = world();
  const door = new Switch(false);
  const waiting = when(redlock.mutex("a"), door.condition, door.options).using(() => door.subscriptions);
  await settle();
  door.set(true);
  expect(await waiting).toBe(0);
});

test("the routine may use all of its time, also if `wait` ends meanwhile", async () => {
  const { clock, redlock } = world();
  const lockable = when(redlock.mutex("a"), () => Promise.resolve(true));
  const work = lockable.using({ wait: 500 }, async (lock) => {
    await clock.advance(60_000);
    return lock.isHeld;
  });
  expect(await work).toBe(true);
});
