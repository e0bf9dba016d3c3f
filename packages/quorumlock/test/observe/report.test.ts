import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { CircuitBreaker, MemoryInstance, Redlock } from "../../src/index.ts";
import { LockStats, readReports, report } from "../../src/observe/index.ts";
import { parseReport } from "../../src/observe/report-wire.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { readReportTexts, removeReport, writeReport } from "../../src/operations/report.ts";
import { clientOf } from "../../src/client/client-of.ts";
import { testServers } from "../support/server-access.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { advanceDuring, world } from "../support/world.ts";

function reportingWorld(options: object = {}) {
  const scene = world(3, { wait: 1_000, owner: "host:1" });
  const stats = new LockStats(scene.redlock);
  const reporter = report(scene.redlock, stats, options);
  return { ...scene, stats, reporter };
}

const keys = keySpaceOf("lock:");

describe("a report", () => {
  test("has the process, the client, the counts, what is held, what waits, and what happened", async () => {
    const { redlock, clock, reporter, instances } = reportingWorld({
      breakers: { main: new CircuitBreaker() },
    });
    const lock = await redlock.acquire("order:42");
    const late = redlock.acquire("order:42").catch(() => undefined);
    await clock.advance(4_000);
    await late;
    const waiting = redlock.acquire("order:42").catch(() => undefined);
    await clock.advance(900);
    await clock.advance(1_000);
    instances[2]!.kill();
    await waiting;
    const again = redlock.acquire("order:42", { wait: 60_000 }).catch(() => undefined);
    await clock.advance(6_000);
    const {
      reports,
      processes,
      unreadable,
      instances: answered,
    } = await advanceDuring(clock, 100, readReports(redlock));
    expect({ processes, unreadable, answered }).toEqual({
      processes: 1,
      unreadable: 0,
      answered: ["m0", "m1"],
    });
    const [{ report: read, ageMs } = { report: undefined, ageMs: NaN }] = reports;
    expect(ageMs).toBeLessThan(5_001);
    expect(read).toMatchObject({
      schema: 1,
      id: reporter.id,
      process: { pid: process.pid, owner: "host:1", version: "0.1.0" },
      client: { prefix: "lock:", driftFactor: 0.01, ttlMs: 10_000, restartWindowMs: 10_000, quorum: 2 },
      breakers: { main: "closed" },
      classes: [
        {
          resource: "order:*",
          counts: { acquired: 1, timedOut: 2, lost: { expired: 0, taken: 0, closed: 0 } },
          active: 1,
          waiters: 1,
        },
      ],
      holds: [
        {
          names: ["order:42"],
          kind: "mutex",
          mode: "exclusive",
          fence: lock.fence,
          tokenId: lock.token.slice(0, 8),
          ttlMs: 10_000,
        },
      ],
      waits: [{ names: ["order:42"], kind: "mutex" }],
      omitted: { classes: 0, holds: 0, waits: 0, events: 0, servers: 0, breakers: 0 },
    });
    expect(read?.holds[0]!.durationMs).toBeGreaterThan(5_000);
    expect(read?.events.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(
      expect.arrayContaining(["timed-out order:42", "instance-down m2"]) as string[],
    );
    expect(read?.client.servers.map(({ label, isAnswering }) => [label, isAnswering])).toEqual([
      ["m0", true],
      ["m1", true],
      ["m2", false],
    ]);
    expect(JSON.stringify(read)).not.toContain(lock.token);
    await lock.release();
    await (await again)?.release();
  });

  test("is renewed before it expires, and is gone after stop()", async () => {
    const { redlock, clock, reporter } = reportingWorld();
    await clock.advance(0);
    for (let second = 0; second < 60; second += 1) {
      await clock.advance(1_000);
      const { reports } = await readReports(redlock);
      expect(reports).toHaveLength(1);
      expect(reports[0]!.ageMs).toBeLessThanOrEqual(5_000);
    }
    await reporter.stop();
    expect(await readReports(redlock)).toMatchObject({ reports: [], processes: 0 });
    await clock.advance(60_000);
    expect((await readReports(redlock)).processes).toBe(0);
  });

  test("of a process that dies expires after 15 s, also if another process goes on", async () => {
    const { redlock, clock, instances } = reportingWorld();
    const dead = new Redlock(instances, { clock });
    const reporter = report(dead, new LockStats(dead));
    await clock.advance(6_000);
    expect((await readReports(redlock)).processes).toBe(2);
    await dead.close();
    await clock.advance(20_100);
    const { reports, processes } = await readReports(redlock);
    expect(processes).toBe(1);
    expect(reports[0]!.report.id).not.toBe(reporter.id);
  });

  test("two processes with the same servers have the same fingerprint, in any order of the list", async () => {
    const { redlock, clock, instances } = reportingWorld();
    const same = new Redlock([...instances].toReversed(), { clock });
    report(same, new LockStats(same));
    const other = new Redlock(instances.slice(0, 1), { clock });
    report(other, new LockStats(other));
    await clock.advance(6_000);
    const { reports } = await readReports(redlock);
    const prints = reports.map(({ report: { client } }) => [client.servers.length, client.fingerprint]);
    const [first, second] = prints.filter(([count]) => count === 3);
    expect(first![1]).toMatch(/^[0-9a-f]{16}$/);
    expect(second).toEqual(first);
    expect(prints.find(([count]) => count === 1)![1]).not.toBe(first![1]);
  });

  test("has at most 8 kB, whatever there is, and counts what did not fit", async () => {
    const { redlock, clock, stats } = reportingWorld();
    const letter = (index: number): string =>
      String.fromCodePoint(97 + (index % 26), 97 + Math.floor(index / 26));
    const names = Array.from(
      { length: 300 },
      (_, index) => `class-${letter(index)}-é${"x".repeat(12)}:${index}`,
    );
    const locks = await Promise.all(names.map((name) => redlock.acquire(name)));
    const late = names.map((name) => redlock.acquire(name, { wait: 8_000 }).catch(() => undefined));
    await clock.advance(7_000);
    const [{ report: read } = { report: undefined }] = (await readReports(redlock)).reports;
    expect(stats.classes).toHaveLength(201);
    const { classes, holds, waits, omitted } = read!;
    expect(holds.length).toBeGreaterThanOrEqual(10);
    expect(holds.length + omitted.holds).toBe(300);
    expect(waits.length + omitted.waits).toBe(300);
    expect(classes.length + omitted.classes).toBe(201);
    expect(classes.length).toBeGreaterThanOrEqual(10);
    expect(holds[0]!.durationMs).toBeGreaterThanOrEqual(holds.at(-1)!.durationMs);
    const reply = await clientOf(redlock).members.voters.members[0]!.instance.run([
      readReportTexts(keys, [read!.id]),
    ]);
    const text = String((reply[0] as readonly unknown[])[1]);
    expect(Buffer.byteLength(text)).toBeGreaterThan(7_000);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_192);
    await clock.advance(8_000);
    await Promise.all(late);
    for (const lock of locks) await lock.release();
  });

  test("has at most 8 kB also with long names of servers and circuit breakers, a long prefix and control characters", async () => {
    const clock = new VirtualClock();
    const instances = Array.from(
      { length: 25 },
      (_, index) => new MemoryInstance({ clock, label: `${index}${"é\u0001".repeat(150)}` }),
    );
    const prefix = "\u0001".repeat(500);
    const redlock = new Redlock(instances, { clock, prefix, owner: "일".repeat(128) });
    const breakers = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`${index}${"일".repeat(190)}`, new CircuitBreaker()]),
    );
    report(redlock, new LockStats(redlock), { breakers });
    await redlock.acquire("job");
    await clock.advance(6_000);
    const { reports, unreadable } = await advanceDuring(clock, 100, readReports(redlock));
    const [{ report: read } = { report: undefined }] = reports;
    expect(unreadable).toBe(0);
    expect(read!.holds.map(({ names }) => names)).toEqual([["job"]]);
    const { client, omitted } = read!;
    expect(client.servers.length).toBeGreaterThanOrEqual(5);
    expect(client.servers.length + omitted.servers).toBe(25);
    const names = Object.keys(read!.breakers);
    expect(names.length).toBeGreaterThanOrEqual(1);
    expect(names.length + omitted.breakers).toBe(20);
    expect(Object.keys(breakers)).toEqual(expect.arrayContaining(names) as string[]);
  });

  test("a lock whose names are too long is left out and counted", async () => {
    const { redlock, clock } = reportingWorld();
    await redlock.acquire(["a", "b", "c"].map((letter) => letter.repeat(1_000)));
    await redlock.acquire("short");
    await clock.advance(6_000);
    const [{ report: read } = { report: undefined }] = (await readReports(redlock)).reports;
    expect(read!.holds.map(({ names }) => names)).toEqual([["short"]]);
    expect(read!.omitted.holds).toBe(1);
  });

  test("the histograms come back as they were", async () => {
    const { redlock, clock, stats } = reportingWorld();
    for (const ms of [1, 30, 30, 4_000]) {
      const lock = await redlock.acquire("job");
      await clock.advance(ms);
      await lock.release();
    }
    await clock.advance(6_000);
    const [{ report: read } = { report: undefined }] = (await readReports(redlock)).reports;
    const { hold_time_histogram: histogram } = stats.statistics("job") as {
      hold_time_histogram: readonly { count: number }[];
    };
    expect(read!.classes[0]!.holds).toMatchObject({ sumMs: 4_061, maxMs: 4_000 });
    expect(read!.classes[0]!.holds!.buckets.map(([, count]) => count)).toEqual(
      histogram.map(({ count }) => count),
    );
    expect(read!.classes[0]!.waits!.buckets).toHaveLength(1);
  });
});

