import { expect, test } from "vitest";
import { originOf } from "../../src/acquiring/origin.ts";
import { LockTimeoutError } from "../../src/index.ts";
import { type Entry, enterTier } from "../../src/policies/tier-entry.ts";
import { TierGuard } from "../../src/policies/tier-guard.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";
import { advanceDuring, world } from "../support/world.ts";

/** A guard that counts its listeners. */
class WatchedGuard extends TierGuard {
  listeners = 0;

  override onLeave(listener: () => void): () => void {
    this.listeners += 1;
    const stop = super.onLeave(listener);
    return () => {
      this.listeners -= 1;
      stop();
    };
  }
}

const [PRIMARY, BACKUP] = [{}, {}];

function scene(clearAt = -Infinity) {
  const { clock, redlock } = world();
  const origin = originOf(redlock.mutex("a"));
  const guard = new WatchedGuard();
  const entry = (options: Entry["options"]): Entry => ({
    origin,
    guard,
    tier: BACKUP,
    options,
    isOnce: false,
    clearAt: () => clearAt,
    isCurrent: () => true,
  });
  return { clock, guard, entry, deadlines: origin.context.deadlines };
}

test("a name that is used in another tier is entered when that use ends", async () => {
  const { clock, guard, entry, deadlines } = scene();
  guard.enter(["a"], PRIMARY);
  const entering = enterTier(entry({ wait: 1_000, ttl: 3_000 }));
  await clock.advance(400);
  expect(guard.listeners).toBe(1);
  guard.leave(["a"], clock.monotonic());
  expect(await entering).toMatchObject({ state: "entered", options: { wait: 600, ttl: 3_000 } });
  expect([guard.listeners, deadlines.size]).toEqual([0, 0]);
});

test("nothing is left behind if the wait ends before, by its time or by the signal", async () => {
  const { clock, guard, entry, deadlines } = scene(1_000_000);
  const timedOut = enterTier(entry({ wait: 500 }));
  expect(await advanceDuring(clock, 500, timedOut)).toBeInstanceOf(LockTimeoutError);
  const controller = new AbortController();
  const aborted = rejection(enterTier(entry({ wait: Infinity, signal: controller.signal })));
  await settle();
  expect([guard.listeners, deadlines.size]).toEqual([1, 1]);
  controller.abort("enough");
  expect(await aborted).toMatchObject({ code: "LOCK_ABORTED", cause: "enough" });
  expect([guard.listeners, deadlines.size]).toEqual([0, 0]);
});
