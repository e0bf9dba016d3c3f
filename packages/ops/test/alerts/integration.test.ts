import { Redlock } from "quorumlock";
import { LockStats, report } from "quorumlock/observe";
import { startRedisServers } from "quorumlock/testing";
import { describe, expect, test } from "vitest";
import { type AlertMessage, Alerts, customChannel } from "../../src/alerts/index.ts";
import type { Snapshot } from "../../src/monitor/index.ts";
import { startBed, until } from "../monitor/support/monitor-bed.ts";

const SECONDS = 1_000;

describe("in a process", () => {
  test("a lost lock and a server that is down are sent, and resolve", async () => {
    await using servers = await startRedisServers(3);
    const urls = servers.map(({ url }) => url);
    await using redlock = new Redlock(urls, { restartGuard: false, ttl: 1_000 });
    await using admin = new Redlock(urls, { restartGuard: false });
    using stats = new LockStats(redlock);
    const lines: string[] = [];
    await using alerts = new Alerts({
      stats,
      redlock,
      owner: "web-1:4",
      title: "test",
      group: 0,
      evaluate: SECONDS,
      channels: [customChannel("mine", ({ text }: AlertMessage) => void lines.push(...text.split("\n")))],
      rules: { server_down: { for: 0 }, no_spare: { enabled: false }, no_data: { enabled: false } },
    });
    const lock = await redlock.acquire("order:42");
    await alerts.evaluate();
    await servers[1]?.kill();
    await servers[2]?.kill();
    await until(() => lock.signal.aborted);
    await until(() => lines.some((line) => line.includes("lost in 5 min")));
    const loss = lines.find((line) => line.includes("lost in 5 min"));
    expect(loss).toBe(
      `▲ 1 lock lost in 5 min: order:42 (web-1:4). Work may have run without protection; check writes from fence ${lock.fence} on.`,
    );
    await until(() => lines.filter((line) => line.includes("does not answer")).length === 2);
    expect(lines.join("\n")).not.toContain(lock.token);
    await admin.health();
  });
});

describe("in the monitor", () => {
  test("alerts are in the snapshot, in the events and on the channels; the operator is named", async () => {
    const messages: AlertMessage[] = [];
    await using bed = await startBed({
      title: "production",
      alerts: {
        group: 0,
        channels: [customChannel("mine", (message: AlertMessage) => void messages.push(message))],
        rules: { server_down: { for: 0, severity: "critical" }, no_spare: { enabled: false } },
      },
    });
    await until(async () => (await bed.get("/health")).status === 200);
    await bed.servers[0]?.kill();
    const snapshot = await until(async () => {
      const found = await bed.json<Snapshot>("/api/snapshot");
      return found.alerts.some(({ rule, state }) => rule === "server_down" && state === "firing") && found;
    });
    expect(
      snapshot.events.some(({ type, text }) => type === "alert" && text.includes("does not answer")),
    ).toBe(true);
    await until(() => messages.length > 0);
    expect(messages[0]?.subject).toMatch(/^\[quorumlock production\] ✕ 127\.0\.0\.1:\d+ does not answer/);
    const metrics = await (await bed.get("/metrics")).text();
    expect(metrics).toContain('redlock_alert_messages_total{channel="mine",status="sent"} 1');
  });

  test("losses and long holds that processes report become alerts", async () => {
    const lines: string[] = [];
    await using bed = await startBed(
      {
        alerts: {
          group: 0,
          evaluate: SECONDS,
          channels: [customChannel("mine", ({ text }: AlertMessage) => void lines.push(...text.split("\n")))],
          rules: { held_long: { above: 1_000, for: 0 } },
        },
      },
      { ttl: 6_000 },
    );
    using stats = new LockStats(bed.redlock);
    await using reporter = report(bed.redlock, stats, { interval: 1_000 });
    const lock = await bed.redlock.acquire("order:42");
    await until(() => lines.some((line) => line.startsWith("· order:*: order:42 is held by")));
    for (const redis of bed.plain) await redis.set("lock:order:42", "another", "PX", 60_000);
    await until(() => lock.signal.aborted);
    await until(() => lines.some((line) => line.startsWith("▲ 1 lock lost in 5 min: order:42 (")));
    expect(lines.join("\n")).not.toContain(lock.token);
    expect(reporter.id).toHaveLength(32);
  });

  test("refuses wrong settings with all mistakes", async () => {
    await expect(
      startBed({ alerts: { rules: { long_wiat: {} }, ...({ chanels: [] } as object) } }),
    ).rejects.toThrow(/did you mean `channels`\?\n.*did you mean `long_wait`\?/);
  });
});
