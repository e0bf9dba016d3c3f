import { describe, expect, test } from "vitest";
import { LockClosedError, MemoryInstance, QuorumError, Redlock } from "../../src/index.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { FRESH } from "../support/fresh.ts";
import { rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";

const INSTANCES = 3;

/** Answers after a while, as a node of a cluster. */
class SlowNode extends MemoryInstance {
  override readonly isCluster = true as never;
  readonly #clock: VirtualClock;
  delayMs = 0;

  constructor(clock: VirtualClock) {
    super({ clock });
    this.#clock = clock;
  }

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    if (this.delayMs > 0)
      await new Promise<void>((resolve) => this.#clock.timer(this.delayMs, resolve, false));
    return super.run(requests);
  }
}

/** Says yes by lists, as an instance of the user's own may. */
class ListingInstance extends MemoryInstance {
  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const replies = await super.run(requests);
    return replies.map((reply) => (typeof reply === "number" ? [1, reply] : reply));
  }
}

function list<T>(make: () => T): readonly T[] {
  return Array.from({ length: INSTANCES }, make);
}

describe("who finds nobody before it", () => {
  test("waits no longer than it said, however many rounds its names take", async () => {
    const clock = new VirtualClock();
    const nodes = list(() => new SlowNode(clock));
    const redlock = new Redlock(nodes, { ...FRESH, clock, requestTimeout: 100, ttl: 60_000 });
    await redlock.using("warm-up", () => undefined);
    for (const node of nodes) node.delayMs = 80;
    const names = Array.from({ length: 16 }, (_, index) => `n${index}`);
    const began = clock.monotonic();
    let after = 0;
    const refused = rejection(redlock.acquire(names, { wait: 250 })).finally(
      () => (after = clock.monotonic() - began),
    );
    await clock.advance(3_000);
    expect(await refused).toBeInstanceOf(QuorumError);
    expect(after).toBeLessThanOrEqual(251);
  });

  test("is told at once that the client closes, though no instance answers", async () => {
    const clock = new VirtualClock();
    const instances = list(() => new MemoryInstance({ clock }));
    const redlock = new Redlock(instances, { ...FRESH, clock });
    await redlock.using("warm-up", () => undefined);
    for (const instance of instances) instance.pause();
    const refused = rejection(redlock.acquire("a"));
    await settle();
    // It keeps the process running until then.
    expect(clock.keptAlive).toBe(1);
    const closed = redlock.close();
    await settle();
    expect(await Promise.race([refused, settle()])).toBeInstanceOf(LockClosedError);
    for (const instance of instances) instance.resume();
    await clock.advance(1_000);
    await closed;
    expect(clock.keptAlive).toBe(0);
    expect(instances.flatMap((instance) => instance.keys()).filter((key) => key === "lock:a")).toEqual([]);
  });

  test("has a fencing token also of instances that say yes by a list", async () => {
    const redlock = new Redlock(
      list(() => new ListingInstance()),
      FRESH,
    );
    const first = await redlock.acquire("a");
    expect(await first.release()).toBe(true);
    const second = await redlock.acquire("a");
    expect([first.fence > 0, second.fence]).toEqual([true, first.fence + 1]);
    await redlock.close();
  });
});
