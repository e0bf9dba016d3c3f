import { Redis } from "ioredis";
import { Redlock, type RedlockOptions } from "quorumlock";
import { LockStats, report } from "quorumlock/observe";
import { startRedisServers } from "quorumlock/testing";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { FleetReports } from "../../src/cli/locks/fleet-reports.ts";
import { ALL_CHECKS } from "../../src/diagnose/checks/all-checks.ts";
import { runChecks } from "../../src/diagnose/check.ts";
import type { FindingCode } from "../../src/diagnose/finding.ts";
import { until } from "../monitor/support/monitor-bed.ts";
import { diagnosed, unusual } from "./support/diagnosed.ts";

// They write each change to disk, so they vote at once. A machine under load must not look like a server with slow commands.
const DURABLE = ["--appendonly", "yes", "--appendfsync", "always", "--slowlog-log-slower-than", "-1"];
const servers = await startRedisServers(5, { args: DURABLE });
const urls = servers.map(({ url }) => url);
const three = urls.slice(0, 3);
const admins = servers.map(({ port }) => new Redis(port));
afterAll(async () => {
  for (const admin of admins) admin.disconnect();
  await servers.stop();
});

/** What is true on a machine that is too busy for its servers: slow replies, and votes that come with the next extension only. */
const CAUSED_BY_LOAD: readonly FindingCode[] = ["QL114", "QL205"];

let tests = 0;
function nextPrefix(): string {
  tests += 1;
  return `clients${tests}:`;
}

/** A client that reports. */
function reporting(addresses: readonly string[], options: RedlockOptions): Redlock {
  const redlock = new Redlock([...addresses], options);
  const reporter = report(redlock, new LockStats(redlock), { interval: 1_000 });
  onTestFinished(async () => {
    await reporter.stop();
    await redlock.close();
  });
  return redlock;
}

test("a healthy set under load has no finding, and every check is made", async () => {
  const prefix = nextPrefix();
  const clients = ["web-1:1", "web-2:2"].map((owner) => reporting(three, { prefix, owner }));
  const stop = new AbortController();
  let count = 0;
  const work = clients.flatMap((redlock, index) =>
    Array.from({ length: 10 }, async (_, each) => {
      while (!stop.signal.aborted) {
        // Some names are contended, one is held for long, permits are taken.
        await redlock.using(`order:${(count += 1) % 15}`, { wait: 30_000 }, () => undefined);
        if (each === 0) await redlock.semaphore(`pool:${index}`, { permits: 3 }).using(() => undefined);
      }
    }),
  );
  for (const each of work) each.catch(() => undefined);
  const held = await clients[0]?.acquire("nightly");
  for (let round = 0; round < 4; round += 1) {
    const diagnosis = await until(async () => {
      const result = await diagnosed(three, { prefix, restartGuard: true });
      return result.unchecked.length === 0 && result;
    });
    expect(diagnosis.findings.filter(({ code }) => !CAUSED_BY_LOAD.includes(code))).toEqual([]);
    expect(diagnosis.passed).toBeGreaterThanOrEqual(ALL_CHECKS.length - CAUSED_BY_LOAD.length);
    expect(diagnosis.facts.locks.isComplete).toBe(true);
  }
  stop.abort();
  await Promise.all(work);
  await held?.release();
  expect(count).toBeGreaterThan(100);
});

describe("sets of servers", () => {
  test("processes with different servers, and a configuration that differs from the processes", async () => {
    const prefix = nextPrefix();
    await reporting(three, { prefix, owner: "web-1:1" }).using("a", () => undefined);
    const one = await until(async () => {
      const { of } = await diagnosed(urls, { prefix });
      return of("QL301")[0];
    });
    expect(one.cause).toMatch(
      /^This configuration has other servers .* than 1 process: web-1:1 uses 127\.0\.0\.1:/,
    );
    expect((await diagnosed(three, { prefix })).of("QL301")).toEqual([]);
    await reporting(urls, { prefix, owner: "web-2:2" }).using("b", () => undefined);
    const both = await until(async () => {
      const [found] = (await diagnosed(three, { prefix })).of("QL301");
      return found?.subject === "clients" && found;
    });
    expect(both.cause).toContain("web-1:1 uses");
    expect(both.cause).toContain("web-2:2 uses");
  });

  test("a client that does not report is known from its note", async () => {
    const prefix = nextPrefix();
    // Its use of five servers is old enough not to be a change of the set.
    await diagnosed(three, { prefix });
    const [key = ""] = (await admins[0]?.keys(`${prefix}~members:*`)) ?? [];
    const now = Date.now();
    const ends = now + 600_000;
    for (const admin of admins.slice(0, 3)) {
      const [own = ""] = ((await admin.get(key)) ?? "").split("\n");
      const [ownSet = ""] = own.split(" ");
      const runIds = await Promise.all(
        admins.map(async (each) => /run_id:(\w+)/.exec(await each.info("server"))?.[1]),
      );
      const lines = [
        `${ownSet} ${now - 500_000} ${now - 1_000} ${ends} web-1:1`,
        `5:${runIds.join(",")} ${now - 400_000} ${now - 1_000} ${ends} cron-3:99`,
      ];
      await admin.set(key, lines.join("\n"), "PX", 600_000);
    }
    const [found] = (await diagnosed(three, { prefix })).of("QL301");
    expect(found?.subject).toBe("cron-3:99");
    expect(found?.cause).toContain("uses another set of 5 servers");
  });
});

