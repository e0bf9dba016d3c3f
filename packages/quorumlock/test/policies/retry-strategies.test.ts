import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  constant,
  decorrelatedJitter,
  exponential,
  fullJitter,
  linear,
  type RetryStrategy,
} from "../../src/index.ts";
import { noQuorum } from "../support/scripted-lockable.ts";

const MOST = 1 - 2 ** -53;
/** Sums of fractions are rounded. */
const ROUNDING = 1 + 1e-12;

/** The pauses of one call, if each random number is `random`. */
function pauses(strategy: RetryStrategy, count: number, random: number): readonly number[] {
  const list: number[] = [];
  for (let attempt = 1; attempt <= count; attempt += 1) {
    const state = { random: () => random, previousMs: list.at(-1), elapsedMs: 0 };
    list.push(strategy(attempt, noQuorum(), state)!);
  }
  return list;
}

describe("exponential", () => {
  test("doubles from 100 ms to 10 s, and adds up to 30 percent", () => {
    const shortest = [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000];
    expect(pauses(exponential(), 9, 0)).toEqual(shortest);
    for (const [index, pause] of pauses(exponential(), 9, MOST).entries())
      expect(pause).toBeCloseTo(shortest[index]! * 1.3, 6);
  });

  test("has its own base, factor, maximum and jitter", () => {
    const strategy = exponential({ base: 10, factor: 3, max: 100, jitter: 0 });
    expect(pauses(strategy, 4, MOST)).toEqual([10, 30, 90, 100]);
    expect(pauses(exponential({ base: 20_000, jitter: 0 }), 2, 0)).toEqual([20_000, 20_000]);
    expect(pauses(exponential({ base: 50, factor: 1, jitter: 0 }), 3, 0)).toEqual([50, 50, 50]);
  });
});

test("linear grows by 500 ms to 10 s, and adds up to 100 ms", () => {
  expect(pauses(linear(), 3, 0)).toEqual([500, 1_000, 1_500]);
  expect(pauses(linear(), 21, 0).at(-1)).toBe(10_000);
  expect(pauses(linear(), 1, MOST)[0]).toBeCloseTo(600, 6);
  expect(pauses(linear({ increment: 10, max: 15, jitter: 4 }), 3, 0.5)).toEqual([12, 17, 17]);
});

test("constant is always the same", () => {
  expect(pauses(constant(70), 3, MOST)).toEqual([70, 70, 70]);
});

test("full jitter reaches from 0 to the exponential pause", () => {
  expect(pauses(fullJitter(), 3, 0)).toEqual([0, 0, 0]);
  expect(pauses(fullJitter(), 3, 0.5)).toEqual([50, 100, 200]);
  expect(pauses(fullJitter({ base: 10, max: 15 }), 3, MOST).map(Math.ceil)).toEqual([10, 15, 15]);
});

test("decorrelated jitter reaches from the base to three times the pause before", () => {
  expect(pauses(decorrelatedJitter(), 3, 0)).toEqual([100, 100, 100]);
  expect(pauses(decorrelatedJitter(), 3, 0.5)).toEqual([200, 350, 575]);
  expect(pauses(decorrelatedJitter({ base: 10, max: 50 }), 4, MOST).map(Math.ceil)).toEqual([30, 50, 50, 50]);
});

test("with any options and random numbers, a pause is a number within its limits", () => {
  const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
  const random = fc.double({ min: 0, max: MOST, noNaN: true });
  const attempt = fc.integer({ min: 1, max: 5_000 });
  const property = fc.property(
    amount,
    amount,
    fc.double({ min: 1, max: 1e6, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    random,
    attempt,
    amount,
    (base, extra, factor, jitter, drawn, number, previous) => {
      const max = base + extra;
      const state = { random: () => drawn, previousMs: Math.min(previous, max), elapsedMs: 0 };
      const ask = (strategy: RetryStrategy): number => strategy(number, noQuorum(), state)!;
      const exponentialMs = ask(exponential({ base, max, factor, jitter }));
      expect(exponentialMs).toBeGreaterThanOrEqual(base);
      expect(exponentialMs).toBeLessThanOrEqual(max * (1 + jitter) * ROUNDING);
      const linearMs = ask(linear({ increment: base, max, jitter: extra }));
      expect(linearMs).toBeGreaterThanOrEqual(base);
      expect(linearMs).toBeLessThanOrEqual((max + extra) * ROUNDING);
      const fullMs = ask(fullJitter({ base, max }));
      expect(fullMs).toBeGreaterThanOrEqual(0);
      expect(fullMs).toBeLessThanOrEqual(max);
      const decorrelatedMs = ask(decorrelatedJitter({ base, max }));
      expect(decorrelatedMs).toBeGreaterThanOrEqual(base);
      expect(decorrelatedMs).toBeLessThanOrEqual(max);
    },
  );
  fc.assert(property, { numRuns: 300 });
});

describe("bad options name the field and the value", () => {
  test.each<[() => unknown, ErrorConstructor, RegExp]>([
    [() => exponential({ factor: 0.9 }), RangeError, /^factor: 0.9 /],
    [() => exponential({ factor: Infinity }), RangeError, /^factor: Infinity /],
    [() => exponential({ base: 200, max: 100 }), RangeError, /^max: 100 .* at least 200/],
    [() => exponential({ base: -1 }), RangeError, /^base: -1 /],
    [() => exponential({ jitter: -0.1 }), RangeError, /^jitter: -0.1 /],
    [() => exponential({ jitter: Number.NaN }), RangeError, /^jitter: NaN /],
    [() => exponential({ jitter: 30 }), RangeError, /^jitter: 30 .* at most 1/],
    [() => exponential({ base: "100" as never }), TypeError, /^base: "100" /],
    [() => exponential({ bace: 5 } as never), TypeError, /^bace: .*`base` is probably meant/],
    [() => exponential(100 as never), TypeError, /^options: 100 /],
    [() => linear({ jitter: Number.NaN }), RangeError, /^jitter: NaN /],
    [() => linear({ increment: 600, max: 500 }), RangeError, /^max: 500 /],
    [() => linear({ factor: 2 } as never), TypeError, /^factor: there is no such option/],
    [() => constant(-1), RangeError, /^delayMs: -1 /],
    [() => constant(undefined as never), TypeError, /^delayMs: undefined /],
    [() => fullJitter({ base: Number.NaN }), RangeError, /^base: NaN /],
    [() => fullJitter({ jitter: 1 } as never), TypeError, /^jitter: /],
    [() => decorrelatedJitter({ max: 99 }), RangeError, /^max: 99 /],
  ])("%s", (make, type, message) => {
    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });
});
