import { describe, expect, test } from "vitest";
import { mutexKind } from "../../src/operations/mutex.ts";
import { settle } from "../support/virtual-clock.ts";
import { countAcquires, type WatchedWorld, watchedWorld } from "../support/watched-world.ts";
import { wakeKey } from "../support/lock-keys.ts";

describe("a waiter yields to another waiter that a message names as next", () => {
  /** A waiter that is second in line. The first one never acquires. */
  async function secondInLine() {
    const world = watchedWorld();
    const held = await world.client().acquire("a", { ttl: 600_000 });
    const waiting = world.client().acquire("a", { wait: Infinity });
    await settle();
    for (const instance of world.instances)
      instance.set(wakeKey("a"), `dead0000 ${instance.get(wakeKey("a"))}`, 600_000);
    /** Number of requests right after the release. The waiter acquires the lock in the end. */
    const requestsAtRelease = async (meanwhile = async (): Promise<void> => undefined): Promise<number> => {
      const before = countAcquires(world);
      await held.release();
      await settle();
      await meanwhile();
      const requests = countAcquires(world) - before;
      await world.clock.advance(100);
      await (await waiting).release();
      return requests;
    };
    return { world, requestsAtRelease };
  }

  /** Withdraws a vote of another client on one instance. */
  async function withdrawVote(world: WatchedWorld, index: number): Promise<void> {
    const instance = world.instances[index]!;
    const lock = instance.get("lock:a");
    instance.set("lock:a", "split", 1_000);
    await instance.run([
      mutexKind.release(["a"], { token: "split", prefix: "lock:", fence: 0, isWithdrawn: false }, ""),
    ]);
    if (lock !== undefined) instance.set("lock:a", lock, 600_000);
    await settle();
  }

  test("for a moment", async () => {
    const { requestsAtRelease } = await secondInLine();
    expect(await requestsAtRelease()).toBe(0);
  });

  test("also if a vote is withdrawn in that moment", async () => {
    const { world, requestsAtRelease } = await secondInLine();
    expect(await requestsAtRelease(() => withdrawVote(world, 0))).toBe(0);
  });

  test("also if a vote was withdrawn long before", async () => {
    const { world, requestsAtRelease } = await secondInLine();
    await withdrawVote(world, 2);
    await world.clock.advance(1_000);
    expect(await requestsAtRelease()).toBe(0);
  });

  test("also if the subscription to the first instance is broken", async () => {
    const { world, requestsAtRelease } = await secondInLine();
    world.instances[0]!.breakSubscriptions();
    world.instances[0]!.dropsWakeMessages = true;
    await settle();
    expect(await requestsAtRelease()).toBe(0);
  });
});