test("restart windows, drift, many classes, and reports that are cut", async () => {
  const prefix = nextPrefix();
  const one = reporting(three, { prefix, owner: "web-1:1" });
  reporting(three, { prefix, owner: "web-2:2", ttl: 60_000, driftFactor: 0.05 });
  // Digits do not tell classes apart.
  const letters = (index: number): string =>
    String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26));
  await Promise.all(
    Array.from({ length: 210 }, (_, index) => one.using(`${letters(index)}:x`, () => undefined)),
  );
  const held = await Promise.all(Array.from({ length: 60 }, (_, index) => one.acquire(`held:${index}`)));
  const { of } = await until(async () => {
    const result = await diagnosed(three, { prefix });
    const { readings } = result.facts.reports.locks;
    const hasAll = readings.length === 2 && readings.some(({ report: each }) => each.omitted.holds >= 10);
    return hasAll && result;
  });
  expect(of("QL302")[0]?.cause).toMatch(
    /^web-1:1 has a restart window of 10.0.s, but locks with a ttl of 1.m 00.s/,
  );
  expect(of("QL303")[0]?.cause).toContain("0.01 (web-1:1)");
  expect(of("QL303")[0]?.cause).toContain("0.05 (web-2:2)");
  expect(of("QL306")[0]?.subject).toBe("web-1:1");
  expect(of("QL307")[0]?.cause).toMatch(/\d+ classes and \d\d held locks did not fit/);
  await Promise.all(held.map((lock) => lock.release()));
});

test("a holder that reports no more, and processes of two versions", async () => {
  const prefix = nextPrefix();
  const redlock = reporting(three, { prefix, owner: "web-1:1" });
  const lock = await redlock.acquire("order:1");
  const { facts } = await until(async () => {
    const result = await diagnosed(three, { prefix, name: "order:1" });
    return (result.facts.reports.locks.readings[0]?.report.holds.length ?? 0) > 0 && result;
  });
  const [reading] = facts.reports.locks.readings;
  if (reading === undefined) throw new Error("the client reports");
  // Facts with the age of a report, and a second one, that a test need not wait for.
  const late = { ...reading, ageMs: 12_000 };
  const other = {
    ...reading.report,
    process: { ...reading.report.process, version: "0.0.9", owner: "web-9:9" },
    holds: [],
  };
  const reports = new FleetReports([late, { report: other, ageMs: 100 }]);
  const { readLock } = await import("../../src/cli/locks/lock-reading.ts");
  const quorum = 2;
  const suspicious = [await readLock({ redlock, quorum } as never, "order:1", reports)];
  const { findings } = runChecks(ALL_CHECKS, { ...facts, reports, locks: { ...facts.locks, suspicious } });
  const of = (code: string) => findings.filter((each) => each.code === code);
  expect(of("QL206")[0]?.cause).toMatch(/^web-1:1, the holder of order:1, last reported 12\.\d.s ago/);
  expect(of("QL304")[0]?.cause).toContain("0.0.9 (web-9:9)");
  await lock.release();
});

test("no reports are information", async () => {
  const result = await diagnosed(three, { prefix: nextPrefix() });
  expect(unusual(result)).toEqual([]);
  expect(result.of("QL305")).toHaveLength(1);
  expect(result.unchecked.filter(({ reason }) => reason === "no process reports").length).toBeGreaterThan(5);
});
