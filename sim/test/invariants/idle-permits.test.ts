import { expect, test } from "vitest";
import type { Attempt, Grant } from "../../src/invariants/grant.ts";
import { IdlePermits } from "../../src/invariants/idle-permits.ts";

function attempt(wanted: number, total: number): Attempt {
  return {
    client: 0,
    worker: 0,
    names: ["pool"],
    modes: ["IX"],
    hasPlace: true,
    startedAt: 0,
    waitsForever: true,
    permits: { wanted, total },
  };
}

/** A grant of these slots. */
function grant(total: number, ...slots: readonly number[]): Grant {
  return { ...attempt(slots.length, total), slots } as Grant;
}

const alive = (): boolean => true;

test("permits that are free for every waiter are idle until the next grant", () => {
  const idle = new IdlePermits(0, alive);
  const waiter = attempt(1, 2);
  idle.addWaiter(waiter, 10);
  idle.removeWaiter(waiter, 60);
  idle.onGrant(grant(2, 0), 60);
  expect(idle.longestMs).toBe(50);
});

test("permits are not idle while a large claim has to wait", () => {
  const idle = new IdlePermits(0, alive);
  idle.onGrant(grant(2, 0), 0);
  idle.addWaiter(attempt(2, 2), 10);
  idle.addWaiter(attempt(1, 2), 10);
  idle.onGrant(grant(2, 1), 500);
  expect(idle.longestMs).toBe(0);
});

test("permits are not idle while a caller waits for a plain lock, also if it came first of all", () => {
  const idle = new IdlePermits(0, alive);
  idle.addWaiter(attempt(0, 1), 0);
  idle.addWaiter(attempt(1, 5), 10);
  idle.onGrant(grant(5, 0), 900);
  expect(idle.longestMs).toBe(0);
});

test("after a change of the number, permits are idle from then on, and slots above it take none of them", () => {
  let total = 2;
  const idle = new IdlePermits(0, alive, () => total);
  idle.onGrant(grant(2, 0, 1), 0);
  idle.addWaiter(attempt(1, 2), 10);
  total = 3;
  idle.onSizeChanged("pool", 100);
  total = 1;
  idle.onSizeChanged("pool", 150);
  expect(idle.longestMs).toBe(50);
  idle.onGrant(grant(3, 2), 900);
  expect(idle.longestMs).toBe(50);
});