describe("readers", () => {
  const garbage: readonly string[] = [
    "",
    "{",
    "null",
    "[]",
    '{"schema":2}',
    '{"schema":1}',
    '{"schema":1,"id":"x","sequence":1e999}',
    `{"schema":1,"process":${"[".repeat(3_000)}${"]".repeat(3_000)}}`,
    '{"__proto__":{"schema":1}}',
  ];

  test.each(garbage)("skip a value that is no report: %s", (text) => {
    expect(parseReport(text)).toBeUndefined();
  });

  test("skip damage of every kind, whatever part of a report is replaced", async () => {
    const { redlock, clock } = reportingWorld({ breakers: { main: new CircuitBreaker() } });
    await redlock.acquire("job");
    redlock.acquire("job").catch(() => undefined);
    await clock.advance(900);
    await clock.advance(4_200);
    const [{ report: read } = { report: undefined }] = (await readReports(redlock)).reports;
    const reply = await clientOf(redlock).members.voters.members[0]!.instance.run([
      readReportTexts(keys, [read!.id]),
    ]);
    const good = JSON.parse(String((reply[0] as readonly unknown[])[1])) as object;
    expect(parseReport(JSON.stringify(good))).toEqual(read);
    let damaged = 0;
    const replaceEach = (value: unknown, path: readonly (string | number)[]): void => {
      for (const bad of [{ a: 1 }, -1, "\u0000", [[]], true]) {
        const copy = structuredClone(good) as Record<string | number, unknown>;
        let at = copy;
        for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
        if (path.length > 0) at[path.at(-1)!] = bad;
        const parsed = parseReport(JSON.stringify(path.length > 0 ? copy : bad));
        if (parsed === undefined) damaged += 1;
        // It must not throw. It is rejected, or is a whole report.
        expect(Object.keys(parsed ?? read!)).toEqual(Object.keys(read!));
      }
      if (typeof value === "object" && value !== null)
        for (const [step, part] of Object.entries(value)) replaceEach(part, [...path, step]);
    };
    replaceEach(good, []);
    expect(damaged).toBeGreaterThan(200);
  });

  test("count a report with the id of another one, or of garbage, as unreadable", async () => {
    const { redlock, clock } = reportingWorld();
    await clock.advance(6_000);
    const { members } = clientOf(redlock);
    for (const { instance } of members.voters.members)
      await instance.run([writeReport(keys, "evil", "{}"), writeReport(keys, "copy", '{"schema":1}')]);
    expect(await readReports(redlock)).toMatchObject({ processes: 3, unreadable: 2, reports: [{}] });
  });

  test("find a report that only one instance has, and one whose copy elsewhere is damaged", async () => {
    const { redlock, clock, instances } = reportingWorld();
    await clock.advance(6_000);
    const [{ report: read } = { report: undefined }] = (await readReports(redlock)).reports;
    for (const instance of instances.slice(0, 2))
      await instance.run([writeReport(keys, read!.id, "damaged")]);
    expect((await readReports(redlock)).reports.map(({ report: { id } }) => id)).toEqual([read!.id]);
    for (const instance of instances.slice(0, 2)) instance.restart();
    await clock.advance(0);
    expect((await advanceDuring(clock, 600, readReports(redlock))).reports).toHaveLength(1);
  });

  test("take the newest copy, although an instance has missed the latest reports of a process", async () => {
    const { redlock, clock, instances } = reportingWorld();
    await clock.advance(100);
    const [first] = instances;
    const run = first!.run.bind(first);
    first!.run = (requests) =>
      requests.some(({ operation }) => operation.name === "report.write")
        ? Promise.reject(new Error("lost"))
        : run(requests);
    await clock.advance(9_000);
    const [{ report: read, ageMs } = { report: undefined, ageMs: NaN }] = (await readReports(redlock))
      .reports;
    expect(read!.sequence).toBeGreaterThanOrEqual(2);
    expect(ageMs).toBeLessThanOrEqual(5_000);
  });

  test("do not count a process twice that one instance stores and another one only counts", async () => {
    const { redlock, clock } = reportingWorld();
    await clock.advance(100);
    const [first, ...others] = clientOf(redlock).members.voters.members.map(({ instance }) => instance);
    const fill = Array.from({ length: 1_000 }, (_, index) => `process-${index}`);
    for (const id of fill) await first!.run([writeReport(keys, id, "{}")]);
    // The first instance is full, so it only counts this process. Then it has room, and the process has not reported again.
    for (const instance of [first!, ...others]) await instance.run([writeReport(keys, "late", "{}")]);
    for (const id of fill) await first!.run([removeReport(keys, id)]);
    expect((await advanceDuring(clock, 100, readReports(redlock))).processes).toBe(2);
  });

  test("are not delayed by an instance that hangs for longer than a request may take", async () => {
    const { redlock, clock, instances } = reportingWorld();
    await clock.advance(6_000);
    instances[0]!.pause();
    const { reports, instances: answered } = await advanceDuring(clock, 600, readReports(redlock));
    expect(reports).toHaveLength(1);
    expect(answered).toEqual(["m1", "m2"]);
  });
});

