import { MAX_JITTER_MS } from "../../src/members/memory-recovery.ts";
import { describe, expect, test } from "vitest";
import { type LockEvents, MemoryInstance, Redlock, type RedlockOptions } from "../../src/index.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { DelayedInstance } from "../support/detour.ts";
import { rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { WatchedInstance } from "../support/watched-instance.ts";
import { type WatchedWorld, watchedWorld } from "../support/watched-world.ts";
import { advanceDuring } from "../support/world.ts";

const TTL_MS = 10_000;
/** The window of a ttl of 10 s, with the allowance for drift. */
const WINDOW_MS = 10_102;

function world(count = 3): WatchedWorld {
  return watchedWorld(count, { requestTimeout: 100 });
}

function unsafe(redlock: Redlock): LockEvents["instance:unsafe"][] {
  const heard: LockEvents["instance:unsafe"][] = [];
  redlock.on("instance:unsafe", (event) => heard.push(event));
  return heard;
}

function acquires({ instances }: WatchedWorld): readonly number[] {
  return instances.map((instance) => instance.countOperations("mutex.acquire"));
}

/** m0 and m1 grant a lock, then m1 restarts empty. A client that m1 and m2 grant the lock to is a second holder. */
async function secondHolder(options: RedlockOptions): Promise<{ here: WatchedWorld; second: unknown }> {
  const here = world();
  const [first, other] = [here.client(options), here.client(options)];
  await Promise.all([first.using("warm", () => undefined), other.using("warm", () => undefined)]);
  // Requests to m2 are lost.
  here.instances[2]!.losesRequests = true;
  const lock = await first.acquire("a");
  here.instances[1]!.restart();
  here.instances[2]!.losesRequests = false;
  await settle();
  const second = await advanceDuring(
    here.clock,
    1,
    other.acquire("a", { wait: 1 }).catch((error: unknown) => error),
  );
  expect(lock.isHeld).toBe(true);
  return { here, second };
}

describe("a server that restarted without its locks", () => {
  test("makes a second holder possible if the restart guard is off", async () => {
    const { second } = await secondHolder({ restartGuard: false });
    expect(second).toHaveProperty("isHeld", true);
  });

  test("does not vote until the longest ttl has passed, so that there is no second holder", async () => {
    const { second } = await secondHolder({});
    expect(second).toMatchObject({ code: "LOCK_TIMEOUT", holder: { thisProcess: true } });
    expect(String(second)).toMatch(
      /\n {2}m1: the server restarted 0\.0 s ago and may have lost locks, so it does not vote for another 10\.1 s; set `wait` above that, or `restartGuard: false` for development$/,
    );
  });

  test("is reported by an event, and receives acquisitions again when the window is over", async () => {
    const here = world();
    const redlock = here.client();
    const heard = unsafe(redlock);
    await redlock.using("warm", () => undefined);
    here.instances[1]!.restart();
    await settle();
    expect(heard).toEqual([
      {
        instance: "m1",
        cause: "restart",
        message: expect.stringMatching(
          /^the server restarted 0\.0 s ago .* does not vote for 10\.1 s; .*`appendfsync always`/,
        ),
        abstainsMs: WINDOW_MS,
      },
    ]);
    const before = here.instances[1]!.countOperations("mutex.acquire");
    await here.clock.advance(WINDOW_MS - 1);
    await redlock.using("a", () => undefined);
    expect(here.instances[1]!.countOperations("mutex.acquire")).toBe(before);
    // Then its fencing counters are recovered, after a random delay.
    await here.clock.advance(1 + MAX_JITTER_MS);
    await redlock.using("a", () => undefined);
    expect(here.instances[1]!.countOperations("mutex.acquire")).toBe(before + 1);
  });

  test("counts its uptime, so a new client waits only for the rest of the window", async () => {
    const here = world();
    here.instances[1]!.restart();
    await here.clock.advance(4_000);
    const newcomer = here.client();
    const heard = unsafe(newcomer);
    await newcomer.using("a", () => undefined);
    // An uptime of 4 s can be one of little more than 3 s.
    expect(heard).toMatchObject([{ instance: "m1", cause: "restart", abstainsMs: WINDOW_MS - 3_000 }]);
    expect(heard[0]?.message).toMatch(/^the server started 3\.0 s ago/);
  });

  test("does not use up the default wait: the quarantine of a majority is not charged to it", async () => {
    const here = world();
    for (const instance of here.instances) instance.restart();
    const redlock = here.client();
    const queued = Promise.all([1, 2, 3].map(() => redlock.using("queue", () => undefined)));
    const [patient, chosen, once] = [
      redlock.acquire("a"),
      rejection(redlock.acquire("b", { wait: 10_000 })),
      rejection(redlock.tryAcquire("c")),
    ];
    await here.clock.advance(WINDOW_MS + 1_000);
    expect((await patient).isHeld).toBe(true);
    await queued;
    for (const error of await Promise.all([chosen, once])) {
      expect(error).toMatchObject({ code: "LOCK_NO_QUORUM" });
      expect(String(error)).toMatch(/set `wait` above that, or `restartGuard: false`/);
    }
    // After the quarantine the default wait lasts as long as ever.
    const late = rejection(here.client().acquire("a"));
    await here.clock.advance(10_000);
    expect(await late).toMatchObject({ code: "LOCK_TIMEOUT" });
  });

  test("does not use up the default wait if it is discovered late: a list that has grown by new servers", async () => {
    const here = world();
    await here.clock.advance(60_000);
    const [first] = here.instances;
    await new Redlock([first!], { clock: here.clock }).using("warm", () => undefined);
    const grown = here.client();
    const waiting = grown.acquire("a", { autoExtend: true });
    // The new servers count as if they had lost everything, but only after the time limit of a request.
    await here.clock.advance(12_000);
    expect((await waiting).isHeld).toBe(true);
  });

  test("ends the default wait even if a majority restarts again and again", async () => {
    const here = world();
    const redlock = here.client();
    await redlock.using("warm", () => undefined);
    const failed = rejection(redlock.acquire("a"));
    for (let round = 0; round < 10; round += 1) {
      for (const instance of here.instances) instance.restart();
      await here.clock.advance(5_000);
    }
    expect(await failed).toMatchObject({ code: "LOCK_NO_QUORUM" });
  });

  test("leaves the default wait as it is if it is not known when a majority can vote", async () => {
    const here = world();
    const redlock = here.client();
    await redlock.using("warm", () => undefined);
    for (const instance of here.instances) instance.kill();
    const failed = rejection(redlock.acquire("a"));
    await here.clock.advance(10_001);
    expect(await failed).toMatchObject({ code: "LOCK_NO_QUORUM" });
  });

  test("votes at once with fewer than three instances, unless the restart guard was set", async () => {
    const here = world(1);
    const [usual, guarded] = [here.client(), here.client({ restartGuard: true })];
    await usual.using("warm", () => undefined);
    here.instances[0]!.restart();
    await settle();
    await (await usual.acquire("a")).release();
    expect(await rejection(guarded.tryAcquire("a"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
  });

  test("grants nothing that counts in the write that asks for its identity, and the grant is undone", async () => {
    const here = world();
    const redlock = here.client();
    await redlock.using("warm", () => undefined);
    // The lock is requested in the tick in which the connection came back, so one write carries both.
    here.instances[2]!.pause();
    here.instances[1]!.restart();
    const waiting = rejection(redlock.tryAcquire("a"));
    await here.clock.advance(200);
    expect(await waiting).toMatchObject({ code: "LOCK_NO_QUORUM" });
    const asked = here.instances[1]!.operations.slice(-4);
    expect(asked).toEqual(["identify", "mutex.acquire", "marker.lose", "mutex.release"]);
    expect(here.instances[1]!.keys()).not.toContain("lock:a");
  });

  test("grants nothing that counts in that write if it has kept its counters", async () => {
    const here = world();
    const redlock = here.client();
    await redlock.using("warm", () => undefined);
    const [, restarted] = here.instances;
    const kept = restarted!.keys().map((key) => [key, restarted!.get(key) ?? ""] as const);
    here.instances[2]!.pause();
    restarted!.restart();
    for (const [key, value] of kept) restarted!.set(key, value);
    const waiting = rejection(redlock.tryAcquire("warm"));
    await here.clock.advance(200);
    expect(await waiting).toMatchObject({ code: "LOCK_NO_QUORUM" });
    // The server has granted the lock, and that did not count.
    expect(restarted!.operations.slice(-4, -1)).toContain("mutex.acquire");
    expect(restarted!.keys()).not.toContain("lock:warm");
  });

  test("can extend a held lock: it stores the lock again, and the extension counts", async () => {
    const here = world();
    const redlock = here.client();
    const lock = await redlock.acquire("a");
    here.instances[1]!.restart();
    here.instances[2]!.kill();
    await settle();
    await lock.extend();
    expect(here.instances[1]!.get("lock:a")).toBe(lock.token);
    expect(await lock.release()).toBe(true);
    expect(here.instances[1]!.get("lock:a")).toBeUndefined();
  });
});

describe("if all servers have just started", () => {
  test("a new client waits no longer than the window, and does not poll", async () => {
    const here = world();
    for (const instance of here.instances) instance.restart();
    const redlock = here.client();
    const attempts: number[] = [];
    redlock.on("lock:acquire:succeeded", (event) => attempts.push(event.attempts));
    const began = here.clock.monotonic();
    const waiting = redlock.acquire("a", { wait: Infinity });
    await here.clock.advance(WINDOW_MS - 1);
    expect(acquires(here)).toEqual([0, 0, 0]);
    await here.clock.advance(1);
    await waiting;
    expect(here.clock.monotonic() - began).toBe(WINDOW_MS);
    expect(attempts).toEqual([2]);
    expect(acquires(here)).toEqual([1, 1, 1]);
  });

  test("a new client gets the lock at the moment at which the second of three may vote", async () => {
    const here = world();
    here.instances[0]!.restart();
    await here.clock.advance(1_000);
    here.instances[1]!.restart();
    await here.clock.advance(3_000);
    here.instances[2]!.restart();
    const redlock = here.client();
    const began = here.clock.monotonic();
    const waiting = redlock.acquire("a", { wait: Infinity });
    await here.clock.advance(WINDOW_MS - 2_000);
    const lock = await waiting;
    expect(here.clock.monotonic() - began).toBe(WINDOW_MS - 2_000);
    expect(acquires(here)).toEqual([1, 1, 0]);
    await lock.release();
  });

  test("a new client gets the lock at the end of a window even if another server is unreachable", async () => {
    const here = world();
    here.instances[0]!.kill();
    here.instances[1]!.restart();
    const redlock = here.client();
    const began = here.clock.monotonic();
    const waiting = redlock.acquire("a", { wait: Infinity });
    await here.clock.advance(WINDOW_MS);
    await (await waiting).release();
    expect(here.clock.monotonic() - began).toBe(WINDOW_MS);
  });

  test("the error says what to wait for, and the process is warned once", async () => {
    const warnings: string[] = [];
    const collect = (warning: Error & { code?: string }): void => {
      if (warning.code === "QUORUMLOCK_RESTART") warnings.push(warning.message);
    };
    process.on("warning", collect);
    const here = world();
    for (const instance of here.instances) instance.restart();
    const redlock = here.client();
    const error = await advanceDuring(here.clock, 3_000, rejection(redlock.acquire("a", { wait: 3_000 })));
    await settle();
    process.off("warning", collect);
    expect(String(error)).toBe(
      'QuorumError: "a": too few instances could vote within 3000 ms: 2 of 3 are needed\n' +
        [0, 1, 2]
          .map(
            (index) =>
              `  m${index}: the server started 3.0 s ago and may have lost locks, so it does not vote for another 7.1 s; ` +
              "set `wait` above that, or `restartGuard: false` for development",
          )
          .join("\n"),
    );
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM", failures: { length: 3 } });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^no lock can be granted now: 2 of 3 are needed, and too few instances can vote:\n {2}m0: the server started/,
    );
  });
});

describe("the window", () => {
  test("is the longest ttl that was used: a longer one extends a quarantine, or begins it again if it had ended", async () => {
    const here = world();
    const redlock = here.client();
    const heard = unsafe(redlock);
    await redlock.using("warm", () => undefined);
    here.instances[1]!.restart();
    await here.clock.advance(WINDOW_MS);
    const before = here.instances[1]!.countOperations("mutex.acquire");
    const long = await redlock.acquire("long", { ttl: 60_000 });
    expect(here.instances[1]!.countOperations("mutex.acquire")).toBe(before);
    expect(heard.map(({ abstainsMs }) => Math.round(abstainsMs))).toEqual([WINDOW_MS, 60_602 - WINDOW_MS]);
    await long.extend(120_000);
    expect(heard).toHaveLength(3);
    await long.release();
    await here.clock.advance(121_202 - WINDOW_MS + MAX_JITTER_MS);
    await redlock.using("a", () => undefined);
    expect(here.instances[1]!.countOperations("mutex.acquire")).toBe(before + 1);
  });

  test.each(["in the local queue", "with a signal", "before the servers are identified"])(
    "is extended by a caller that waits %s, before it sends a request",
    async (how) => {
      const here = world();
      const known = here.client();
      await known.using("warm", () => undefined);
      here.instances[1]!.restart();
      await here.clock.advance(WINDOW_MS + MAX_JITTER_MS + 1);
      // The server votes again for locks with the usual ttl.
      await known.using("a", () => expect(here.instances[1]!.get("lock:a")).toBeDefined());
      const redlock = how.startsWith("before") ? here.client() : known;
      const before = here.instances[1]!.operations.length;
      const held = how.startsWith("in ") ? await redlock.acquire("a") : undefined;
      const controller = new AbortController();
      const options = how.startsWith("with") ? { signal: controller.signal } : {};
      const waiting = redlock.acquire("a", { ttl: 60_000, ...options });
      await settle();
      await held?.release();
      const lock = await waiting;
      expect(here.instances.map((instance) => instance.get("lock:a") === lock.token)).toEqual([
        true,
        false,
        true,
      ]);
      const granting = here.instances[1]!.operations.slice(before).filter((operation) =>
        /acquire|takeOver/.test(operation),
      );
      expect(granting).toHaveLength(held === undefined ? 0 : 1);
      await lock.release();
    },
  );

  test("can be set, if other processes use longer ttls", async () => {
    const here = world();
    const redlock = here.client({ restartGuard: 30_000 });
    const heard = unsafe(redlock);
    await redlock.using("warm", () => undefined);
    here.instances[1]!.restart();
    await settle();
    expect(heard).toMatchObject([{ abstainsMs: 30_302 }]);
  });

  test("is rejected if it is shorter than the default ttl or not a number", () => {
    const make = (restartGuard: unknown) => () => Redlock.memory({ restartGuard: restartGuard as never });
    expect(make(9_999)).toThrow(
      /^restartGuard: 9999 must be a whole number of milliseconds, at least the default ttl of 10000/,
    );
    expect(make(20_000.5)).toThrow(RangeError);
    expect(make(Infinity)).toThrow(/restartGuard: Infinity/);
    expect(make("yes")).toThrow(/^restartGuard: "yes" must be true, false or a number/);
    expect(() => Redlock.memory({ strict: 1 as never })).toThrow(/strict: 1 must be true or false/);
  });
});

/** Delays its identity and nothing else. A cluster can do that: its nodes answer on connections of their own. */
class SlowIdentityInstance extends WatchedInstance {
  readonly held: (() => void)[] = [];

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const replies = await super.run(requests);
    const asksIdentity = requests.some(({ operation }) => operation.name === "identify");
    if (asksIdentity) await new Promise<void>((resolve) => this.held.push(resolve));
    return replies;
  }
}

describe("a server that is unidentified", () => {
  async function unknown(): Promise<{ instance: SlowIdentityInstance; redlock: Redlock }> {
    const clock = new VirtualClock();
    const instance = new SlowIdentityInstance({ clock, label: "m0" });
    const redlock = new Redlock([instance], { clock, ttl: TTL_MS, requestTimeout: 100, restartGuard: true });
    const first = redlock.using("warm", () => undefined);
    await settle();
    instance.held.splice(0).forEach((reply) => reply());
    await first;
    return { instance, redlock };
  }

  test("grants nothing that counts, even if its grant arrives first", async () => {
    const { instance, redlock } = await unknown();
    instance.restart();
    await settle();
    expect(String(await rejection(redlock.tryAcquire("a")))).toMatch(
      /the server has not reported its identity yet/,
    );
    await settle();
    expect(instance.keys()).not.toContain("lock:a");
  });

  test("is not identified by a late reply of the former connection", async () => {
    const { instance, redlock } = await unknown();
    instance.disconnect();
    instance.reconnect();
    await settle();
    instance.restart();
    await settle();
    expect(instance.held).toHaveLength(2);
    instance.held[0]!();
    await settle();
    expect(String(await rejection(redlock.tryAcquire("a")))).toMatch(
      /the server has not reported its identity yet/,
    );
    instance.held[1]!();
    await settle();
    expect(String(await rejection(redlock.tryAcquire("a")))).toMatch(/restarted 0\.0 s ago/);
  });
});

describe("another server at the address of a member", () => {
  test("that has run for a long time does not know the former server's locks, so the window begins now", async () => {
    const clock = new VirtualClock();
    const [a, b, c, standby] = [0, 1, 2, 3].map((index) => new MemoryInstance({ clock, label: `s${index}` }));
    standby!.restart();
    await clock.advance(3_600_000);
    const ways = [new DelayedInstance(a!), new DelayedInstance(b!), new DelayedInstance(c!)];
    const redlock = new Redlock(ways, { clock, ttl: TTL_MS, requestTimeout: 100 });
    const heard = unsafe(redlock);
    const restarted: string[] = [];
    redlock.on("instance:restarted", ({ instance }) => restarted.push(instance));
    await redlock.using("warm", () => undefined);
    await clock.advance(5_000);
    ways[1]!.redirect(standby!);
    await settle();
    expect(restarted).toEqual(["s1"]);
    expect(heard).toMatchObject([{ instance: "s1", cause: "restart", abstainsMs: WINDOW_MS }]);
    expect(heard[0]?.message).toMatch(
      /^another server \(run_id \w+\) replaced the former one 0\.0 s ago and may lack locks/,
    );
  });

  test("that is the same process as before still has its locks", async () => {
    const here = world();
    const redlock = here.client();
    const heard = unsafe(redlock);
    await redlock.using("warm", () => undefined);
    here.instances[1]!.disconnect();
    await here.clock.advance(1_000);
    here.instances[1]!.reconnect();
    await settle();
    expect(heard).toEqual([]);
    await redlock.using("a", () => expect(here.instances[1]!.keys()).toContain("lock:a"));
  });
});
