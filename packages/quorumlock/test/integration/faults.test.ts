import { once } from "node:events";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LockLostError, QuorumError, Redlock, type RedlockOptions } from "../../src/index.ts";
import { NodeRedisInstance } from "../../src/instances/node-redis.ts";
import { type ClientKind, singleKinds, type TestClient } from "../support/clients.ts";
import { glideKind, restKinds } from "../support/further-clients.ts";
import { FRESH } from "../support/fresh.ts";
import { startProxy } from "../support/proxy.ts";
import { keysWithoutExpiry, locksOn, testServers, type TestServer } from "../support/server-access.ts";
import { aborted, eventually, rejection } from "../support/timing.ts";
import { fenceKey } from "../support/lock-keys.ts";

const servers = await testServers(5);
const cleanUps: (() => unknown)[] = [];

/** Much longer than any test. If a test passes, no code has waited for this time. */
const NEVER_MS = 600_000;

async function client(
  list: readonly TestServer[],
  options: RedlockOptions = {},
  kind: ClientKind = singleKinds[1]!,
): Promise<Redlock> {
  const clients: TestClient[] = await Promise.all(list.map(({ server }) => kind.connect([server.port])));
  const redlock = new Redlock(
    clients.map(({ source }) => source),
    { ...FRESH, ...options },
  );
  cleanUps.push(async () => {
    await redlock.close();
    clients.forEach(({ close: end }) => end());
  });
  return redlock;
}

beforeEach(async () => {
  await Promise.all(servers.filter(({ server }) => !server.isRunning).map(({ server }) => server.restart()));
  await Promise.all(servers.map(({ admin }) => admin.flushall()));
});

