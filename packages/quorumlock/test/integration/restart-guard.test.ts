import { afterEach, describe, expect, test } from "vitest";
import { type LockEvents, Redlock, type RedlockOptions } from "../../src/index.ts";
import { startRedisServers } from "../../src/testing/index.ts";
import { respRequest } from "../../src/testing/resp-request.ts";
import { testServers, type TestServer } from "../support/server-access.ts";
import { eventually, rejection } from "../support/timing.ts";

const TTL_MS = 3_000;
const DURABLE = { args: ["--appendonly", "yes", "--appendfsync", "always"] };
const servers = await testServers(3);
const openClients: Redlock[] = [];

interface Client {
  readonly redlock: Redlock;
  readonly unsafeEvents: LockEvents["instance:unsafe"][];
}

function client(
  list: readonly { readonly server: { readonly url: string } }[],
  options: RedlockOptions = {},
): Client {
  const redlock = new Redlock(
    list.map(({ server }) => server.url),
    { ttl: TTL_MS, requestTimeout: 1_000, ...options },
  );
  const unsafeEvents: LockEvents["instance:unsafe"][] = [];
  redlock.on("instance:unsafe", (event) => unsafeEvents.push(event));
  openClients.push(redlock);
  return { redlock, unsafeEvents };
}

afterEach(async () => {
  await Promise.all(openClients.splice(0).map((redlock) => redlock.close()));
});

async function hasVotedFor({ admin }: TestServer, name: string): Promise<boolean> {
  return (await admin.exists(`lock:${name}`)) === 1;
}

describe("servers that have just started", () => {
  test("grant no lock until a ttl has passed, and then at once", async () => {
    await Promise.all(servers.map(({ server }) => server.restart()));
    const { redlock, unsafeEvents } = client(servers);
    expect(await rejection(redlock.tryAcquire("cold"))).toMatchObject({
      code: "LOCK_NO_QUORUM",
      failures: [0, 1, 2].map(() => ({ error: { code: "INSTANCE_UNSAFE" } })),
    });
    expect(unsafeEvents).toHaveLength(3);
    const attempts: number[] = [];
    redlock.on("lock:acquire:succeeded", (event) => attempts.push(event.attempts));
    await (await redlock.acquire("cold", { wait: Infinity })).release();
    // One attempt fails, and the next one succeeds when a majority may vote. The guards end within a few ms.
    expect(attempts[0]).toBeLessThanOrEqual(3);
  });
});

describe("one server of three that restarts empty", () => {
  async function restartOne(options: RedlockOptions): Promise<{ first: unknown; second: unknown }> {
    // Without a trace of earlier tests, all three vote.
    await Promise.all(servers.map(({ admin }) => admin.flushall()));
    const [holder, other] = [client(servers, options), client(servers, options)];
    await holder.redlock.using("warm", { wait: Infinity }, () => undefined);
    await other.redlock.using("warm", { wait: Infinity }, () => undefined);
    await eventually("every server votes", async () => {
      await using _probe = await holder.redlock.acquire("probe");
      return (await Promise.all(servers.map((server) => hasVotedFor(server, "probe")))).every(Boolean);
    });
    const restarted: string[] = [];
    other.redlock.on("instance:restarted", ({ instance }) => restarted.push(instance));
    const lock = await holder.redlock.acquire("one", { ttl: TTL_MS, autoExtend: false });
    // The last grant may come after `acquire` has resolved. A client library would repeat an unanswered request after the restart.
    await eventually("all servers have granted it", async () => {
      const votes = await Promise.all(servers.map((server) => hasVotedFor(server, "one")));
      return votes.every(Boolean);
    });
    // This simulates that the third server did not grant the lock.
    await servers[2]!.admin.del("lock:one");
    await servers[1]!.server.restart();
    await eventually("the restart is noticed", () => restarted.length > 0);
    const second: unknown = await other.redlock
      .acquire("one", { wait: 500 })
      .catch((error: unknown) => error);
    return { first: lock.isHeld, second };
  }

  test("does not vote for a second holder, and reports why", async () => {
    const { first, second } = await restartOne({});
    expect(first).toBe(true);
    expect(second).toMatchObject({ code: "LOCK_TIMEOUT" });
    expect(String(second)).toMatch(/the server restarted .* s ago and may have lost locks/);
  });

  test("votes for a second holder without the restart guard", async () => {
    const { first, second } = await restartOne({ restartGuard: false });
    expect(first).toBe(true);
    expect(second).toMatchObject({ isHeld: true });
  });

  test("votes again when the window has passed", async () => {
    const { redlock, unsafeEvents } = client(servers);
    await redlock.using("warm", { wait: Infinity }, () => undefined);
    unsafeEvents.length = 0;
    await servers[1]!.server.restart();
    await eventually("the event is emitted", () => unsafeEvents.length > 0);
    expect(unsafeEvents).toMatchObject([
      { cause: "restart", instance: new URL(servers[1]!.server.url).host },
    ]);
    await redlock.using("early", async () => expect(await hasVotedFor(servers[1]!, "early")).toBe(false));
    await eventually("it votes", () => redlock.using("late", () => hasVotedFor(servers[1]!, "late")));
  });
});