test("bad options are errors that name the field and the value", () => {
  const { redlock } = world();
  const stats = new LockStats(redlock);
  expect(() => report(redlock, {} as LockStats)).toThrow("stats: an object (Object) must be a LockStats");
  expect(() => report(redlock, stats, { interval: 60_000 })).toThrow(
    "interval: 60000 must be a whole number from 1000 to 7000",
  );
  expect(() => report(redlock, stats, { breakers: [] as never })).toThrow("breakers");
  expect(() => report(redlock, stats, { intervl: 1 } as never)).toThrow("`interval` is probably meant");
});

describe("on real servers", async () => {
  const servers = await testServers(3);

  test("a process that is killed disappears, and after stop() no key is left", async () => {
    const urls = servers.map(({ server }) => server.url);
    const redlock = new Redlock(urls, { restartGuard: false });
    onTestFinished(() => redlock.close());
    const reporter = report(redlock, new LockStats(redlock), { interval: 1_000 });
    const program = `
      const { Redlock } = await import(${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)});
      const { LockStats, report, readReports } = await import(${JSON.stringify(new URL("../../src/observe/index.ts", import.meta.url).href)});
      const redlock = new Redlock(${JSON.stringify(urls)}, { restartGuard: false, owner: "killed:1" });
      report(redlock, new LockStats(redlock));
      await redlock.acquire("job");
      while ((await readReports(redlock)).processes < 2) await new Promise((resolve) => setTimeout(resolve, 50));
      process.kill(process.pid, "SIGKILL");`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, NODE_OPTIONS: "--conditions=@quorumlock/source" },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
    const both = await readReports(redlock);
    expect(
      both.reports.map(
        ({
          report: {
            process: { owner },
          },
        }) => owner,
      ),
    ).toContain("killed:1");
    expect(both.instances).toHaveLength(3);
    await expect.poll(async () => (await readReports(redlock)).processes, { interval: 200 }).toBe(1);
    await reporter.stop();
    await expect
      .poll(async () => (await Promise.all(servers.map(({ admin }) => admin.keys("*~report*")))).flat(), {
        // By themselves they end after 15 s.
        timeout: 10_000,
      })
      .toEqual([]);
  });
});
