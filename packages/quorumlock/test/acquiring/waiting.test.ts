import { describe, expect, test } from "vitest";
import type { LockEvents } from "../../src/index.ts";
import { resourceKeys } from "../../src/operations/keys.ts";
import { mutex } from "../../src/operations/mutex.ts";
import { settle } from "../support/virtual-clock.ts";
import { type WatchedWorld, watchedWorld } from "../support/watched-world.ts";

function acquires({ instances }: WatchedWorld): number {
  const asked = ["mutex.acquire", "mutex.take"];
  return instances.reduce(
    (sum, instance) => sum + asked.reduce((of, name) => of + instance.count(name), 0),
    0,
  );
}

describe("a waiter", () => {
  test("does not poll: it asks twice, then once for each time that the holder's lease would have ended", async () => {
    const here = watchedWorld();
    const held = await here.client().acquire("a", { autoExtend: true });
    const before = acquires(here);
    const waiting = here.client().acquire("a", { wait: Infinity });
    await here.clock.advance(60_000);
    // The holder renews every third of its 10 s; each refusal tells between 6.7 and 10 s.
    expect((acquires(here) - before) / 3).toBeLessThanOrEqual(2 + 60 / 6.6);
    await held.release();
    await settle();
    await (await waiting).release();
  });

  test("is woken by the release: one attempt more, and no time passes", async () => {
    const here = watchedWorld();
    const held = await here.client().acquire("a");
    const waiting = here.client().acquire("a", { wait: Infinity });
    await here.clock.advance(10);
    const before = acquires(here);
    const at = here.clock.monotonic();
    await held.release();
    await waiting;
    expect(here.clock.monotonic()).toBe(at);
    expect(acquires(here) - before).toBe(3);
  });

  test("does not ask when the holder extends its lock", async () => {
    const here = watchedWorld();
    const held = await here.client().acquire("a");
    void here.client().acquire("a", { wait: Infinity });
    await here.clock.advance(10);
    const before = acquires(here);
    await held.extend(20_000);
    await held.extend(1_000);
    await here.clock.advance(100);
    expect(acquires(here)).toBe(before);
  });

  test("takes over when the holder dies, at the end of its lease", async () => {
    const here = watchedWorld();
    const token = `${"d".repeat(32)}@dead:1`;
    for (const instance of here.instances) instance.set("lock:a", token, 10_000);
    let got = false;
    const waiting = here
      .client()
      .acquire("a", { wait: Infinity })
      .then(() => (got = true));
    await here.clock.advance(9_990);
    expect(got).toBe(false);
    await here.clock.advance(20);
    expect(await waiting).toBe(true);
  });

  test("is not left asleep by a release that crosses its refusal", async () => {
    const here = watchedWorld();
    const holder = here.client();
    let held = await holder.acquire("a", { ttl: 600_000 });
    const other = here.client();
    await other.using("warm", () => undefined);
    // Each time, the release is carried out right after the waiter was refused, before it hears of that.
    for (let turn = 0; turn < 30; turn++) {
      const waiting = other.acquire("a", { wait: 5_000, ttl: 600_000 });
      for (let step = 0; step < turn; step++) await Promise.resolve();
      await held.release();
      await here.clock.advance(1);
      const lock = await waiting;
      await lock.release();
      held = await holder.acquire("a", { ttl: 600_000 });
    }
    await held.release();
  });

  test("is not kept out for ever by others that come as regularly", async () => {
    const here = watchedWorld();
    const served = [0, 0, 0, 0, 0, 0];
    const closesAt = here.clock.monotonic() + 600;
    const pause = (ms: number): Promise<void> =>
      new Promise((resolve) => here.clock.timer(ms, resolve, true));
    const workers = served.map(async (_, index) => {
      const redlock = here.client();
      while (here.clock.monotonic() < closesAt) {
        await redlock.using("a", { wait: Infinity }, () => pause(1));
        served[index]! += 1;
        await pause(1);
      }
    });
    await here.clock.advance(1_200);
    await Promise.all(workers);
    const even = served.reduce((sum, count) => sum + count, 0) / served.length;
    expect(Math.min(...served)).toBeGreaterThan(even / 2);
  });

  test("is not left asleep by a release that came before a subscription which took too long", async () => {
    const here = watchedWorld(1);
    const instance = here.instances[0]!;
    const held = await here.client().acquire("a", { ttl: 600_000 });
    let confirm = (): void => undefined;
    instance.subscribing = new Promise((resolve) => (confirm = resolve));
    let served = false;
    const waiting = here
      .client({ requestTimeout: 10 })
      .acquire("a", { wait: Infinity })
      .finally(() => (served = true));
    // It asks once more without the subscription, and sleeps.
    await here.clock.advance(15);
    await held.release();
    await here.clock.advance(5);
    expect(served).toBe(false);
    confirm();
    await here.clock.advance(1);
    expect(served).toBe(true);
    await (await waiting).release();
  });

  test("needs wake messages of a quorum only", async () => {
    const here = watchedWorld();
    const held = await here.client().acquire("a", { ttl: 600_000 });
    const waiting = here.client().acquire("a", { wait: 5_000 });
    await here.clock.advance(10);
    here.instances[1]!.deaf = true;
    await held.release();
    await here.clock.advance(1);
    await (await waiting).release();
  });

  test("polls slowly where wake messages cannot be had, says so, and stops when they are back", async () => {
    const here = watchedWorld();
    const lost: LockEvents["instance:wake:lost"][] = [];
    const held = await here.client().acquire("a", { ttl: 600_000 });
    const other = here.client();
    other.on("instance:wake:lost", (event) => lost.push(event));
    const waiting = other.acquire("a", { wait: Infinity });
    await here.clock.advance(10);
    for (const instance of here.instances.slice(0, 2)) instance.breakSubscriptions();
    await settle();
    expect(lost.map(({ instance }) => instance)).toEqual(["m0", "m1"]);
    const before = acquires(here);
    await here.clock.advance(3_000);
    const polls = (acquires(here) - before) / 3;
    expect(polls).toBeGreaterThanOrEqual(3_000 / 150 - 2);
    expect(polls).toBeLessThanOrEqual(3_000 / 50 + 2);
    for (const instance of here.instances.slice(0, 2)) instance.restoreSubscriptions();
    await here.clock.advance(200);
    const after = acquires(here);
    await here.clock.advance(60_000);
    // Besides what is told it asks every 10 to 15 s, for a message that gets lost all the same.
    expect((acquires(here) - after) / 3).toBeLessThanOrEqual(1 + 60 / 10);
    await held.release();
    await settle();
    await (await waiting).release();
  });

  test("asks after a release that was missed while its subscription was broken", async () => {
    const here = watchedWorld();
    const held = await here.client().acquire("a", { ttl: 600_000 });
    const other = here.client();
    const waiting = other.acquire("a", { wait: Infinity });
    await here.clock.advance(10);
    for (const instance of here.instances) instance.deaf = true;
    await held.release();
    await settle();
    for (const instance of here.instances) {
      instance.breakSubscriptions();
      instance.restoreSubscriptions();
    }
    await here.clock.advance(150);
    await (await waiting).release();
  });

  test("asks again for a subscription that was refused, but no more often than it polls", async () => {
    const here = watchedWorld();
    const held = await here.client().acquire("a", { ttl: 600_000 });
    const other = here.client();
    for (const instance of here.instances.slice(0, 2)) instance.refusesSubscriptions = true;
    const waiting = other.acquire("a", { wait: Infinity });
    await here.clock.advance(5_000);
    const before = acquires(here);
    await here.clock.advance(3_000);
    expect((acquires(here) - before) / 3).toBeLessThanOrEqual(3_000 / 50 + 2);
    for (const instance of here.instances.slice(0, 2)) instance.refusesSubscriptions = false;
    await here.clock.advance(200);
    const after = acquires(here);
    await here.clock.advance(60_000);
    expect((acquires(here) - after) / 3).toBeLessThanOrEqual(1 + 60 / 10);
    await held.release();
    await settle();
    await (await waiting).release();
  });

  test("for a foreign holder, which tells nobody, polls slowly", async () => {
    const here = watchedWorld();
    for (const instance of here.instances) instance.set("lock:a", "foreign", 600_000);
    const waiting = here.client().acquire("a", { wait: Infinity });
    await here.clock.advance(1_000);
    for (const instance of here.instances) instance.delete("lock:a");
    await here.clock.advance(150);
    await (await waiting).release();
  });

  test("gets in within 15 s after a key was deleted by hand, of which nobody is told", async () => {
    const here = watchedWorld();
    const held = await here.client().acquire("a", { ttl: 3_600_000 });
    const waiting = here.client().acquire("a", { wait: Infinity });
    await here.clock.advance(1_000);
    for (const instance of here.instances) instance.delete("lock:a");
    await here.clock.advance(15_001);
    await (await waiting).release();
    expect(await held.release()).toBe(false);
  });

  test("whose votes were gone before its fencing token was written back goes on, and so do all others", async () => {
    const here = watchedWorld();
    const [holder, redlock] = [here.client(), here.client()];
    const held = await holder.acquire("a", { ttl: 60_000 });
    const waiting = redlock.acquire("a", { wait: 30_000 });
    await here.clock.advance(10);
    // Counters that differ make a second round necessary; a pause longer than the ttl would lose the votes before it.
    here.instances.forEach((instance, index) => {
      instance.set("{lock:a}:fence", String(index * 1_000));
      let once = true;
      instance.before = (operation) => {
        if (operation !== "mutex.raise" || !once) return;
        once = false;
        instance.delete("lock:a");
      };
    });
    const other = redlock.acquire("x", { wait: 1_000 }).catch((error: unknown) => error);
    for (const instance of here.instances) instance.set("lock:x", "foreign", 600_000);
    await held.release();
    await here.clock.advance(2_000);
    await (await waiting).release();
    await other;
    const late = redlock.acquire("x", { wait: 1_000 }).catch((error: { code: string }) => error.code);
    await here.clock.advance(1_001);
    expect(await late).toBe("LOCK_TIMEOUT");
  });

  test("rides out an outage, asking ever more seldom", async () => {
    const here = watchedWorld();
    const redlock = here.client({ restartGuard: false });
    await redlock.using("warm", () => undefined);
    here.instances[0]!.kill();
    here.instances[1]!.kill();
    const before = here.instances[2]!.count("mutex.acquire");
    const waiting = redlock.acquire("a", { wait: Infinity });
    await here.clock.advance(30_000);
    expect(here.instances[2]!.count("mutex.acquire") - before).toBeLessThan(60);
    here.instances[0]!.restart();
    await here.clock.advance(1_001);
    await (await waiting).release();
  });
});

