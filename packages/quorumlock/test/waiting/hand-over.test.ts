import { describe, expect, test } from "vitest";
import type { Redlock } from "../../src/index.ts";
import { settle } from "../support/virtual-clock.ts";
import { type WatchedWorld, watchedWorld } from "../support/watched-world.ts";

function world(count = 3): WatchedWorld {
  return watchedWorld(count, { requestTimeout: 100 });
}

function held({ instances }: WatchedWorld, name: string): readonly (string | undefined)[] {
  return instances.map((instance) => instance.get(`lock:${name}`));
}

function lines({ instances }: WatchedWorld): readonly (string | undefined)[] {
  return instances.map((instance) => instance.get("{lock:a}:wake"));
}

describe("a hand-over in one process", () => {
  test("is one request to each instance, which replaces the token, counts the fence up and tells nobody", async () => {
    const here = world();
    const redlock = here.client();
    const first = await redlock.acquire("a");
    const other = here.client().acquire("a", { wait: Infinity });
    const next = redlock.acquire("a");
    await settle();
    let told = 0;
    for (const instance of here.instances) instance.onWake = () => (told += 1);
    const before = here.instances.map(({ asked }) => asked.length);
    expect(await first.release()).toBe(true);
    const second = await next;
    expect(here.instances.map(({ asked }, index) => asked.slice(before[index]))).toEqual(
      here.instances.map(() => ["mutex.take"]),
    );
    expect([second.fence, told]).toEqual([first.fence + 1, 0]);
    expect(held(here, "a")).toEqual(here.instances.map(() => second.token));
    expect([first.isHeld, second.isHeld]).toEqual([false, true]);
    await second.release();
    await (await other).release();
    expect(told).toBeGreaterThan(0);
  });

  test("that nobody takes is a release: the next in line gave up at that moment", async () => {
    const here = world();
    const redlock = here.client();
    const first = await redlock.acquire("a");
    const controller = new AbortController();
    const next = redlock.acquire("a", { signal: controller.signal }).catch((error: unknown) => error);
    await settle();
    controller.abort();
    expect(await first.release()).toBe(true);
    expect(await next).toMatchObject({ code: "LOCK_ABORTED" });
    await settle();
    expect(held(here, "a")).toEqual([undefined, undefined, undefined]);
  });

  test("goes on to the next but one where the next gave up", async () => {
    const here = world();
    const redlock = here.client();
    const first = await redlock.acquire("a");
    const controller = new AbortController();
    const second = redlock.acquire("a", { signal: controller.signal }).catch((error: unknown) => error);
    const third = redlock.acquire("a");
    await settle();
    controller.abort();
    await first.release();
    expect(await second).toMatchObject({ code: "LOCK_ABORTED" });
    const lock = await third;
    expect(held(here, "a")).toEqual(here.instances.map(() => lock.token));
    await lock.release();
  });

  test("that no majority confirms is a release, too, and both are told what they need to know", async () => {
    const here = world();
    const redlock = here.client();
    const first = await redlock.acquire("a");
    const next = redlock.acquire("a", { wait: 300 }).catch((error: unknown) => error);
    await settle();
    for (const instance of here.instances.slice(0, 2)) instance.cut();
    const releasing = first.release().catch((error: unknown) => error);
    await here.clock.advance(400);
    expect(await releasing).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(await next).toMatchObject({ code: "LOCK_NO_QUORUM" });
    for (const instance of here.instances.slice(0, 2)) instance.mend();
    await settle();
    expect(held(here, "a")).toEqual([undefined, undefined, undefined]);
  });

  test("leaves nothing of the former holder where one instance cannot be asked", async () => {
    const here = world();
    const redlock = here.client();
    const first = await redlock.acquire("a");
    const next = redlock.acquire("a");
    await settle();
    here.instances[0]!.cut();
    expect(await first.release()).toBe(true);
    const second = await next;
    here.instances[0]!.mend();
    await settle();
    expect(held(here, "a")).toEqual([undefined, second.token, second.token]);
    await second.release();
    expect(held(here, "a")).toEqual([undefined, undefined, undefined]);
  });

  test("was held by its former holder until then, also where the next in line gives up while it is under way", async () => {
    const here = world();
    const redlock = here.client();
    const first = await redlock.acquire("a");
    const controller = new AbortController();
    const next = redlock.acquire("a", { signal: controller.signal }).catch((error: unknown) => error);
    await settle();
    for (const instance of here.instances) instance.pause();
    const released = first.release();
    await settle();
    controller.abort();
    await settle();
    for (const instance of here.instances) instance.resume();
    expect(await released).toBe(true);
    expect(await next).toMatchObject({ code: "LOCK_ABORTED" });
    expect(held(here, "a")).toEqual([undefined, undefined, undefined]);
  });

  test("leaves nothing of the former holder where an instance breaks off after the votes of the others were lost again", async () => {
    const here = world();
    const redlock = here.client();
    const first = await redlock.acquire("a", { ttl: 3_600_000 });
    const next = redlock.acquire("a", { ttl: 3_600_000, wait: Infinity });
    await settle();
    // Counters that differ make a second round necessary; before that the votes are gone.
    here.instances.forEach((instance, index) => {
      instance.set("{lock:a}:fence", String((index + 2) * 1_000));
      let once = true;
      instance.before = (operation) => {
        if (operation === "mutex.raise" && once) instance.delete("lock:a");
        if (operation === "mutex.raise") once = false;
      };
    });
    here.instances[2]!.lose = true;
    expect(await first.release()).toBe(true);
    await settle();
    here.instances[2]!.cut();
    here.instances[2]!.lose = false;
    here.instances[2]!.mend();
    await here.clock.advance(1_000);
    expect(held(here, "a")).not.toContain(first.token);
    await (await next).release();
    expect(held(here, "a")).toEqual([undefined, undefined, undefined]);
  });

  test("is for no shorter time: those who wait elsewhere would sleep until the end that they were told of", async () => {
    const here = world();
    const redlock = here.client();
    const first = await redlock.acquire("a", { ttl: 1_000 });
    await first.extend(600_000);
    const elsewhere = here.client().acquire("a", { wait: Infinity });
    const next = redlock.acquire("a", { ttl: 1_000 });
    await settle();
    await first.release();
    await next;
    expect(here.instances[0]!.count("mutex.take")).toBe(0);
    // It is never given back: its process is gone.
    for (const instance of here.instances) instance.deaf = true;
    const at = here.clock.monotonic();
    await here.clock.advance(1_010);
    await (await elsewhere).release();
    expect(here.clock.monotonic() - at).toBe(1_010);
  });

  test("goes on to nobody who would keep it for a shorter time than whoever gave up", async () => {
    const here = world();
    const redlock = here.client();
    const first = await redlock.acquire("a");
    const controller = new AbortController();
    const second = redlock.acquire("a", { signal: controller.signal });
    second.catch(() => undefined);
    const third = redlock.acquire("a", { ttl: 1_000 });
    await settle();
    controller.abort();
    await first.release();
    await (await third).release();
    expect(here.instances[0]!.count("mutex.take")).toBe(0);
  });
});

