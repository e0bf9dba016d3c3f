import { describe, expect, test } from "vitest";
import { LockClosedError, MemoryInstance, QuorumError, Redlock } from "../../src/index.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { FRESH } from "../support/fresh.ts";
import { rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";

const INSTANCES = 3;

/** A node of a cluster that answers after `delayMs`. */
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
      await new Promise<void>((resolve) => this.#clock.setTimer(this.delayMs, resolve, false));
    return super.run(requests);
  }
}

/** An instance that replies to a grant with a list instead of a number, as an instance of a user may do. */
class ListReplyInstance extends MemoryInstance {
  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const replies = await super.run(requests);
    return replies.map((reply) => (typeof reply === "number" ? [1, reply] : reply));
  }
}

function instancesOf<T>(make: () => T): readonly T[] {
  return Array.from({ length: INSTANCES }, make);
}

describe("an acquisition without other callers in the process", () => {
  test("waits no longer than `wait`, for any number of rounds", async () => {
    const clock = new VirtualClock();
    const nodes = instancesOf(() => new SlowNode(clock));
    const redlock = new Redlock(nodes, { ...FRESH, clock, requestTimeout: 100, ttl: 60_000 });
    await redlock.using("warm-up", () => undefined);
    for (const node of nodes) node.delayMs = 80;
    const names = Array.from({ length: 16 }, (_, index) => `n${index}`);
    const startedAt = clock.monotonic();
    let elapsedMs = 0;
    const rejected = rejection(redlock.acquire(names, { wait: 250 })).finally(
      () => (elapsedMs = clock.monotonic() - startedAt),
    );
    await clock.advance(3_000);
    expect(await rejected).toBeInstanceOf(QuorumError);
    expect(elapsedMs).toBeLessThanOrEqual(251);
  });

  test("rejects at once when the client closes, even if no instance answers", async () => {
    const clock = new VirtualClock();
    const instances = instancesOf(() => new MemoryInstance({ clock }));
    const redlock = new Redlock(instances, { ...FRESH, clock });
    await redlock.using("warm-up", () => undefined);
    for (const instance of instances) instance.pause();
    const rejected = rejection(redlock.acquire("a"));
    await settle();
    // The acquisition keeps the process running.
    expect(clock.keepAliveTimers).toBe(1);
    const closed = redlock.close();
    await settle();
    expect(await Promise.race([rejected, settle()])).toBeInstanceOf(LockClosedError);
    for (const instance of instances) instance.resume();
    await clock.advance(1_000);
    await closed;
    expect(clock.keepAliveTimers).toBe(0);
    expect(instances.flatMap((instance) => instance.keys()).filter((key) => key === "lock:a")).toEqual([]);
  });

  test("gets a fencing token also from instances that reply with a list", async () => {
    const redlock = new Redlock(
      instancesOf(() => new ListReplyInstance()),
      FRESH,
    );
    const first = await redlock.acquire("a");
    expect(await first.release()).toBe(true);
    const second = await redlock.acquire("a");
    expect([first.fence > 0, second.fence]).toEqual([true, first.fence + 1]);
    await redlock.close();
  });
});