describe("a waiter lets another one that is named go first", () => {
  /** One waits behind another that is first in line, and will not come. */
  async function second() {
    const here = watchedWorld();
    const held = await here.client().acquire("a", { ttl: 600_000 });
    const waiting = here.client().acquire("a", { wait: Infinity });
    await settle();
    for (const instance of here.instances)
      instance.set("{lock:a}:wake", `dead0000 ${instance.get("{lock:a}:wake")}`, 600_000);
    /** How often it asks at once when the lock is released. It is served in the end. */
    const asksAtOnce = async (meanwhile = async (): Promise<void> => undefined): Promise<number> => {
      const before = acquires(here);
      await held.release();
      await settle();
      await meanwhile();
      const asked = acquires(here) - before;
      await here.clock.advance(100);
      await (await waiting).release();
      return asked;
    };
    return { here, asksAtOnce };
  }

  /** Withdraws a vote of somebody's on one instance. */
  async function withdrawn(here: WatchedWorld, index: number): Promise<void> {
    const instance = here.instances[index]!;
    const lock = instance.get("lock:a");
    instance.set("lock:a", "split", 1_000);
    await instance.run([mutex.release([resourceKeys("lock:", "a")], "split")]);
    if (lock !== undefined) instance.set("lock:a", lock, 600_000);
    await settle();
  }

  test("for a moment", async () => {
    const { asksAtOnce } = await second();
    expect(await asksAtOnce()).toBe(0);
  });

  test("also where a vote is withdrawn in that moment", async () => {
    const { here, asksAtOnce } = await second();
    expect(await asksAtOnce(() => withdrawn(here, 0))).toBe(0);
  });

  test("also where a vote was withdrawn long before", async () => {
    const { here, asksAtOnce } = await second();
    await withdrawn(here, 2);
    await here.clock.advance(1_000);
    expect(await asksAtOnce()).toBe(0);
  });

  test("also where the subscription to the first instance is broken", async () => {
    const { here, asksAtOnce } = await second();
    here.instances[0]!.breakSubscriptions();
    here.instances[0]!.deaf = true;
    await settle();
    expect(await asksAtOnce()).toBe(0);
  });
});

