import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LockEvents, Redlock, type RedlockOptions } from "../../src/index.ts";
import { startRedisServer } from "../../src/testing/index.ts";
import { FRESH } from "../support/fresh.ts";
import { testServers, type TestServer } from "../support/server-access.ts";
import { eventually, rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { WatchedInstance } from "../support/watched-instance.ts";

const [good, evicting, ...rest] = await testServers(4);
const ended: (() => unknown)[] = [];
let warnings: (Error & { code?: string })[] = [];
const collect = (warning: Error): void => void warnings.push(warning);

beforeEach(() => {
  warnings = [];
  process.on("warning", collect);
});
afterEach(async () => {
  process.off("warning", collect);
  for (const end of ended.splice(0)) await end();
});

interface Client {
  readonly redlock: Redlock;
  readonly heard: LockEvents["instance:unsafe"][];
}

function client(urls: readonly string[], options: RedlockOptions = {}): Client {
  const redlock = new Redlock(urls, { ...FRESH, requestTimeout: 5_000, ...options });
  const heard: LockEvents["instance:unsafe"][] = [];
  redlock.on("instance:unsafe", (event) => heard.push(event));
  ended.push(() => redlock.close());
  return { redlock, heard };
}

async function warned(code: string): Promise<string[]> {
  await settle();
  return warnings.filter((warning) => warning.code === code).map(({ message }) => message);
}

function urlOf({ server }: TestServer): string {
  return server.url;
}

describe("a server that may evict locks", () => {
  beforeEach(() => evicting!.admin.config("SET", "maxmemory-policy", "allkeys-lru"));

  test("is reported once for each server, causes one warning, and still votes", async () => {
    await rest[0]!.admin.config("SET", "maxmemory-policy", "volatile-ttl");
    const { redlock, heard } = client([good!, evicting!, rest[0]!].map(urlOf));
    await redlock.using("a", () => undefined);
    await eventually("both are reported", () => heard.length === 2);
    const reported = heard.toSorted((a, b) => a.message.localeCompare(b.message));
    expect(reported).toMatchObject([
      { cause: "eviction", instance: new URL(urlOf(evicting!)).host, abstainsMs: 0 },
      { cause: "eviction", instance: new URL(urlOf(rest[0]!)).host, abstainsMs: 0 },
    ]);
    expect(reported[0]?.message).toMatch(
      /^its maxmemory-policy is allkeys-lru \(maxmemory is not set yet\): .*; set `maxmemory-policy noeviction`$/,
    );
    expect(await warned("QUORUMLOCK_EVICTION")).toHaveLength(1);
    await rest[0]!.admin.config("SET", "maxmemory-policy", "noeviction");
  });

  test("abstains in strict mode until it is corrected", async () => {
    const { redlock, heard } = client([urlOf(evicting!)], { strict: true });
    const error = await rejection(redlock.tryAcquire("a"));
    expect(error).toMatchObject({
      code: "LOCK_NO_QUORUM",
      failures: [{ error: { code: "INSTANCE_UNSAFE" } }],
    });
    expect(String(error)).toMatch(
      /1 of 1 are needed\n.*does not vote in strict mode until this is corrected: its maxmemory-policy is allkeys-lru/,
    );
    expect(heard).toMatchObject([{ cause: "eviction", abstainsMs: Infinity }]);
    // The waiter tries again as soon as the correction was noticed.
    const waiting = redlock.acquire("a", { wait: Infinity });
    await evicting!.admin.config("SET", "maxmemory-policy", "noeviction");
    await (await waiting).release();
  });
});

describe("a replica", () => {
  test("is reported, and abstains in strict mode", async () => {
    await using replica = await startRedisServer({
      args: ["--replicaof", "127.0.0.1", String(good!.server.port)],
    });
    const lax = client([urlOf(rest[0]!), urlOf(rest[1]!), replica.url]);
    await lax.redlock.using("a", () => undefined);
    await eventually("it is reported", () => lax.heard.length > 0);
    expect(lax.heard).toMatchObject([{ cause: "replica", abstainsMs: 0 }]);
    expect(await warned("QUORUMLOCK_REPLICA")).toHaveLength(1);
    const strict = client([replica.url], { strict: true });
    expect(String(await rejection(strict.redlock.tryAcquire("a")))).toMatch(
      /does not vote in strict mode until this is corrected: it is a replica \(role slave\)/,
    );
  });
});

describe("one node of a cluster behind a client for single servers", () => {
  test("is reported, and abstains in strict mode", async () => {
    await using node = await startRedisServer({ clusterNode: true });
    const lax = client([node.url]);
    // It owns no slot and refuses every key, but it reports its identity.
    expect(await rejection(lax.redlock.tryAcquire("a"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(lax.heard).toMatchObject([{ cause: "cluster", abstainsMs: 0 }]);
    expect(await warned("QUORUMLOCK_CLUSTER")).toHaveLength(1);
    const strict = client([node.url], { strict: true });
    expect(String(await rejection(strict.redlock.tryAcquire("a")))).toMatch(/one node of a cluster/);
  });
});

describe("a clock that is far from the other clocks", () => {
  function skewed(clock: VirtualClock, ...aheadMs: number[]): readonly WatchedInstance[] {
    return aheadMs.map((ms, index) => {
      const own = new VirtualClock();
      own.monotonic = () => clock.monotonic();
      own.wall = () => clock.wall() + ms;
      own.randomToken = () => clock.randomToken();
      return new WatchedInstance({ clock: own, label: `m${index}` });
    });
  }

  function onSkewed(
    clock: VirtualClock,
    list: readonly WatchedInstance[],
    options: RedlockOptions = {},
  ): Client {
    const redlock = new Redlock(list, { clock, requestTimeout: 100, ...options });
    const heard: LockEvents["instance:unsafe"][] = [];
    redlock.on("instance:unsafe", (event) => heard.push(event));
    return { redlock, heard };
  }

  test("is reported with its distance", async () => {
    const clock = new VirtualClock();
    const { redlock, heard } = onSkewed(clock, skewed(clock, 0, -90_000, 400));
    await redlock.using("a", () => undefined);
    expect(heard).toMatchObject([{ instance: "m1", cause: "clock", abstainsMs: 0 }]);
    expect(heard[0]?.message).toMatch(/^its clock is 90\.0 s behind the other servers: /);
    expect(await warned("QUORUMLOCK_CLOCK")).toHaveLength(1);
  });

  test("is reported for both of two servers, because nobody knows which one is wrong", async () => {
    const clock = new VirtualClock();
    const { redlock, heard } = onSkewed(clock, skewed(clock, 0, 5_000));
    await redlock.using("a", () => undefined);
    expect(heard.map(({ message }) => message.split(":")[0])).toEqual([
      "its clock is 5.0 s behind the other servers",
      "its clock is 5.0 s ahead of the other servers",
    ]);
  });

  test("is not reported within a second", async () => {
    const clock = new VirtualClock();
    const { redlock, heard } = onSkewed(clock, skewed(clock, 0, 900, -900));
    await redlock.using("a", () => undefined);
    expect(heard).toEqual([]);
  });

  test("makes the server abstain in strict mode, and the clock is read again every 10 s", async () => {
    const clock = new VirtualClock();
    const list = skewed(clock, 0, 0, 30_000);
    const { redlock } = onSkewed(clock, list, { strict: true });
    await redlock.using("a", () => undefined);
    expect(list.map((instance) => instance.countOperations("mutex.acquire"))).toEqual([1, 1, 0]);
    await redlock.using("a", () => undefined);
    expect(list.map((instance) => instance.countOperations("mutex.acquire"))).toEqual([2, 2, 0]);
    const asked = list[2]!.countOperations("identify");
    await clock.advance(30_000);
    expect(list[2]!.countOperations("identify") - asked).toBe(3);
  });
});
