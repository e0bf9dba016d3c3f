import { startRedisServers } from "quorumlock/testing";
import { describe, expect, test } from "vitest";
import type { LockDetail, LocksPage, ServerView, Snapshot } from "../../src/monitor/index.ts";
import { ServerProbe } from "../../src/monitor/servers/server-probe.ts";
import { type MonitorBed, startBed, until } from "./support/monitor-bed.ts";

function snapshot(bed: MonitorBed): Promise<Snapshot> {
  return bed.json<Snapshot>("/api/snapshot");
}

function untilServer(bed: MonitorBed, index: number, state: ServerView["state"]): Promise<Snapshot> {
  return until(async () => {
    const found = await snapshot(bed);
    return found.servers[index]?.state === state && found;
  });
}

async function untilAllUp(bed: MonitorBed): Promise<void> {
  await until(async () => (await snapshot(bed)).quorum.level === "good");
}

/** A lock is granted by a quorum. The other servers may get it a little later. */
async function untilOnAll(bed: MonitorBed, name: string): Promise<void> {
  await until(async () => {
    const found = await Promise.all(bed.plain.map((redis) => redis.exists(`lock:${name}`)));
    return found.every((count) => count === 1);
  });
}

describe("the servers of a monitor", () => {
  test("are described with latency, memory, clock, version, role and policy", async () => {
    await using bed = await startBed({
      prepare: async (_, [first]) => first?.config("SET", "maxmemory", "64mb"),
    });
    await untilAllUp(bed);
    const { servers, quorum } = await snapshot(bed);
    expect(quorum).toMatchObject({
      voting: 3,
      configured: 3,
      quorum: 2,
      text: "3 of 3 servers vote. Locks work.",
    });
    for (const server of servers) {
      expect(server).toMatchObject({
        state: expect.stringMatching(/^(up|slow)$/),
        votes: true,
        role: "master",
        evictionPolicy: "noeviction",
      });
      expect(server.latencyMs).toBeGreaterThan(0);
      expect(server.usedBytes).toBeGreaterThan(0);
      expect(Math.abs(server.clockOffsetMs ?? Infinity)).toBeLessThan(1_000);
      expect(server.runId).toMatch(/^[0-9a-f]{40}$/);
    }
    const limit = 64 * 1_024 * 1_024;
    expect(servers.map(({ limitBytes }) => limitBytes)).toEqual([limit, undefined, undefined]);
  });

  test("that were killed do not answer, and a quorum that is lost is reported with 503", async () => {
    await using bed = await startBed();
    await using lock = await bed.redlock.acquire("order:42");
    await untilAllUp(bed);
    expect((await bed.get("/health")).status).toBe(200);
    await untilOnAll(bed, "order:42");

    await bed.servers[2]?.kill();
    const one = await untilServer(bed, 2, "no-answer");
    expect(one.quorum).toMatchObject({
      voting: 2,
      level: "attention",
      text: "2 of 3 servers vote. Locks work. One more failure stops them all.",
    });
    expect(one.servers[2]?.message).toMatch(/ECONNREFUSED|closed|connected/i);
    expect(await bed.json("/health")).toMatchObject({ status: "degraded", voting: 2 });
    const detail = await bed.json<LockDetail>("/api/locks/order%3A42");
    expect(detail.servers.map(({ mark }) => mark)).toEqual(["holder", "holder", "no-answer"]);
    expect(detail.lock?.holder?.id).toBe(lock.token.slice(0, 8));

    await bed.servers[1]?.kill();
    const two = await untilServer(bed, 1, "no-answer");
    expect(two.quorum).toMatchObject({ voting: 1, level: "bad" });
    expect(two.quorum.text).toBe(
      "1 of 3 servers votes. 2 are needed: no new locks, held ones end unextended.",
    );
    const health = await bed.get("/health");
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ status: "down", voting: 1, quorum: 2 });
    const types = two.events.map(({ type }) => type);
    expect(types).toContain("quorum");
    expect(types).toContain("server");
  });

  test("that answer are never silent for probes that overlap", async () => {
    await using servers = await startRedisServers(1);
    const states: string[] = [];
    const probe = new ServerProbe("a", servers[0]?.url ?? "", {
      redis: undefined,
      onChange: () => states.push(probe.state),
    });
    try {
      await until(() => probe.state === "answered");
      const first = probe.probe();
      expect(probe.probe()).toBe(first);
      await first;
      expect(states).toEqual(["answered"]);
      expect(probe.probe()).not.toBe(first);
    } finally {
      probe.close();
    }
  });

  test("that hang keep no reply back, and pages say what is missing", async () => {
    await using bed = await startBed();
    await using lock = await bed.redlock.acquire("order:42");
    await untilAllUp(bed);
    await until(async () => (await bed.json<LocksPage>("/api/locks")).total === 1);
    await untilOnAll(bed, "order:42");
    bed.servers[0]?.pause();
    await untilServer(bed, 0, "no-answer");
    // The server hangs until these replies are there.
    const detail = await bed.json<LockDetail>("/api/locks/order%3A42");
    const page = await bed.json<LocksPage>("/api/locks");
    expect(detail.servers.map(({ mark }) => mark)).toEqual(["no-answer", "holder", "holder"]);
    expect(page.unanswered).toEqual([`127.0.0.1:${bed.servers[0]?.port}`]);
    expect(page.locks[0]?.holder?.id).toBe(lock.token.slice(0, 8));
    bed.servers[0]?.resume();
    await until(async () => (await snapshot(bed)).servers[0]?.votes === true);
  });

  test("that restart empty are quarantined, with a countdown", async () => {
    await using bed = await startBed({ redlock: { ttl: 4_000, restartGuard: true } });
    await until(async () => (await snapshot(bed)).quorum.level === "good");
    await bed.servers[1]?.restart();
    const first = await untilServer(bed, 1, "quarantined");
    const left = first.servers[1]?.abstainsMs ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(4_100);
    expect(first.servers[1]?.votes).toBe(false);
    expect(first.servers[1]?.restarts).toBeGreaterThan(0);
    await until(async () => {
      const now = (await snapshot(bed)).servers[1];
      return now?.state === "quarantined" && (now.abstainsMs ?? 0) < left - 500;
    });
    await until(async () => (await snapshot(bed)).servers[1]?.votes === true);
  });
});