afterEach(async () => {
  for (const { server } of servers) if (server.isRunning) server.resume();
  await Promise.all(servers.filter(({ server }) => !server.isRunning).map(({ server }) => server.restart()));
  await Promise.all(cleanUps.splice(0).map((end) => end()));
  for (const server of servers) {
    await eventually("no lock is left", async () => (await locksOn(server)).length === 0);
    expect(await keysWithoutExpiry(server)).toEqual([]);
  }
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

describe.each([...singleKinds, glideKind, restKinds[0]!])("with $name, one server of three", (kind) => {
  test("that hangs does not delay an acquisition, and keeps no key of it", async () => {
    const list = servers.slice(0, 3);
    const redlock = await client(list, { requestTimeout: NEVER_MS }, kind);
    await redlock.using("warm", () => undefined);
    list[1]!.server.pause();
    for (let turn = 0; turn < 20; turn++) await redlock.using("a", () => undefined);
    const held = await redlock.acquire("b");
    await held.extend();
    expect(await held.release()).toBe(true);
    list[1]!.server.resume();
    await eventually("the late grants are undone", async () => (await locksOn(list[1]!)).length === 0);
  });

  test("that refuses connections does not delay an acquisition, and votes again after its restart", async () => {
    const list = servers.slice(0, 3);
    const redlock = await client(list, { requestTimeout: NEVER_MS }, kind);
    await redlock.using("warm", () => undefined);
    await list[1]!.server.kill();
    for (let turn = 0; turn < 20; turn++) await redlock.using("a", () => undefined);
    await list[1]!.server.restart();
    await eventually("the instance votes again", () =>
      redlock.using("b", async () => (await list[1]!.admin.exists("lock:b")) === 1),
    );
  });
});

describe("one hung server", () => {
  test.each([3, 5])("of %i does not increase the median time of an acquisition", async (count) => {
    const list = servers.slice(0, count);
    const healthy = await client(list);
    const hung = await client(list, { requestTimeout: NEVER_MS });
    await Promise.all([healthy.using("warm", () => undefined), hung.using("warm", () => undefined)]);
    const time = async (redlock: Redlock): Promise<number> => {
      const start = performance.now();
      await redlock.using("a", () => undefined);
      return performance.now() - start;
    };
    const [hungTimes, healthyTimes]: [number[], number[]] = [[], []];
    for (let block = 0; block < 10; block++) {
      for (let turn = 0; turn < 20; turn++) healthyTimes.push(await time(healthy));
      // A quorum has confirmed the last release. With one server away, the next lock needs all others.
      await eventually(
        "every server has released",
        async () => (await Promise.all(list.map(locksOn))).flat().length === 0,
      );
      list[0]!.server.pause();
      for (let turn = 0; turn < 20; turn++) hungTimes.push(await time(hung));
      list[0]!.server.resume();
      await list[0]!.admin.ping();
    }
    const ratio = median(hungTimes) / median(healthyTimes);
    console.log(
      `one of ${count} servers hangs: median of acquire and release is ${ratio.toFixed(2)} × the median with all (n = 200 each)`,
    );
    // If an acquisition waited for the hung server, the ratio would be about a million.
    expect(ratio).toBeLessThan(5);
  });
});

describe("a server that is busy with a script", () => {
  test("gets the release again when it accepts requests, without other traffic", async () => {
    const [one] = servers;
    await one!.admin.config("SET", "busy-reply-threshold", "20");
    const redlock = await client([one!]);
    const lock = await redlock.acquire("busy", { ttl: 60_000 });
    const endless = new Redis(one!.server.port, { maxRetriesPerRequest: 0 });
    const running = endless.eval("while true do end", 0).catch(() => undefined);
    await eventually("the server is busy", () =>
      one!.admin.ping().then(
        () => false,
        () => true,
      ),
    );
    await rejection(lock.release());
    await one!.admin.script("KILL");
    await running;
    endless.disconnect();
    await eventually("the lock is released", async () => (await locksOn(one!)).length === 0);
  });
});

describe("a caller that gave up", () => {
  test.each(["timeout", "abort"])("by %s leaves no key, even if the grants come later", async (how) => {
    const list = servers.slice(0, 3);
    const redlock = await client(list, { requestTimeout: NEVER_MS });
    await redlock.using("warm", () => undefined);
    for (const { server } of list) server.pause();
    const options = how === "timeout" ? { wait: 300 } : { signal: AbortSignal.timeout(300) };
    const error = await rejection(redlock.acquire("late", options));
    expect(error).toMatchObject({ code: how === "timeout" ? "LOCK_NO_QUORUM" : "LOCK_ABORTED" });
    for (const { server } of list) server.resume();
    // The fencing counters show that the servers granted the lock. The locks are released again.
    await eventually("all have granted", async () => {
      const counters = await Promise.all(list.map(({ admin }) => admin.exists(fenceKey("late"))));
      return counters.every((exists) => exists === 1);
    });
    await eventually(
      "all have undone it",
      async () => (await Promise.all(list.map(locksOn))).flat().length === 0,
    );
  });

  test("before its start rejects at once, with the reason", async () => {
    const redlock = await client(servers.slice(0, 3));
    const reason = new Error("enough");
    expect(await rejection(redlock.acquire("a", { signal: AbortSignal.abort(reason) }))).toMatchObject({
      code: "LOCK_ABORTED",
      cause: reason,
    });
    expect(await locksOn(servers[0]!)).toEqual([]);
  });
});

describe("a majority that hangs", () => {
  test("causes an error with a line for each instance", async () => {
    const list = servers.slice(0, 3);
    const redlock = await client(list, { requestTimeout: 50 });
    await redlock.using("warm", () => undefined);
    list[0]!.server.pause();
    list[1]!.server.pause();
    const error = (await rejection(redlock.acquire("a", { wait: 200 }))) as QuorumError;
    expect(error).toBeInstanceOf(QuorumError);
    expect(error.failures.length).toBeGreaterThanOrEqual(2);
    expect(error.message).toMatch(
      /too few instances answered.*: 2 of 3 are needed\n {2}127\.0\.0\.1:\d+: no answer within 50 ms/s,
    );
  });

  test("ends a held lock at its local deadline, before the keys expire, and `using` settles", async () => {
    const list = servers.slice(0, 3);
    const redlock = await client(list, { ttl: 600 });
    const extensions: number[] = [];
    redlock.on("lock:extend:failed", () => extensions.push(performance.now()));
    let started = 0;
    let left = -1;
    const work = redlock.using("a", async (lock, signal) => {
      started = performance.now();
      for (const { server } of list) server.pause();
      await aborted(signal);
      left = 600 - (performance.now() - started);
      expect(lock.isHeld).toBe(false);
      throw signal.reason;
    });
    expect(await rejection(work)).toBeInstanceOf(LockLostError);
    expect(left).toBeLessThan(600);
    extensions.reduce((before, now) => {
      expect(now - before).toBeGreaterThan(8);
      return now;
    }, started);
  });
});

describe("a lock whose key was overwritten", () => {
  test("aborts its signal before the other key expires", async () => {
    const list = servers.slice(0, 3);
    // It is overwritten before it ends, also on a busy machine.
    const redlock = await client(list, { ttl: 6_000 });
    const work = redlock.using("a", async (_, signal) => {
      await Promise.all(list.map(({ admin }) => admin.set("lock:a", "other-holder", "PX", 60_000)));
      await aborted(signal);
      throw signal.reason;
    });
    expect(String(await rejection(work))).toMatch(/the instances granted it to another holder/);
    for (const { admin } of list) expect(await admin.get("lock:a")).toBe("other-holder");
    await Promise.all(list.map(({ admin }) => admin.del("lock:a")));
  });
});

describe("a connection that is cut silently", () => {
  test("does not delay locks, and is replaced by a new connection", async () => {
    const proxy = await startProxy(servers[0]!.server.port);
    const urls = [`redis://127.0.0.1:${proxy.port}`, servers[1]!.server.url, servers[2]!.server.url];
    const redlock = new Redlock(urls, { ...FRESH, requestTimeout: 1_000 });
    const events: string[] = [];
    redlock.on("instance:down", ({ instance }) => events.push(`down ${instance}`));
    redlock.on("instance:up", ({ instance }) => events.push(`up ${instance}`));
    const held = await redlock.acquire("a", { ttl: 60_000 });
    proxy.cutSilently();
    expect(await held.release()).toBe(true);
    await eventually("the instance votes again", async () => {
      await redlock.using("b", () => undefined);
      return events.includes(`up 127.0.0.1:${proxy.port}`);
    });
    expect(events[0]).toBe(`down 127.0.0.1:${proxy.port}`);
    // The lost release is sent again on the new connection.
    await eventually(
      "the lock is released there, too",
      async () => (await servers[0]!.admin.exists("lock:a")) === 0,
    );
    await redlock.close();
    proxy.close();
  });
});

describe("a client that the user passes", () => {
  test("without reconnection rejects subscriptions after the connection broke", async () => {
    const { server } = servers[0]!;
    const one = createClient({ url: server.url, socket: { reconnectStrategy: false } });
    one.on("error", () => undefined);
    await one.connect();
    await server.kill();
    const subscription = new NodeRedisInstance(one).openSubscription({
      onMessage: () => undefined,
      onRestored: () => undefined,
      onLost: () => undefined,
    });
    await expect(subscription.subscribe("channel")).rejects.toThrow(/could not be opened/);
    subscription.close();
  });

  test("without an offline queue can subscribe, so its waiters do not poll", async () => {
    const list = servers.slice(0, 3);
    const clients = list.map(({ server }) => new Redis(server.port, { enableOfflineQueue: false }));
    await Promise.all(clients.map((one) => once(one, "ready")));
    const [redlock, other] = [new Redlock(clients, FRESH), await client(list)];
    const attempts: number[] = [];
    redlock.on("lock:acquire:succeeded", (event) => attempts.push(event.attempts));
    const held = await other.acquire("a", { ttl: 60_000 });
    const waiting = redlock.acquire("a", { wait: Infinity });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await held.release();
    await (await waiting).release();
    expect(attempts).toEqual([3]);
    await redlock.close();
    clients.forEach((one) => one.disconnect());
  });
});

describe("servers that lose data", () => {
  test("get their scripts again, and acquire, extend and release work", async () => {
    const list = servers.slice(0, 3);
    const redlock = await client(list);
    const flush = (): Promise<unknown> => Promise.all(list.map(({ admin }) => admin.script("FLUSH")));
    await redlock.using("warm", () => undefined);
    await flush();
    const lock = await redlock.acquire("a");
    await flush();
    await lock.extend();
    await flush();
    expect(await lock.release()).toBe(true);
  });

  test("in a restart emit events, and the lock can be acquired again", async () => {
    const list = servers.slice(0, 3);
    const redlock = await client(list);
    const events: string[] = [];
    redlock.on("instance:down", ({ instance }) => events.push(`down ${instance}`));
    redlock.on("instance:up", ({ instance }) => events.push(`up ${instance}`));
    redlock.on("instance:restarted", ({ instance }) => events.push(`restarted ${instance}`));
    const first = await redlock.using("a", (lock) => lock.fence);
    const name = `127.0.0.1:${list[0]!.server.port}`;
    await list[0]!.server.restart();
    await eventually("the restart is noticed", async () => {
      await redlock.using("a", () => undefined);
      return ["down", "up", "restarted"].every((what) => events.includes(`${what} ${name}`));
    });
    const lock = await redlock.acquire("a");
    expect(lock.fence).toBeGreaterThan(first);
    await lock.release();
  });

  test("that all restart at once grant the lock within the wait", async () => {
    const list = servers.slice(0, 3);
    const redlock = await client(list);
    await redlock.using("warm", () => undefined);
    await Promise.all(list.map(({ server }) => server.kill()));
    const waiting = redlock.acquire("a", { wait: Infinity });
    await Promise.all(list.map(({ server }) => server.restart()));
    expect(await (await waiting).release()).toBe(true);
  });
});

describe("an instance that cannot take part", () => {
  test("because a key has another type abstains with the server's message, and the others vote", async () => {
    const list = servers.slice(0, 3);
    const redlock = await client(list);
    await list[0]!.admin.rpush("lock:a", "not a lock");
    expect(await redlock.using("a", () => "done")).toBe("done");
    await list[1]!.admin.rpush("lock:a", "not a lock");
    const error = await rejection(redlock.acquire("a", { wait: 100 }));
    expect(error).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(String(error)).toMatch(/WRONGTYPE/);
    expect(await list[2]!.admin.exists("lock:a")).toBe(0);
    await Promise.all(list.map(({ admin }) => admin.del("lock:a")));
  });

  test("because a key of a held lock was overwritten still releases the other names", async () => {
    const list = servers.slice(0, 3);
    const redlock = await client(list);
    const lock = await redlock.acquire(["a", "b", "c"]);
    for (const { admin } of list) {
      await admin.del("lock:b");
      await admin.rpush("lock:b", "not a lock");
    }
    expect(await lock.release()).toBe(true);
    for (const { admin } of list) expect(await admin.exists("lock:a", "lock:c")).toBe(0);
    await Promise.all(list.map(({ admin }) => admin.del("lock:b")));
  });

  test("because it has no free memory abstains with the server's message, and is not down", async () => {
    const redlock = await client(servers.slice(0, 1));
    await redlock.using("warm", () => undefined);
    await servers[0]!.admin.config("SET", "maxmemory", "1");
    const error = await rejection(redlock.tryAcquire("a"));
    await servers[0]!.admin.config("SET", "maxmemory", "0");
    expect(error).toMatchObject({
      code: "LOCK_NO_QUORUM",
      failures: [{ error: { code: "INSTANCE_REPLY" } }],
    });
    expect(String(error)).toMatch(/OOM/);
  });

  test("because it is a replica abstains with the server's message", async () => {
    const list = servers.slice(0, 3);
    const redlock = await client(list);
    const down: string[] = [];
    redlock.on("instance:down", ({ instance }) => down.push(instance));
    await list[0]!.admin.replicaof("127.0.0.1", String(list[1]!.server.port));
    expect(await redlock.using("a", () => "done")).toBe("done");
    // It answers with errors, so it is not down.
    expect(down).toEqual([]);
    await list[0]!.admin.replicaof("NO", "ONE");
    await list[0]!.admin.flushall();
  });

  test.each([
    [2, [0, 0]],
    [3, [0, 1, 1]],
  ])("because it is the same server as another one is rejected (%i instances)", async (_, indexes) => {
    const redlock = await client(indexes.map((index) => servers[index]!));
    const error = await rejection(redlock.acquire("a"));
    expect(error).toMatchObject({ code: "LOCK_DUPLICATE_INSTANCE" });
    expect(String(error)).toMatch(/are the same server \(run_id [0-9a-f]{40}\), which would vote twice/);
    const failed: unknown[] = [];
    redlock.on("lock:acquire:failed", (event) => failed.push(event.error.code));
    expect(await rejection(redlock.tryAcquire("a"))).toMatchObject({ code: "LOCK_DUPLICATE_INSTANCE" });
    expect(failed).toEqual(["LOCK_DUPLICATE_INSTANCE"]);
    expect(await rejection(redlock.using("a", () => undefined))).toMatchObject({
      code: "LOCK_DUPLICATE_INSTANCE",
    });
  });
});
