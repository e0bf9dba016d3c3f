import { describe, expect, test } from "vitest";
import { type InstanceHealth, type InstanceResolver, type LockEvents, Redlock } from "../../src/index.ts";
import { startRedisServer } from "../../src/testing/index.ts";
import { singleKinds } from "../support/clients.ts";
import { glideKind } from "../support/further-clients.ts";
import { testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";

/** A lock with this ttl outlives a pause of the machine. It is also how long a server abstains after its start. */
const TTL_MS = 4_000;
const INTERVAL_MS = 100;
const LIMIT_MS = 60_000;

const kinds = [...singleKinds, glideKind];
// Each test that kills a server kills another one. They are old enough to vote when its turn comes.
const [servers, toKill] = await Promise.all([testServers(2), testServers(1 + kinds.length)]);
const left = [...toKill];

const addressOf = (url: string): string => new URL(url).host;

async function instanceAt(redlock: Redlock, index: number): Promise<InstanceHealth> {
  return (await redlock.health()).instances[index]!;
}

describe("health of real servers", () => {
  test("has what each server reports about itself", async () => {
    await using limited = await startRedisServer({ args: ["--maxmemory", "64mb"] });
    await using redlock = new Redlock([...servers.map(({ server }) => server.url), limited.url], {
      restartGuard: false,
      requestTimeout: 5_000,
    });
    const info = await servers[0]!.admin.info("server");
    const health = await redlock.health();
    expect(health).toMatchObject({ configured: 3, quorum: 2, voting: 3, canLock: true });
    const [first, , third] = health.instances;
    expect(first).toMatchObject({
      instance: addressOf(servers[0]!.server.url),
      state: "up",
      isVoting: true,
      role: "master",
      restarts: 0,
      runId: /run_id:(\w+)/.exec(info)?.[1],
      version: expect.stringContaining(
        (/valkey_version:([\d.]+)/.exec(info) ?? /redis_version:([\d.]+)/.exec(info))![1]!,
      ),
      evictionPolicy: "noeviction",
      memoryLimitBytes: undefined,
    });
    expect(first!.memoryUsedBytes).toBeGreaterThan(100_000);
    expect(third).toMatchObject({ memoryLimitBytes: 64 * 1024 * 1024 });
    // All servers have the clock of this machine. A reading is off by half of its round trip at most.
    await eventually("the clock was read without a pause of the machine", async () => {
      const { clockOffsetMs } = await instanceAt(redlock, 0);
      return Math.abs(clockOffsetMs!) < 1_000;
    });
    expect(JSON.parse(JSON.stringify(health))).toMatchObject({ canLock: true });
  });

  test("is not held up by a server that is stopped, and one that is not there", async () => {
    await using stopped = await startRedisServer();
    await using gone = await startRedisServer();
    await using redlock = new Redlock([...servers.map(({ server }) => server.url), stopped.url, gone.url], {
      restartGuard: false,
      // Longer than a pause of the machine. The client of the server that hangs gives up by itself after 5 s.
      requestTimeout: 2_500,
    });
    await redlock.using("warm", () => undefined);
    stopped.pause();
    await gone.kill();
    const { instances, canLock } = await redlock.health();
    expect(instances.map(({ state }) => state)).toEqual(["up", "up", "no-answer", "no-answer"]);
    expect(canLock).toBe(false);
    expect(await redlock.tryAcquire("x").catch(String)).toMatch(
      /3 of 4 .*\n.*(?:no answer within|Socket timeout).*\n/,
    );
    stopped.resume();
    await eventually("a lock is granted again", async () => {
      const lock = await redlock.tryAcquire("x").catch(() => null);
      await lock?.release();
      return lock !== null;
    });
  });
});

function untilAllVote(redlock: Redlock): Promise<void> {
  return eventually("all vote", async () => (await redlock.health()).voting === 3, LIMIT_MS, INTERVAL_MS);
}

/** Follows one instance of a client until it votes after the guard, and returns the states on the way. */
async function statesUntilUp(redlock: Redlock, index: number): Promise<readonly string[]> {
  const states: string[] = [];
  await eventually(
    "it votes again",
    async () => {
      const { state } = await instanceAt(redlock, index);
      if (states.at(-1) !== state) states.push(state);
      return state === "up" && states.length > 1;
    },
    LIMIT_MS,
    INTERVAL_MS,
  );
  return states;
}

describe("a killed server votes again after the guard", () => {
  test("that comes back on the same port", async () => {
    const third = left.pop()!.server;
    const urls = [...servers.map(({ server }) => server.url), third.url];
    await using redlock = new Redlock(urls, {
      ttl: TTL_MS,
      requestTimeout: 2_500,
      restartGuard: true,
      health: { interval: INTERVAL_MS },
    });
    await redlock.using("warm", { wait: 60_000 }, () => undefined);
    await untilAllVote(redlock);
    const events: LockEvents["instance:health"][] = [];
    redlock.on("instance:health", (event) => {
      if (event.instance === addressOf(third.url)) events.push(event);
    });
    await using _held = await redlock.acquire("held");
    await third.kill();
    await eventually("the outage is noticed", () => events.length > 0);
    await third.restart();
    await statesUntilUp(redlock, 2);
    expect(events[0]).toMatchObject({ before: "up", now: "no-answer" });
    expect(events.map(({ now }) => now)).toContain("quarantined");
    expect(events.at(-1)).toMatchObject({ now: "up", error: undefined });
    // Each event begins where the one before it ended.
    expect(events.slice(1).map(({ before }) => before)).toEqual(events.slice(0, -1).map(({ now }) => now));
    expect(await instanceAt(redlock, 2)).toMatchObject({ restarts: 1, address: addressOf(third.url) });
  });

  test.each(kinds)("that comes back on another port, which the resolver returns for $name", async (kind) => {
    const former = left.pop()!.server;
    await using next = await startRedisServer();
    const client = await kind.connect([former.port]);
    const moved = await kind.connect([next.port]);
    const calls: Parameters<InstanceResolver>[0][] = [];
    await using redlock = new Redlock([...servers.map(({ server }) => server.url), client.source], {
      ttl: TTL_MS,
      requestTimeout: 2_500,
      restartGuard: true,
      health: {
        interval: INTERVAL_MS,
        resolver: async (instance) => {
          calls.push(instance);
          return instance.address === addressOf(former.url) ? moved.source : undefined;
        },
      },
    });
    await redlock.using("warm", { wait: 60_000 }, () => undefined);
    await untilAllVote(redlock);
    const moves: LockEvents["instance:moved"][] = [];
    const unsafe: LockEvents["instance:unsafe"][] = [];
    redlock.on("instance:moved", (event) => moves.push(event));
    redlock.on("instance:unsafe", (event) => unsafe.push(event));
    const held = await redlock.acquire("held");
    await former.kill();
    await eventually("it was moved", () => moves.length > 0);
    const label = calls.find(({ address }) => address === addressOf(former.url))!.instance;
    expect(moves).toEqual([{ instance: label, before: label, now: addressOf(next.url) }]);
    expect(await statesUntilUp(redlock, 2)).toContain("quarantined");
    // A second event says if the server is found without data only later.
    expect(new Set(unsafe.map(({ instance, cause }) => `${instance} ${cause}`))).toEqual(
      new Set([`${label} restart`]),
    );
    expect(held.isHeld).toBe(true);
    // The moved instance and one of the two others are a quorum.
    servers[0]!.server.pause();
    const lock = await redlock.acquire("later", { wait: 60_000 });
    servers[0]!.server.resume();
    expect(await instanceAt(redlock, 2)).toMatchObject({ address: addressOf(next.url), isVoting: true });
    await lock.release();
    await held.release();
    await redlock.close();
    client.close();
    moved.close();
  });
});
