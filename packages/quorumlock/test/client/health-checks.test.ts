import { describe, expect, test } from "vitest";
import type { InstanceSource, SilentInstance } from "../../src/index.ts";
import { checked, INTERVAL_MS, MOMENT_MS, without } from "../support/checked-client.ts";
import { type ClosingInstance, TTL_MS } from "../support/members-world.ts";
import { collectWarnings } from "../support/warnings.ts";
import { advanceDuring } from "../support/world.ts";

function identities(instances: readonly ClosingInstance[]): readonly number[] {
  return instances.map((instance) => instance.countOperations("identify"));
}

describe("background checks", () => {
  test("are off by default: no timer is set, and nothing is sent", async () => {
    const { world, redlock } = await checked(() => ({}), { health: undefined });
    await advanceDuring(world.clock, 10, redlock.acquire("x", { autoExtend: false, ttl: 60_000 }));
    const before = identities(world.set("abc"));
    await world.clock.advance(50_000);
    expect(identities(world.set("abc"))).toEqual(before);
    await advanceDuring(world.clock, 10, redlock.close());
  });

  test("come once in each interval while a lock is held, and not while the client is idle", async () => {
    const { world, redlock } = await checked(() => ({}));
    const before = identities(world.set("abc"));
    const grown = (): readonly number[] =>
      identities(world.set("abc")).map((count, index) => count - before[index]!);
    // The lock before this counts for the first interval.
    await world.clock.advance(INTERVAL_MS);
    expect(grown()).toEqual([1, 1, 1]);
    const runs = world.set("abc").map(({ runCalls }) => runCalls);
    await world.clock.advance(60 * INTERVAL_MS);
    expect(world.set("abc").map(({ runCalls }) => runCalls)).toEqual(runs);
    const lock = await advanceDuring(world.clock, 10, redlock.acquire("x"));
    await world.clock.advance(10 * INTERVAL_MS);
    expect(grown()).toEqual([11, 11, 11]);
    await advanceDuring(world.clock, 10, lock.release());
    await world.clock.advance(2 * INTERVAL_MS);
    const atRest = grown();
    await world.clock.advance(10 * INTERVAL_MS);
    expect(grown()).toEqual(atRest);
    await advanceDuring(world.clock, 10, redlock.close());
  });

  test("come while a caller waits, do not keep the process running, and end with the client", async () => {
    const { world, redlock } = await checked(() => ({}));
    const lock = await advanceDuring(world.clock, 10, redlock.acquire("x"));
    expect(world.clock.keepAliveTimers).toBe(0);
    await advanceDuring(world.clock, 10, redlock.close());
    expect(lock.isHeld).toBe(false);
    const before = identities(world.set("abc"));
    await world.clock.advance(10 * INTERVAL_MS);
    expect(identities(world.set("abc"))).toEqual(before);
    expect(world.clock.pending).toBe(0);
  });

  test("come earlier by the jitter", async () => {
    const { world, redlock } = await checked(() => ({ jitter: 0.5 }));
    const before = identities(world.set("a"))[0]!;
    await advanceDuring(world.clock, 10, redlock.acquire("x"));
    // The random number is 0.5, so each pause is shorter by a quarter.
    await world.clock.advance(0.75 * 12 * INTERVAL_MS);
    expect(identities(world.set("a"))[0]! - before).toBe(12);
    await advanceDuring(world.clock, 10, redlock.close());
  });

  test("never overlap, however long one takes", async () => {
    const { world, redlock } = await checked(() => ({ interval: 100 }), { requestTimeout: 5_000 });
    await advanceDuring(world.clock, 10, redlock.acquire("x"));
    world.one("c").pause();
    const before = identities(world.set("a"))[0]!;
    await world.clock.advance(4_900);
    expect(identities(world.set("a"))[0]! - before).toBe(1);
    world.one("c").resume();
    await advanceDuring(world.clock, 10, redlock.close());
  });

  test("notice an outage while a lock is held that is extended rarely", async () => {
    const { world, redlock } = await checked(() => ({}), { ttl: 60_000 });
    const events: string[] = [];
    redlock.on("instance:health", ({ instance, now }) => events.push(`${instance} ${now}`));
    redlock.on("quorum:lost", ({ voting, quorum }) => events.push(`lost ${voting} of ${quorum}`));
    await advanceDuring(world.clock, 10, redlock.acquire("x", { autoExtend: false }));
    world.one("b").pause();
    world.one("c").pause();
    await world.clock.advance(INTERVAL_MS + MOMENT_MS);
    expect(events).toEqual(["b no-answer", "c no-answer", "lost 1 of 2"]);
    world.one("b").resume();
    world.one("c").resume();
    await advanceDuring(world.clock, 10, redlock.close());
  });
});

