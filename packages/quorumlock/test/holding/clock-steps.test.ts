import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { world } from "../support/world.ts";

// A step of the wall clock forward can mean that the machine slept, so it shortens leases.

describe("a lease", () => {
  test("ends with its signal at most a second late, however the wall clock steps while it is held", async () => {
    const step = fc.record({
      ms: fc.oneof(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -5_000, max: 5_000 })),
      waitMs: fc.integer({ min: 1, max: 1_500 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 8 }),
        fc.array(step, { maxLength: 8 }),
        async (before, during) => {
          const { clock, redlock } = world(3, { autoExtend: false });
          await redlock.using("warm", () => undefined);
          for (const { ms, waitMs } of before) {
            clock.stepWall(ms);
            await clock.advance(waitMs);
          }
          const lock = await redlock.acquire("a");
          const { signal } = lock;
          let endedMs = 0;
          for (const { ms, waitMs } of [
            ...during,
            ...Array.from({ length: 120 }, () => ({ ms: 0, waitMs: 100 })),
          ]) {
            clock.stepWall(ms);
            for (let passedMs = 0; passedMs < waitMs; passedMs += 50) {
              const wasHeld = lock.isHeld;
              await clock.advance(Math.min(50, waitMs - passedMs));
              if (!wasHeld) endedMs += 50;
              expect(endedMs <= 1_000 || signal.aborted).toBe(true);
              expect(lock.isHeld && signal.aborted).toBe(false);
            }
          }
          expect(signal.aborted).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each([5, 50, 3_000])(
    "that a step of the wall clock by %d ms shortens ends with its signal at that moment",
    async (stepMs) => {
      const { clock, redlock } = world(3, { autoExtend: false });
      const lock = await redlock.acquire("a");
      const { signal } = lock;
      await clock.advance(2_000);
      clock.stepWall(stepMs);
      await clock.advance(9_898 - 2_000 - stepMs - 1);
      expect([lock.isHeld, signal.aborted]).toEqual([true, false]);
      await clock.advance(1);
      expect([lock.isHeld, signal.aborted]).toEqual([false, true]);
    },
  );

  test.each(["acquired", "extended"])(
    "that is %s between a step back and a step forward ends with its signal at that moment",
    async (how) => {
      const { clock, redlock } = world(3, { autoExtend: false });
      await redlock.using("warm", () => undefined);
      const earlier = how === "extended" ? await redlock.acquire("a") : undefined;
      clock.stepWall(-3_000);
      const lock = earlier ?? (await redlock.acquire("a"));
      await earlier?.extend();
      const { signal } = lock;
      clock.stepWall(3_000);
      await clock.advance(9_898 - 3_000 - 1);
      expect([lock.isHeld, signal.aborted]).toEqual([true, false]);
      await clock.advance(1);
      expect([lock.isHeld, signal.aborted]).toEqual([false, true]);
    },
  );

  test("that a wall clock shortens little by little ends with its signal within 2 ms", async () => {
    const { clock, redlock } = world(3, { autoExtend: false });
    const lock = await redlock.acquire("a");
    const { signal } = lock;
    // A time server corrects the clock by 0.5 ms in each second.
    for (let second = 0; second < 9; second += 1) {
      clock.stepWall(0.5);
      await clock.advance(1_000);
    }
    await clock.advance(898 - 4.5);
    expect(lock.isHeld).toBe(false);
    await clock.advance(2);
    expect(signal.aborted).toBe(true);
  });

  test("is extended in time although the machine slept", async () => {
    const { clock, redlock } = world();
    const lock = await redlock.acquire("a");
    await clock.advance(1_000);
    // The monotonic clock stood still meanwhile.
    clock.stepWall(8_000);
    await clock.advance(1_000);
    expect([lock.isHeld, lock.signal.aborted]).toEqual([true, false]);
    expect(lock.remaining()).toBeGreaterThan(8_000);
    await lock.release();
  });
});
