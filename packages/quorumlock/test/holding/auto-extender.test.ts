import { expect, test } from "vitest";
import { type Lock, MemoryInstance, Redlock } from "../../src/index.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { FRESH } from "../support/fresh.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

/** Takes a while for each request, as a server that has much to do. */
class BusyInstance extends MemoryInstance {
  readonly #clock: VirtualClock;
  #freeAt = 0;
  outstanding = 0;
  most = 0;

  constructor(clock: VirtualClock) {
    super({ clock });
    this.#clock = clock;
  }

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    this.outstanding += requests.length;
    this.most = Math.max(this.most, this.outstanding);
    const now = this.#clock.monotonic();
    this.#freeAt = Math.max(now, this.#freeAt) + 0.05 * requests.length;
    await new Promise<void>((resolve) => this.#clock.timer(this.#freeAt - now, resolve, false));
    this.outstanding -= requests.length;
    return super.run(requests);
  }
}

test("however many locks are due at once, they extend themselves in turns that a server can answer in time", async () => {
  const clock = new VirtualClock();
  const instance = new BusyInstance(clock);
  const redlock = new Redlock([instance], { ...FRESH, clock, ttl: 9_000, requestTimeout: 100 });
  let failed = 0;
  redlock.on("lock:extend:failed", () => (failed += 1));
  const asked: Promise<Lock>[] = [];
  for (let from = 0; from < 5_000; from += 500) {
    for (let index = from; index < from + 500; index++)
      asked.push(redlock.acquire(`n${index}`, { autoExtend: true }));
    await clock.advance(30);
  }
  const locks = await Promise.all(asked);
  instance.most = 0;
  // A pause of the process: all of them are due when it goes on, and each has time left.
  clock.pause(5_000);
  await clock.advance(6_000);
  expect([failed, locks.filter((lock) => lock.isHeld).length]).toEqual([0, 5_000]);
  expect(instance.most).toBeLessThanOrEqual(1_024);
  const released = Promise.all(locks.slice(0, 100).map((lock) => lock.release()));
  await clock.advance(1_000);
  expect(await released).not.toContain(false);
});
