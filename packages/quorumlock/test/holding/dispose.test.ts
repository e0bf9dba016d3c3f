import { describe, expect, test } from "vitest";
import { type Lock, LockLostError } from "../../src/index.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { type World, world } from "../support/world.ts";

describe("a lock extends itself by default", () => {
  const ways: Readonly<
    Record<string, (held: World, work: (lock: Lock) => Promise<void>) => Promise<unknown>>
  > = {
    acquire: async ({ redlock }, work) => {
      await using lock = await redlock.acquire("a");
      await work(lock);
    },
    tryAcquire: async ({ redlock }, work) => {
      await using lock = await redlock.tryAcquire("a");
      if (lock !== null) await work(lock);
    },
    using: ({ redlock }, work) => redlock.using("a", work),
    tryUsing: ({ redlock }, work) => redlock.tryUsing("a", work),
    "acquire with options": async ({ redlock }, work) => {
      await using lock = await redlock.acquire("a", { ttl: 10_000 });
      await work(lock);
    },
  };

  test.each(Object.entries(ways))("from %s, also if the work takes longer than the ttl", async (_, way) => {
    const held = world();
    const states: boolean[] = [];
    const working = way(held, async (lock) => {
      for (let part = 0; part < 5; part += 1) {
        await new Promise<void>((resolve) => held.clock.setTimer(9_000, resolve, true));
        states.push(lock.isHeld);
      }
    });
    await held.clock.advance(50_000);
    await working;
    expect(states).toEqual([true, true, true, true, true]);
    for (const instance of held.instances) expect(instance.get("lock:a")).toBeUndefined();
  });

  test.each(["client", "call"])("unless the %s switches it off", async (where) => {
    const off = { autoExtend: false };
    const { clock, redlock } = world(3, where === "client" ? off : {});
    const lock = await redlock.acquire("a", where === "call" ? off : undefined);
    await clock.advance(9_898);
    expect([lock.isHeld, lock.signal.aborted]).toEqual([false, true]);
  });

  test("a call can switch it on again", async () => {
    const { clock, redlock } = world(3, { autoExtend: false });
    const lock = await redlock.acquire("a", { autoExtend: true });
    await clock.advance(50_000);
    expect(lock.isHeld).toBe(true);
    await lock.release();
  });

  test("no timer of a held lock keeps the process running", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a");
    for (let second = 0; second < 20; second += 1) {
      expect(clock.keepAliveTimers).toBe(0);
      await clock.advance(1_000);
    }
    await lock.release();
  });
});

describe("the end of an `await using` block", () => {
  test("throws the reason of the signal if the lock was lost, and leaves no key", async () => {
    const { clock, instances, redlock } = world();
    let reason: unknown;
    const block = async (): Promise<void> => {
      await using lock = await redlock.acquire("a", { autoExtend: false });
      const { signal } = lock;
      await clock.advance(9_898);
      ({ reason } = signal);
    };
    expect(await rejection(block())).toBe(reason);
    expect(reason).toBeInstanceOf(LockLostError);
    await settle();
    for (const instance of instances) expect(instance.get("lock:a")).toBeUndefined();
  });

  test("throws if the lease ended while no timer could fire, as in a pause of the process", async () => {
    const { clock, redlock } = world();
    const block = async (): Promise<void> => {
      await using _ = await redlock.acquire("a");
      clock.pause(20_000);
    };
    expect(String(await rejection(block()))).toMatch(
      /"a" is not held any more: its lease ended before the release/,
    );
  });

  test("throws if the instances gave the lock to another holder, and keeps its key", async () => {
    const { clock, instances, redlock } = world();
    const block = async (): Promise<void> => {
      await using _ = await redlock.acquire("a");
      for (const instance of instances) instance.set("lock:a", "other-holder", 60_000);
      await clock.advance(4_000);
    };
    expect(await rejection(block())).toMatchObject({ code: "LOCK_LOST", names: ["a"] });
    for (const instance of instances) expect(instance.get("lock:a")).toBe("other-holder");
  });

  test("throws if the client was closed inside the block", async () => {
    const { redlock } = world();
    const block = async (): Promise<void> => {
      await using _ = await redlock.acquire("a");
      await redlock.close();
    };
    expect(String(await rejection(block()))).toMatch(/the client was closed/);
  });

  test("throws also if the caller released the lost lock by hand, whose release resolved to false", async () => {
    const { clock, redlock } = world();
    const results: boolean[] = [];
    const block = async (): Promise<void> => {
      await using lock = await redlock.acquire("a");
      clock.pause(20_000);
      results.push(await lock.release(), await lock.release());
    };
    expect(await rejection(block())).toMatchObject({ code: "LOCK_LOST" });
    expect(results).toEqual([false, false]);
  });

  test("throws nothing if the lock was released, however long the block goes on", async () => {
    const { clock, redlock } = world();
    await using lock = await redlock.acquire("a");
    expect(await lock.release()).toBe(true);
    await clock.advance(60_000);
    await redlock.close();
  });

  test("throws nothing if no quorum confirms the release of a held lock", async () => {
    const { clock, instances, redlock } = world();
    const confirmed: boolean[] = [];
    redlock.on("lock:released", (event) => confirmed.push(event.confirmed));
    const block = async (): Promise<void> => {
      await using _ = await redlock.acquire("a");
      for (const instance of instances) instance.kill();
    };
    const done = block();
    await clock.advance(1_000);
    await done;
    expect(confirmed).toEqual([false]);
  });

  test("throws the same error each time that it is disposed of, with a line of the caller", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a");
    clock.pause(20_000);
    const dispose = async (): Promise<void> => lock[Symbol.asyncDispose]();
    const errors = [await rejection(dispose()), await rejection(dispose())];
    expect(errors).toEqual([lock.signal.reason, lock.signal.reason]);
    expect((errors[0] as Error).stack).toContain("dispose.test.ts");
  });
});

describe("`using`", () => {
  test("rejects with the loss if the routine succeeded, and with the routine's error if it failed", async () => {
    const { clock, redlock } = world();
    const lost = (): void => clock.pause(20_000);
    expect(await rejection(redlock.using("a", lost))).toMatchObject({ code: "LOCK_LOST" });
    const failed = redlock.using("a", () => {
      lost();
      throw new Error("of the routine");
    });
    expect(await rejection(failed)).toMatchObject({ message: "of the routine" });
  });

  test("rejects with the loss if the routine released the lost lock by hand", async () => {
    const { clock, redlock } = world();
    const work = redlock.using("a", async (lock) => {
      clock.pause(20_000);
      expect(await lock.release()).toBe(false);
    });
    expect(await rejection(work)).toMatchObject({ code: "LOCK_LOST" });
  });
});