describe("in one process", () => {
  test("only the first waiter asks the instances", async () => {
    const here = watchedWorld();
    const redlock = here.client();
    const held = await redlock.acquire("a");
    const before = acquires(here);
    const waits = Array.from({ length: 100 }, () => redlock.acquire("a", { wait: Infinity }));
    await settle();
    expect(acquires(here)).toBe(before);
    await held.release();
    for (const wait of waits) await (await wait).release();
    expect((acquires(here) - before) / 3).toBe(100);
  });

  test("a hand-over is one write to each instance: the release and the next request together", async () => {
    const here = watchedWorld();
    const redlock = here.client();
    const held = await redlock.acquire("a");
    const next = redlock.acquire("a");
    await settle();
    const before = here.instances.map(({ calls }) => calls);
    await held.release();
    await next;
    expect(here.instances.map(({ calls }, index) => calls - before[index]!)).toEqual([1, 1, 1]);
    expect(here.instances[0]!.asked.at(-1)).toBe("mutex.take");
  });

  test("a long queue lets another process go first now and then", async () => {
    const here = watchedWorld();
    const [crowd, single] = [here.client(), here.client()];
    const held = await crowd.acquire("a");
    let served = 0;
    const crowded = Array.from({ length: 200 }, () =>
      crowd.using("a", { wait: Infinity }, () => void (served += 1)),
    );
    let servedBefore = -1;
    const other = single.using("a", { wait: Infinity }, () => void (servedBefore = served));
    await here.clock.advance(10);
    await held.release();
    await here.clock.advance(2_000);
    await Promise.all([...crowded, other]);
    expect(served).toBe(200);
    expect(servedBefore).toBeLessThanOrEqual(66);
  });

  test("who waits behind others of this process is told what they were told", async () => {
    const here = watchedWorld();
    const redlock = here.client();
    const held = await here.client({ owner: "elsewhere" }).acquire("a");
    const first = redlock.acquire("a", { wait: 2_000 });
    const second = redlock.acquire("a", { wait: 1_000 });
    const failed = Promise.all([
      first.catch((error: unknown) => error),
      second.catch((error: unknown) => error),
    ]);
    await here.clock.advance(2_001);
    const [one, two] = await failed;
    expect(two).toMatchObject({ code: "LOCK_TIMEOUT", holder: { owner: "elsewhere", token: held.token } });
    // What is left was told at the beginning, and has become less since.
    expect(two).toHaveProperty("holder.remaining", expect.closeTo(9_000, -1));
    expect(one).toMatchObject({ code: "LOCK_TIMEOUT", holder: { owner: "elsewhere" } });
  });

  test("behind a waiter an outage is not taken for contention", async () => {
    const here = watchedWorld();
    const redlock = here.client();
    await redlock.using("warm", () => undefined);
    for (const instance of here.instances) instance.kill();
    const first = redlock.acquire("a", { wait: 5_000 }).catch((error: unknown) => error);
    await here.clock.advance(10);
    await expect(redlock.tryAcquire("a")).rejects.toMatchObject({ code: "LOCK_NO_QUORUM" });
    await here.clock.advance(5_000);
    expect(await first).toMatchObject({ code: "LOCK_NO_QUORUM" });
  });

  test("who waits for several names keeps nobody from one that is free", async () => {
    const here = watchedWorld();
    const redlock = here.client();
    const a = await redlock.acquire("a");
    const both = redlock.acquire(["a", "b"], { wait: Infinity });
    await settle();
    // The holder of "a" takes "b" as well: in the same order as everybody, so nobody waits in a circle.
    const b = await redlock.tryAcquire("b");
    expect(b).not.toBeNull();
    await b?.release();
    await a.release();
    await (await both).release();
  });

  test("tryAcquire does not overtake those who wait", async () => {
    const here = watchedWorld();
    const redlock = here.client();
    const held = await redlock.acquire("a");
    const waiting = redlock.acquire("a", { wait: Infinity });
    expect(await redlock.tryAcquire("a")).toBeNull();
    await held.release();
    expect(await redlock.tryAcquire("a")).toBeNull();
    await (await waiting).release();
    expect(await redlock.tryAcquire("a")).not.toBeNull();
  });
});