describe("processes that wait for one lock", () => {
  /** How many hand-overs there were in a row in each process, in the order of the grants. */
  async function rows(
    here: WatchedWorld,
    processes: number,
    waiters: number,
    each: number,
  ): Promise<number[][]> {
    const grants: number[] = [];
    const clients = Array.from({ length: processes }, () => here.client());
    const work = clients.flatMap((redlock, process) =>
      Array.from({ length: waiters }, async () => {
        for (let turn = 0; turn < each; turn++) {
          const lock = await redlock.acquire("a", { wait: Infinity });
          grants.push(process);
          await new Promise<void>((resolve) => here.clock.timer(1, resolve, false));
          await lock.release();
        }
      }),
    );
    await here.clock.advance(10_000);
    await Promise.all(work);
    const found: number[][] = [];
    for (const process of grants) {
      const row = found.at(-1);
      if (row?.[0] === process) row[1]! += 1;
      else found.push([process, 1]);
    }
    return found;
  }

  /** Has the lock again and again, for 2 ms each. */
  async function takeAgainAndAgain(
    here: WatchedWorld,
    redlock: Redlock,
    until: number,
    served: () => void,
  ): Promise<void> {
    while (here.clock.monotonic() < until) {
      const lock = await redlock.acquire("a", { wait: Infinity });
      served();
      await new Promise<void>((resolve) => here.clock.timer(2, resolve, false));
      await lock.release();
    }
  }

  test("take turns, in the order in which they came, and none has more than 33 in a row", async () => {
    const here = world();
    const found = await rows(here, 4, 10, 40);
    expect(Math.max(...found.map(([, count]) => count ?? 0))).toBeLessThanOrEqual(33);
    // As long as all have work: each round of turns has each process once.
    const order = found.slice(4, 24).map(([process]) => process);
    for (let at = 0; at + 4 <= order.length; at += 4) {
      expect(new Set(order.slice(at, at + 4)).size).toBe(4);
    }
    for (const instance of here.instances)
      expect(instance.keys().filter((key) => !key.endsWith(":fence"))).toEqual([]);
  });

  test("ask little: a hand-over takes less than two requests to each instance, with all that turns cost", async () => {
    const here = world();
    await rows(here, 4, 10, 40);
    const asked = here.instances.reduce((sum, instance) => sum + instance.calls, 0);
    expect(asked / (4 * 10 * 40) / here.instances.length).toBeLessThan(2);
  });

  test("are not stopped by one that is first in line and gone", async () => {
    const here = world();
    const [one, two] = [here.client(), here.client()];
    const lock = await one.acquire("a");
    const waiting = two.acquire("a", { wait: Infinity });
    await settle();
    // Somebody who died was there before.
    for (const instance of here.instances)
      instance.set("{lock:a}:wake", `dead0000 ${instance.get("{lock:a}:wake")}`, 10_000);
    const at = here.clock.monotonic();
    await lock.release();
    await here.clock.advance(80);
    await (await waiting).release();
    expect(here.clock.monotonic() - at).toBeLessThanOrEqual(80);
  });

  test("get their turn where they are far and others near, which always have callers", async () => {
    const here = world();
    const served = [0, 0];
    const until = here.clock.monotonic() + 3_000;
    const [near, far] = [here.distantClient(0.2), here.distantClient(10)];
    const all = [near, near, near].map((redlock) =>
      takeAgainAndAgain(here, redlock, until, () => (served[0]! += 1)),
    );
    all.push(takeAgainAndAgain(here, far, until, () => (served[1]! += 1)));
    await here.clock.advance(4_000);
    await Promise.all(all);
    expect(served[1]).toBeGreaterThan(10);
    expect(served[0]).toBeGreaterThan(served[1]! * 5);
  });

  test("get it before whoever releases it and asks for it again at once", async () => {
    const here = world();
    let luck = 0;
    here.clock.random = () => (luck = (luck + 0.618) % 1);
    const order: number[] = [];
    const until = here.clock.monotonic() + 1_000;
    const all = [0, 1, 2].map((process) =>
      takeAgainAndAgain(here, here.distantClient(0.2), until, () => order.push(process)),
    );
    await here.clock.advance(2_000);
    await Promise.all(all);
    const repeated = order.filter((process, index) => process === order[index - 1]);
    expect(repeated.length / order.length).toBeLessThan(0.05);
  });

  test.each([0, 5])(
    "are not waited for by whoever waits for %d ms itself, nor once they have gone",
    async (wait) => {
      const here = world();
      const [one, two] = [here.client(), here.client()];
      const lock = await one.acquire("a");
      const waiting = two.acquire("a", { wait: Infinity });
      await settle();
      for (const instance of here.instances) instance.deaf = true;
      await lock.release();
      // It was not heard by the other one.
      const again = await one.acquire("a", { wait });
      for (const instance of here.instances) instance.deaf = false;
      await again.release();
      await (await waiting).release();
      await here.clock.advance(5);
      // Its subscriptions last, but it stands in no line.
      const at = here.clock.monotonic();
      for (let turn = 0; turn < 10; turn++) await (await one.acquire("a")).release();
      expect(here.clock.monotonic()).toBe(at);
    },
  );

  test("stay in line as long as they wait, however short their ttl", async () => {
    const here = world();
    const lock = await here.client().acquire("a", { autoExtend: true });
    const waiting = here.client().acquire("a", { ttl: 1_000, wait: Infinity });
    for (let second = 0; second < 60; second++) {
      await here.clock.advance(1_000);
      expect(lines(here)).not.toContain(undefined);
    }
    await lock.release();
    await (await waiting).release();
  });

  test("leave the line when they give up", async () => {
    const here = world();
    const lock = await here.client().acquire("a");
    const waiting = here.client().acquire("a", { wait: 50 });
    await settle();
    expect(lines(here)).not.toContain(undefined);
    waiting.catch(() => undefined);
    await here.clock.advance(60);
    expect(lines(here)).toEqual([undefined, undefined, undefined]);
    await lock.release();
  });

  test("leave the line at whatever moment they give up", async () => {
    for (let step = 0; step < 30; step++) {
      const here = world();
      const lock = await here.client().acquire("a");
      const controller = new AbortController();
      const waiting = here.client().acquire("a", { signal: controller.signal });
      waiting.catch(() => undefined);
      await settle();
      // So many steps after the vote that decides.
      const giveUp = async (): Promise<void> => {
        for (let taken = 0; taken < step; taken++) await Promise.resolve();
        controller.abort();
      };
      here.instances[1]!.before = (operation) => {
        if (operation === "mutex.acquire") void giveUp();
      };
      await lock.release();
      await settle();
      await waiting.then((won) => won.release()).catch(() => undefined);
      await settle();
      expect([step, ...lines(here), ...held(here, "a")]).toEqual([step, ...Array(6).fill(undefined)]);
    }
  });

  /** One that waits, and is in line also on an instance that does not answer any more. */
  async function inLineWhereNobodyAnswers() {
    const here = world();
    const lock = await here.client().acquire("a", { ttl: 600_000 });
    const redlock = here.client();
    const waiting = redlock.acquire("a", { ttl: 600_000, wait: 1_000 });
    waiting.catch(() => undefined);
    await settle();
    expect(lines(here)).not.toContain(undefined);
    // There no release finds it, and wakes whoever is next.
    here.instances[2]!.delete("lock:a");
    here.instances[2]!.pause();
    void redlock.using("other", () => undefined);
    await here.clock.advance(150);
    const leaves = async (): Promise<void> => {
      here.instances[2]!.resume();
      await here.clock.advance(1_000);
      expect(lines(here)).toEqual([undefined, undefined, undefined]);
    };
    return { here, lock, redlock, waiting, leaves };
  }

  test("leave it also where an instance is slow to answer when they give up", async () => {
    const { here, lock, leaves } = await inLineWhereNobodyAnswers();
    await here.clock.advance(1_000);
    await leaves();
    await lock.release();
  });

  test("leave it also where an instance is slow to answer when they are served", async () => {
    const { here, lock, waiting, leaves } = await inLineWhereNobodyAnswers();
    await lock.release();
    await here.clock.advance(50);
    await (await waiting).release();
    await leaves();
  });

  test("leave it also where an instance is slow to answer when they hand on what they were served", async () => {
    const here = world();
    const lock = await here.client().acquire("a");
    const redlock = here.client();
    const waiting = redlock.acquire("a", { wait: Infinity });
    await settle();
    await lock.release();
    const first = await waiting;
    const next = redlock.acquire("a");
    await settle();
    expect(lines(here)).not.toContain(undefined);
    here.instances[2]!.cut();
    await first.release();
    await (await next).release();
    here.instances[2]!.mend();
    await settle();
    expect(lines(here)).toEqual([undefined, undefined, undefined]);
  });
});
