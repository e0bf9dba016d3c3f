import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_TIMER_MS } from "../../src/base/clock.ts";
import { Deadlines } from "../../src/base/deadlines.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

describe("deadlines", () => {
  test("fire in the order of their moments, for any additions and cancellations", async () => {
    const step = fc.record({ at: fc.integer({ min: 0, max: 500 }), cancel: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const clock = new VirtualClock();
        const deadlines = new Deadlines(clock, { keepAlive: true });
        const start = clock.monotonic();
        const fired: number[] = [];
        const added = steps.map(({ at }) => deadlines.add(start + at, () => fired.push(at)));
        steps.forEach(({ cancel }, index) => cancel && added[index]?.cancel());
        await clock.advance(501);
        const expected = steps.filter(({ cancel }) => !cancel).map(({ at }) => at);
        expect(fired).toEqual(expected.toSorted((a, b) => a - b));
        expect(deadlines.size).toBe(0);
        expect(clock.keepAliveTimers).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test("rejects NaN, because it would prevent the other deadlines from firing", () => {
    const deadlines = new Deadlines(new VirtualClock(), { keepAlive: false });
    expect(() => deadlines.add(Number.NaN, () => undefined)).toThrow(RangeError);
    expect(deadlines.size).toBe(0);
  });

  test("a callback that throws does not stop the later deadlines", async () => {
    const clock = new VirtualClock();
    const deadlines = new Deadlines(clock, { keepAlive: false });
    const fired: number[] = [];
    deadlines.add(clock.monotonic() + 1, () => {
      throw new Error("from a callback");
    });
    deadlines.add(clock.monotonic() + 2, () => fired.push(2));
    await expect(clock.advance(1)).rejects.toThrow("from a callback");
    await clock.advance(5);
    expect(fired).toEqual([2]);
  });

  test("share one timer", () => {
    const clock = new VirtualClock();
    const deadlines = new Deadlines(clock, { keepAlive: false });
    for (let i = 0; i < 1_000; i++) deadlines.add(clock.monotonic() + 1_000 + i, () => undefined);
    expect(clock.pending).toBe(1);
    expect(clock.timersSetCount).toBe(1);
  });

  test("do not fire early if they are further away than the longest timer", async () => {
    const clock = new VirtualClock();
    const deadlines = new Deadlines(clock, { keepAlive: false });
    let fired = 0;
    deadlines.add(clock.monotonic() + 2 * MAX_TIMER_MS, () => (fired += 1));
    await clock.advance(MAX_TIMER_MS + 10);
    expect(fired).toBe(0);
    await clock.advance(MAX_TIMER_MS);
    expect(fired).toBe(1);
  });

  test("keep the process running only while a deadline is pending", () => {
    const clock = new VirtualClock();
    const deadlines = new Deadlines(clock, { keepAlive: true });
    const one = deadlines.add(clock.monotonic() + 5, () => undefined);
    deadlines.add(clock.monotonic() + 9, () => undefined).cancel();
    expect(clock.keepAliveTimers).toBe(1);
    one.cancel();
    one.cancel();
    expect(clock.keepAliveTimers).toBe(0);
    deadlines.add(clock.monotonic() + 7, () => undefined);
    expect([clock.keepAliveTimers, clock.timersSetCount]).toEqual([1, 1]);
    deadlines.clear();
    expect(clock.pending).toBe(0);
  });
});
