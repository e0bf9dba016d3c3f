import { describe, expect, test } from "vitest";
import type { Redlock } from "../../src/index.ts";
import { settle } from "../support/virtual-clock.ts";
import { lockTokens, type WatchedWorld, watchedWorld } from "../support/watched-world.ts";
import { wakeKey, withoutCounters } from "../support/lock-keys.ts";

function createWorld(count = 3): WatchedWorld {
  return watchedWorld(count, { requestTimeout: 100 });
}

function waitingLines({ instances }: WatchedWorld): readonly (string | undefined)[] {
  return instances.map((instance) => instance.get(wakeKey("a")));
}

describe("processes that wait for the same lock", () => {
  /** The rows of grants in one process, in order: the process and the length of each row. */
  async function handOverRows(
    world: WatchedWorld,
    processes: number,
    waiters: number,
    each: number,
  ): Promise<number[][]> {
    const grants: number[] = [];
    const clients = Array.from({ length: processes }, () => world.client());
    const work = clients.flatMap((redlock, process) =>
      Array.from({ length: waiters }, async () => {
        for (let turn = 0; turn < each; turn++) {
          const lock = await redlock.acquire("a", { wait: Infinity });
          grants.push(process);
          await new Promise<void>((resolve) => world.clock.setTimer(1, resolve, false));
          await lock.release();
        }
      }),
    );
    await world.clock.advance(10_000);
    await Promise.all(work);
    const rows: number[][] = [];
    for (const process of grants) {
      const row = rows.at(-1);
      if (row?.[0] === process) row[1]! += 1;
      else rows.push([process, 1]);
    }
    return rows;
  }

  /** Acquires the lock repeatedly, and holds it for 2 ms each time. */
  async function acquireRepeatedly(
    world: WatchedWorld,
    redlock: Redlock,
    until: number,
    onServed: () => void,
  ): Promise<void> {
    while (world.clock.monotonic() < until) {
      const lock = await redlock.acquire("a", { wait: Infinity });
      onServed();
      await new Promise<void>((resolve) => world.clock.setTimer(2, resolve, false));
      await lock.release();
    }
  }

  test("take turns in the order of their first request, with at most 33 grants in a row", async () => {
    const world = createWorld();
    const found = await handOverRows(world, 4, 10, 40);
    expect(Math.max(...found.map(([, count]) => count ?? 0))).toBeLessThanOrEqual(33);
    // While all processes have work, each of them has one row in each round.
    const order = found.slice(4, 24).map(([process]) => process);
    for (let at = 0; at + 4 <= order.length; at += 4) {
      expect(new Set(order.slice(at, at + 4)).size).toBe(4);
    }
    for (const instance of world.instances) expect(withoutCounters(instance.keys())).toEqual([]);
  });

  test("need less than two requests to each instance for a hand-over, including the turns", async () => {
    const world = createWorld();
    await handOverRows(world, 4, 10, 40);
    const requests = world.instances.reduce((sum, instance) => sum + instance.runCalls, 0);
    expect(requests / (4 * 10 * 40) / world.instances.length).toBeLessThan(2);
  });

  test("are not blocked by a process that is first in line and has died", async () => {
    const world = createWorld();
    const [one, two] = [world.client(), world.client()];
    const lock = await one.acquire("a");
    const waiting = two.acquire("a", { wait: Infinity });
    await settle();
    // A process that has died is first in line.
    for (const instance of world.instances)
      instance.set(wakeKey("a"), `dead0000 ${instance.get(wakeKey("a"))}`, 10_000);
    const at = world.clock.monotonic();
    await lock.release();
    await world.clock.advance(80);
    await (await waiting).release();
    expect(world.clock.monotonic() - at).toBeLessThanOrEqual(80);
  });

  test("get their turn if they are far from the instances and other processes are near", async () => {
    const world = createWorld();
    const served = [0, 0];
    const until = world.clock.monotonic() + 3_000;
    const [near, far] = [world.distantClient(0.2), world.distantClient(10)];
    const all = [near, near, near].map((redlock) =>
      acquireRepeatedly(world, redlock, until, () => (served[0]! += 1)),
    );
    all.push(acquireRepeatedly(world, far, until, () => (served[1]! += 1)));
    await world.clock.advance(4_000);
    await Promise.all(all);
    expect(served[1]).toBeGreaterThan(10);
    expect(served[0]).toBeGreaterThan(served[1]! * 5);
  });

  test("acquire before a process that releases the lock and requests it again at once", async () => {
    const world = createWorld();
    let random = 0;
    world.clock.random = () => (random = (random + 0.618) % 1);
    const order: number[] = [];
    const until = world.clock.monotonic() + 1_000;
    const all = [0, 1, 2].map((process) =>
      acquireRepeatedly(world, world.distantClient(0.2), until, () => order.push(process)),
    );
    await world.clock.advance(2_000);
    await Promise.all(all);
    const repeated = order.filter((process, index) => process === order[index - 1]);
    expect(repeated.length / order.length).toBeLessThan(0.05);
  });

  test.each([0, 5])(
    "do not delay a caller with a wait of %d ms, nor a caller after they have left the line",
    async (wait) => {
      const world = createWorld();
      const [one, two] = [world.client(), world.client()];
      const lock = await one.acquire("a");
      const waiting = two.acquire("a", { wait: Infinity });
      await settle();
      for (const instance of world.instances) instance.dropsWakeMessages = true;
      await lock.release();
      // The other process does not receive the message.
      const again = await one.acquire("a", { wait });
      for (const instance of world.instances) instance.dropsWakeMessages = false;
      await again.release();
      // No message follows, as the first release has removed the other process from the line. It asks again all the same.
      await world.clock.advance(15_000);
      await (await waiting).release();
      await world.clock.advance(5);
      // The other process is still subscribed, but it is in no line.
      const at = world.clock.monotonic();
      for (let turn = 0; turn < 10; turn++) await (await one.acquire("a")).release();
      expect(world.clock.monotonic()).toBe(at);
    },
  );

  test("stay in line when an earlier lock of the same client is lost", async () => {
    const world = createWorld();
    const client = world.client();
    const lost = await client.acquire("a", { ttl: 60_000, autoExtend: false });
    // The instances keep the later end, so only a wake message can tell the waiter that the lock is free.
    await lost.extend(1_000);
    const waiting = client.acquire("a", { wait: Infinity });
    await world.clock.advance(1_100);
    expect(lost.isHeld).toBe(false);
    await (await waiting).release();
  });

  test("stay in line while they wait, even with a short ttl", async () => {
    const world = createWorld();
    const lock = await world.client().acquire("a");
    const waiting = world.client().acquire("a", { ttl: 1_000, wait: Infinity });
    for (let second = 0; second < 60; second++) {
      await world.clock.advance(1_000);
      expect(waitingLines(world)).not.toContain(undefined);
    }
    await lock.release();
    await (await waiting).release();
  });

  test("leave the line when they give up", async () => {
    const world = createWorld();
    const lock = await world.client().acquire("a");
    const waiting = world.client().acquire("a", { wait: 50 });
    await settle();
    expect(waitingLines(world)).not.toContain(undefined);
    waiting.catch(() => undefined);
    await world.clock.advance(60);
    expect(waitingLines(world)).toEqual([undefined, undefined, undefined]);
    await lock.release();
  });

  test("leave the line if they give up at any moment", async () => {
    for (let step = 0; step < 30; step++) {
      const world = createWorld();
      const lock = await world.client().acquire("a");
      const controller = new AbortController();
      const waiting = world.client().acquire("a", { signal: controller.signal });
      waiting.catch(() => undefined);
      await settle();
      // The waiter gives up `step` microtasks after the deciding vote.
      const giveUp = async (): Promise<void> => {
        for (let index = 0; index < step; index++) await Promise.resolve();
        controller.abort();
      };
      world.instances[1]!.onOperation = (operation) => {
        if (operation === "mutex.acquire") void giveUp();
      };
      await lock.release();
      await settle();
      await waiting.then((won) => won.release()).catch(() => undefined);
      await settle();
      expect([step, ...waitingLines(world), ...lockTokens(world, "a")]).toEqual([
        step,
        ...Array(6).fill(undefined),
      ]);
    }
  });

  /** A waiter that is in line on three instances, of which one has stopped answering. */
  async function waiterOnPausedInstance() {
    const world = createWorld();
    const lock = await world.client().acquire("a", { ttl: 600_000 });
    const redlock = world.client();
    const waiting = redlock.acquire("a", { ttl: 600_000, wait: 1_000 });
    waiting.catch(() => undefined);
    await settle();
    expect(waitingLines(world)).not.toContain(undefined);
    // The release finds no key there, so it notifies no waiter.
    world.instances[2]!.delete("lock:a");
    world.instances[2]!.pause();
    void redlock.using("other", () => undefined);
    await world.clock.advance(150);
    const expectLineLeft = async (): Promise<void> => {
      world.instances[2]!.resume();
      await world.clock.advance(1_000);
      expect(waitingLines(world)).toEqual([undefined, undefined, undefined]);
    };
    return { world, lock, redlock, waiting, expectLineLeft };
  }

  test("leave the line also if an instance does not answer when they give up", async () => {
    const { world, lock, expectLineLeft } = await waiterOnPausedInstance();
    await world.clock.advance(1_000);
    await expectLineLeft();
    await lock.release();
  });

  test("leave the line also if an instance does not answer when they acquire", async () => {
    const { world, lock, waiting, expectLineLeft } = await waiterOnPausedInstance();
    await lock.release();
    await world.clock.advance(50);
    await (await waiting).release();
    await expectLineLeft();
  });

  test("leave the line also if an instance is not reachable when they hand the lock over", async () => {
    const world = createWorld();
    const lock = await world.client().acquire("a");
    const redlock = world.client();
    const waiting = redlock.acquire("a", { wait: Infinity });
    await settle();
    await lock.release();
    const first = await waiting;
    const next = redlock.acquire("a");
    await settle();
    expect(waitingLines(world)).not.toContain(undefined);
    world.instances[2]!.disconnect();
    await first.release();
    await (await next).release();
    world.instances[2]!.reconnect();
    await settle();
    expect(waitingLines(world)).toEqual([undefined, undefined, undefined]);
  });
});