test("an unexpected error in a check is a process warning, and the checks go on", async () => {
  const warnings = collectWarnings();
  const { world, redlock } = await checked(() => ({}));
  await advanceDuring(world.clock, 10, redlock.acquire("x", { ttl: 60_000, autoExtend: false }));
  const b = world.one("b");
  let faults = 0;
  Object.defineProperty(b, "address", {
    configurable: true,
    get: () => {
      faults += 1;
      throw new Error("a getter of an instance failed at redis://:secret@x");
    },
  });
  const before = identities(world.set("a"))[0]!;
  await world.clock.advance(5 * INTERVAL_MS);
  expect(faults).toBe(5);
  expect(identities(world.set("a"))[0]! - before).toBe(5);
  await advanceDuring(world.clock, MOMENT_MS, redlock.close());
  expect(await warnings.stop()).toMatchObject([
    {
      code: "QUORUMLOCK_HEALTH_CHECK",
      message: "a background check of the instances failed: a getter of an instance failed at redis://***@x",
    },
  ]);
});

test("checks do not hold up a server that recovers its fencing counters", async () => {
  const { world, redlock } = await checked(() => ({ interval: 100 }), { requestTimeout: 400 });
  await advanceDuring(world.clock, 10, redlock.acquire("held"));
  const c = world.one("c");
  // The recovery takes longer than the time between two checks.
  c.delayOf = (operation) => (/^(marker|counters|fence)/.test(operation) ? 150 : 0);
  c.restart();
  await world.clock.advance(TTL_MS + 3_000);
  expect((await advanceDuring(world.clock, MOMENT_MS, redlock.health())).instances[2]).toMatchObject({
    state: "up",
  });
  await advanceDuring(world.clock, 2_000, redlock.close());
});

