import { expect, test } from "vitest";
import { type Lock, MemoryInstance, Redlock } from "../../src/index.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { FRESH } from "../support/fresh.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

/** An instance that takes some time for each request, like a busy server. */
class BusyInstance extends MemoryInstance {
  readonly #clock: VirtualClock;
  #freeAt = 0;
  outstanding = 0;
  maxOutstanding = 0;

  constructor(clock: VirtualClock) {
    super({ clock });
    this.#clock = clock;
  }

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    this.outstanding += requests.length;
    this.maxOutstanding = Math.max(this.maxOutstanding, this.outstanding);
    const now = this.#clock.monotonic();
    this.#freeAt = Math.max(now, this.#freeAt) + 0.05 * requests.length;
    await new Promise<void>((resolve) => this.#clock.setTimer(this.#freeAt - now, resolve, false));
    this.outstanding -= requests.length;
    return super.run(requests);
  }
}

test("limits the extensions in flight, so that the server answers in time even if all locks are due at once", async () => {
  const clock = new VirtualClock();
  const instance = new BusyInstance(clock);
  const redlock = new Redlock([instance], { ...FRESH, clock, ttl: 9_000, requestTimeout: 100 });
  let failed = 0;
  redlock.on("lock:extend:failed", () => (failed += 1));
  const acquiring: Promise<Lock>[] = [];
  for (let from = 0; from < 5_000; from += 500) {
    for (let index = from; index < from + 500; index++) acquiring.push(redlock.acquire(`n${index}`));
    await clock.advance(30);
  }
  const locks = await Promise.all(acquiring);
  instance.maxOutstanding = 0;
  // The process is paused. All extensions are then due at once, and all leases are still valid.
  clock.pause(5_000);
  await clock.advance(6_000);
  expect([failed, locks.filter((lock) => lock.isHeld).length]).toEqual([0, 5_000]);
  expect(instance.maxOutstanding).toBeLessThanOrEqual(1_024);
  const released = Promise.all(locks.slice(0, 100).map((lock) => lock.release()));
  await clock.advance(1_000);
  expect(await released).not.toContain(false);
});
