import { expect, test } from "vitest";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { untilTheftEnds } from "../../src/web-locks/after-theft.ts";

// How long a request waits for the thefts before it. In virtual time.

function waiting(waitMs: number, ifAvailable = false) {
  const clock = new VirtualClock();
  let onEnded!: () => void;
  const theft = new Promise<void>((resolve) => (onEnded = resolve));
  const limits = { waitMs, ifAvailable, signal: undefined };
  let result: unknown;
  void untilTheftEnds({ clock, requestTimeoutMs: 500 }, theft, limits).then((ended) => (result = ended));
  return { clock, onEnded, result: () => result };
}

test.each([
  [0, false],
  [700, false],
  [Infinity, true],
])("with a wait of %d ms, and ifAvailable %s, it is two request timeouts", async (waitMs, ifAvailable) => {
  const { clock, result } = waiting(waitMs, ifAvailable);
  await clock.advance(999);
  expect(result()).toBeUndefined();
  await clock.advance(1);
  expect(result()).toMatchObject({ hasEnded: false });
});

test("without a limit it does not end before the theft, also after the longest timer", async () => {
  const { clock, onEnded, result } = waiting(Infinity);
  await clock.advance(3 * 2 ** 31);
  expect(result()).toBeUndefined();
  onEnded();
  await settle();
  expect(result()).toEqual({ hasEnded: true, waitedMs: 3 * 2 ** 31, leftMs: Infinity });
  expect(clock.pending).toBe(0);
});

test("a limit above the longest timer is kept", async () => {
  const { clock, result } = waiting(2 ** 32);
  await clock.advance(2 ** 32 - 1);
  expect(result()).toBeUndefined();
  await clock.advance(1);
  expect(result()).toEqual({ hasEnded: false, waitedMs: 2 ** 32, leftMs: 0 });
});