describe("the resolver", () => {
  test("moves an instance that does not answer, and its new server votes after the guard", async () => {
    const calls: SilentInstance[] = [];
    const all = await without("c", (world) => ({
      resolver: async (instance) => {
        calls.push(instance);
        return world.one("d");
      },
    }));
    const { world, redlock, log, failures } = all;
    await world.clock.advance(2 * INTERVAL_MS + MOMENT_MS);
    expect(calls).toMatchObject([{ instance: "c", address: "c" }]);
    expect(calls[0]!.silentMs).toBeGreaterThanOrEqual(INTERVAL_MS);
    expect(log).toEqual(["c: c → d"]);
    const { instances } = await advanceDuring(world.clock, MOMENT_MS, redlock.health());
    expect(instances[2]).toMatchObject({
      instance: "c",
      address: "d",
      state: "quarantined",
      isVoting: false,
      restarts: 1,
    });
    // The other two still decide alone, and the quorum is that of three.
    await (await advanceDuring(world.clock, 10, redlock.acquire("other"))).release();
    await world.clock.advance(TTL_MS + 1_000);
    expect((await advanceDuring(world.clock, MOMENT_MS, redlock.health())).instances[2]).toMatchObject({
      address: "d",
      state: "up",
      isVoting: true,
    });
    world.one("b").kill();
    const lock = await advanceDuring(world.clock, MOMENT_MS, redlock.acquire("later", { wait: 1_000 }));
    expect(world.one("d").keys()).toContain("lock:later");
    expect(failures).toEqual([]);
    await advanceDuring(world.clock, 10, lock.release());
    await advanceDuring(world.clock, MOMENT_MS, redlock.close());
    expect(world.one("d").closeCount).toBe(1);
  });

  test("moves the subscription for release messages too", async () => {
    const all = await checked((world) => ({ resolver: () => world.one("d") }));
    const { world, redlock } = all;
    const other = world.client("abd");
    const held = await advanceDuring(world.clock, 10, other.acquire("x"));
    const abort = new AbortController();
    const early = redlock.acquire("x", { wait: 100_000, signal: abort.signal }).catch(String);
    await world.clock.advance(10);
    world.one("c").kill();
    await world.clock.advance(TTL_MS + 5_000);
    abort.abort();
    expect(await early).toMatch(/Abort/);
    // The channel is still subscribed.
    const waiting = redlock.acquire("x", { wait: 100_000 });
    await world.clock.advance(10);
    world.one("a").dropsWakeMessages = true;
    world.one("b").dropsWakeMessages = true;
    const wakes: string[] = [];
    world.one("d").onWake = () => wakes.push("d");
    await advanceDuring(world.clock, 0, held.release());
    expect(wakes).toEqual(["d"]);
    expect(await advanceDuring(world.clock, TTL_MS, waiting)).toMatchObject({ isHeld: true });
    await advanceDuring(world.clock, MOMENT_MS, other.close());
    await advanceDuring(world.clock, MOMENT_MS, redlock.close());
  });

  test("is not called while an instance answers, nor before `resolveAfter`", async () => {
    let calls = 0;
    const { world, redlock } = await without("c", () => ({
      resolveAfter: 5 * INTERVAL_MS,
      resolver: () => {
        calls += 1;
        return undefined;
      },
    }));
    await world.clock.advance(4 * INTERVAL_MS);
    expect(calls).toBe(0);
    await world.clock.advance(2 * INTERVAL_MS);
    expect(calls).toBe(1);
    world.one("c").restart();
    await world.clock.advance(20 * INTERVAL_MS);
    expect(calls).toBe(1);
    await advanceDuring(world.clock, MOMENT_MS, redlock.close());
  });

  test("is called after growing pauses, one call at a time, with a time limit", async () => {
    const calls: { readonly at: number; readonly signal: AbortSignal }[] = [];
    const all = await without("c", (world) => ({
      resolveTimeout: 300,
      resolver: ({ signal }) => {
        calls.push({ at: world.clock.monotonic(), signal });
        return new Promise(() => undefined);
      },
    }));
    const { world, redlock, failures } = all;
    await world.clock.advance(60 * INTERVAL_MS);
    const pauses = calls.slice(1).map(({ at }, index) => Math.round((at - calls[index]!.at) / INTERVAL_MS));
    expect(pauses.slice(0, 5)).toEqual([2, 3, 5, 9, 9]);
    expect(calls.slice(0, -1).every(({ signal }) => signal.aborted)).toBe(true);
    // One event for one reason, and the other two servers go on.
    expect(failures).toMatchObject([
      { instance: "c", error: { message: "the resolver returned nothing within 300 ms" } },
    ]);
    await (await advanceDuring(world.clock, 10, redlock.acquire("other"))).release();
    await advanceDuring(world.clock, MOMENT_MS, redlock.close());
    expect(calls.at(-1)!.signal.aborted).toBe(true);
    const { length } = calls;
    await world.clock.advance(60 * INTERVAL_MS);
    expect(calls).toHaveLength(length);
    expect(world.clock.pending).toBe(0);
  });

  test.each<readonly [string, () => InstanceSource | undefined | Promise<undefined>, RegExp]>([
    [
      "throws",
      () => {
        throw new Error("no DNS, redis://:secret@x");
      },
      /^no DNS, redis:\/\/\*\*\*@x$/,
    ],
    ["rejects", () => Promise.reject(new Error("no DNS")), /^no DNS$/],
    ["returns no URL", () => "example.org", /^the resolver returned: "example\.org" must be a redis:/],
    [
      "returns an object",
      () => ({}) as never,
      /^the resolver returned: an object \(Object\) must be a client/,
    ],
    ["returns null", () => null as never, /^the resolver returned: null must be a client/],
  ])("that %s is an event, and the others go on", async (_, resolver, message) => {
    const { world, redlock, log, failures } = await without("c", () => ({ resolver }));
    await world.clock.advance(30 * INTERVAL_MS);
    expect(failures.map(({ error }) => error.message)).toEqual([expect.stringMatching(message)]);
    expect(log).toEqual([]);
    await (await advanceDuring(world.clock, 10, redlock.acquire("other"))).release();
    // The instance is still looked for at its address.
    world.one("c").restart();
    await world.clock.advance(TTL_MS + 2_000);
    expect((await advanceDuring(world.clock, MOMENT_MS, redlock.health())).voting).toBe(3);
    await advanceDuring(world.clock, MOMENT_MS, redlock.close());
  });

  test("cannot make two instances of one client object", async () => {
    const all = await without("c", (world) => ({ resolver: () => world.one("a") }));
    const { world } = all;
    await world.clock.advance(5 * INTERVAL_MS);
    expect(all.failures.map(({ error }) => error.message)).toEqual([
      "the resolver returned a client, where another instance is already",
    ]);
    expect(all.log).toEqual([]);
    await advanceDuring(world.clock, MOMENT_MS, all.redlock.close());
  });

  test("cannot make two instances of one server: the moved one leaves it, and locks go on", async () => {
    const all = await without("c", (world) => ({ resolver: () => world.one("d") }));
    const { world, redlock, log, failures } = all;
    // `d` is another way to the server of `a`.
    const [a, d] = world.set("ad");
    d!.run = (requests) => a!.run(requests);
    const grants: unknown[] = [];
    for (let step = 0; step < 40; step += 1) {
      const lock = await advanceDuring(world.clock, INTERVAL_MS / 4, redlock.tryAcquire(`x${step}`));
      grants.push(lock);
      await lock?.release();
    }
    expect(grants.every((lock) => lock !== null)).toBe(true);
    expect(log[0]).toBe("c: c → d");
    expect(failures.map(({ error }) => error.message)).toEqual([
      "d leads to the same server as the instance a, and a server must not vote twice",
    ]);
    const health = await advanceDuring(world.clock, MOMENT_MS, redlock.health());
    expect(health).toMatchObject({ voting: 2, canLock: true });
    expect(health.instances[2]).toMatchObject({ address: "c", state: "no-answer" });
    // When the server of `c` is back, it is found at its own address.
    world.one("c").restart();
    await world.clock.advance(TTL_MS + 2_000);
    expect((await advanceDuring(world.clock, MOMENT_MS, redlock.health())).voting).toBe(3);
    await advanceDuring(world.clock, MOMENT_MS, redlock.close());
  });

  test("of a server that another instance turns out to be: the moved one leaves it, and no vote counts twice", async () => {
    const all = await checked((world) => ({ resolver: () => world.one("d") }), { restartGuard: false });
    const { world, redlock, failures } = all;
    await advanceDuring(world.clock, 10, redlock.acquire("held"));
    const [b, c, d] = world.set("bcd");
    c!.kill();
    await world.clock.advance(TTL_MS + 5_000);
    expect((await advanceDuring(world.clock, MOMENT_MS, redlock.health())).instances[2]).toMatchObject({
      address: "d",
      isVoting: true,
    });
    // The address of `b` now leads to the server `d`. The vote of `b` in a round in flight must not count beside that of `d`.
    world.one("a").kill();
    b!.disconnect();
    await world.clock.advance(1);
    b!.run = async (requests) => {
      await new Promise<void>((resolve) => void world.clock.setTimer(20, resolve, false));
      return d!.run(requests);
    };
    b!.reconnect();
    const attempt = await advanceDuring(world.clock, MOMENT_MS, redlock.tryAcquire("x").catch(String));
    expect(attempt).toMatch(/QuorumError/);
    await world.clock.advance(MOMENT_MS);
    expect(failures.map(({ error }) => error.message)).toEqual([
      "d leads to the same server as the instance b, and a server must not vote twice",
    ]);
    await advanceDuring(world.clock, MOMENT_MS, redlock.close());
  });

  test("returns an instance to the place of the configuration", async () => {
    let target: "d" | undefined = "d";
    const all = await without("c", (world) => ({ resolver: () => target && world.one(target) }));
    const { world, redlock, log } = all;
    await world.clock.advance(3 * INTERVAL_MS);
    expect(log).toEqual(["c: c → d"]);
    target = undefined;
    world.one("d").kill();
    world.one("c").restart();
    await world.clock.advance(10 * INTERVAL_MS);
    expect(log).toEqual(["c: c → d", "c: d → c"]);
    await world.clock.advance(TTL_MS + 2_000);
    expect((await advanceDuring(world.clock, MOMENT_MS, redlock.health())).voting).toBe(3);
    await advanceDuring(world.clock, MOMENT_MS, redlock.close());
  });

  test("is not called while the client is idle, and its instance stays with `reconfigure`", async () => {
    let calls = 0;
    const { world, redlock } = await checked(() => ({
      resolver: () => {
        calls += 1;
        return undefined;
      },
    }));
    await world.clock.advance(2 * INTERVAL_MS);
    world.one("c").kill();
    await world.clock.advance(60 * INTERVAL_MS);
    expect(calls).toBe(0);
    const change = await advanceDuring(world.clock, MOMENT_MS, redlock.reconfigure(world.set("abd")));
    await advanceDuring(world.clock, 2 * TTL_MS, change.complete());
    expect(
      (await advanceDuring(world.clock, MOMENT_MS, redlock.health())).instances.map(
        ({ instance }) => instance,
      ),
    ).toEqual(["a", "b", "d"]);
    expect(world.set("abcd").map(({ closeCount }) => closeCount)).toEqual([0, 0, 1, 0]);
    await advanceDuring(world.clock, MOMENT_MS, redlock.close());
  });
});
