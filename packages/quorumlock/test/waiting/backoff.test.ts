import { expect, test } from "vitest";
import { refusal } from "../support/refusal.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { Backoff } from "../../src/waiting/backoff.ts";

const SPLIT = { kind: "contended", votes: 1 } as const;

function delaysAfter(attemptMs: number, splits: number): readonly number[] {
  const clock = new VirtualClock();
  clock.nextRandom = 0.999;
  const backoff = new Backoff(clock);
  return Array.from({ length: splits }, () => {
    backoff.recordRefusal(refusal(SPLIT), attemptMs);
    return Math.round(backoff.drawDelayMs());
  });
}

test("the pause after a split vote grows from two attempts", () => {
  expect(delaysAfter(2, 8)).toEqual([4, 8, 16, 32, 64, 128, 128, 128]);
});

test("an attempt during which the process was paused makes the pause no longer than a second", () => {
  expect(delaysAfter(60_000, 3)).toEqual([999, 999, 999]);
});