describe("a server that persists every write", () => {
  test("votes at once after a kill, because it still has its locks", async () => {
    await using durable = await startRedisServers(3, DURABLE);
    const list = durable.map((server) => ({ server }));
    const [holder, other] = [client(list, { ttl: 30_000 }), client(list, { ttl: 30_000 })];
    const lock = await holder.redlock.acquire("kept");
    const restarted: string[] = [];
    other.redlock.on("instance:restarted", ({ instance }) => restarted.push(instance));
    await other.redlock.using("warm", () => undefined);
    await durable[1]!.restart();
    await eventually("the restart is noticed", () => restarted.length > 0);
    // Without the first server, a majority needs the restarted one.
    await durable[0]!.kill();
    await eventually("the restarted server votes", async () => {
      const free = await other.redlock.tryAcquire("free").catch(() => null);
      await free?.release();
      return free !== null;
    });
    expect(await other.redlock.tryAcquire("kept")).toBeNull();
    expect(lock.isHeld).toBe(true);
    expect([...holder.unsafeEvents, ...other.unsafeEvents]).toEqual([]);
  });

  test("counts as just started if its configuration is not readable", async () => {
    await using durable = await startRedisServers(1, DURABLE);
    const rules = ["on", ">secret", "~*", "&*", "+@all", "-info"];
    await respRequest(durable[0]!.port, ["ACL", "SETUSER", "limited", ...rules]);
    const url = durable[0]!.url.replace("redis://", "redis://limited:secret@");
    const { redlock } = client([{ server: { url } }], { restartGuard: true });
    expect(String(await rejection(redlock.tryAcquire("a")))).toMatch(
      /the server does not report its uptime \(.*\), so it counts as started 0\.\d s ago/,
    );
    await (await redlock.acquire("a", { wait: Infinity })).release();
  });

  test("but only once a second does not vote at once", async () => {
    await using lazy = await startRedisServers(3, {
      args: ["--appendonly", "yes", "--appendfsync", "everysec"],
    });
    const { redlock, unsafeEvents } = client(lazy.map((server) => ({ server })));
    expect(await rejection(redlock.tryAcquire("a"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(unsafeEvents).toHaveLength(3);
  });
});

describe("a server that was a replica for a while", () => {
  test("does not vote for a second holder, although its process is the same", async () => {
    await using extra = await startRedisServers(1);
    await Promise.all(servers.map(({ admin }) => admin.flushall()));
    const [holder, other] = [client(servers, { ttl: 8_000 }), client(servers, { ttl: 8_000 })];
    for (const { redlock } of [holder, other]) {
      await eventually("every server votes", async () => {
        await using _probe = await redlock.acquire("probe", { wait: Infinity });
        return (await Promise.all(servers.map((server) => hasVotedFor(server, "probe")))).every(Boolean);
      });
    }
    const lock = await holder.redlock.acquire("one", { autoExtend: false });
    await eventually("all servers have granted it", async () => {
      const votes = await Promise.all(servers.map((server) => hasVotedFor(server, "one")));
      return votes.every(Boolean);
    });
    // This simulates that the third server did not grant the lock.
    await servers[2]!.admin.del("lock:one");
    const { admin } = servers[1]!;
    await admin.replicaof("127.0.0.1", extra[0]!.port);
    await eventually("its data are replaced", async () => (await admin.dbsize()) === 0);
    await admin.replicaof("NO", "ONE");
    const second: unknown = await other.redlock
      .acquire("one", { wait: 300 })
      .catch((error: unknown) => error);
    expect(lock.isHeld).toBe(true);
    expect(String(second)).toMatch(/the server had no lock data .* s ago: .* without a restart/);
    await lock.release();
  });
});
