import { setInterval } from "node:timers/promises";
import { Redis } from "ioredis";
import { Redlock, type RedlockOptions } from "quorumlock";
import { LockStats, report } from "quorumlock/observe";
import { startRedisServers } from "quorumlock/testing";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { until } from "../monitor/support/monitor-bed.ts";
import { diagnosed, unusual } from "./support/diagnosed.ts";

// A machine under load must not look like a server with slow commands.
const servers = await startRedisServers(3, { args: ["--slowlog-log-slower-than", "-1"] });
const urls = servers.map(({ url }) => url);
const admins = servers.map(({ port }) => new Redis(port));
const labels = servers.map(({ port }) => `127.0.0.1:${port}`);
afterAll(async () => {
  for (const admin of admins) admin.disconnect();
  await servers.stop();
});

let tests = 0;
/** Each test has a prefix of its own, so it sees neither the locks nor the reports of others. */
function world() {
  tests += 1;
  const prefix = `test${tests}:`;
  const client = (options: RedlockOptions = {}): Redlock => {
    const redlock = new Redlock(urls, { restartGuard: false, prefix, ...options });
    onTestFinished(() => redlock.close().catch(() => undefined));
    return redlock;
  };
  return {
    prefix,
    client,
    look: (name?: string) => diagnosed(urls, { prefix, ...(name === undefined ? {} : { name }) }),
  };
}

test("a key on a minority, a missing vote, a key without an expiry and a foreign value", async () => {
  const { prefix, client, look } = world();
  const redlock = client();
  const hold = (name: string) => redlock.acquire(name, { ttl: 60_000, autoExtend: false });
  await Promise.all(["minority", "vote", "fine"].map(hold));
  for (const admin of admins.slice(0, 2)) await admin.del(`${prefix}minority`);
  await admins[2]?.del(`${prefix}vote`);
  await admins[1]?.set(`${prefix}it's stuck`, "x");
  for (const admin of admins)
    await admin.set(`${prefix}foreign`, "of-another-library-0123456789", "PX", 60_000);
  const { of, ...all } = await look();
  expect(unusual(all)).toEqual(["QL202", "QL201", "QL205", "QL207"]);
  expect(of("QL201").map(({ subject }) => subject)).toEqual(["minority"]);
  expect(of("QL201")[0]?.cause).toMatch(
    new RegExp(`is on ${labels[2]} only; 2 servers are needed.*ends in [45]\\d`),
  );
  expect(of("QL205")[0]?.cause).toBe(`vote is held, but ${labels[2]} does not have it.`);
  expect(of("QL202")[0]).toMatchObject({
    subject: "it's stuck",
    cause: expect.stringContaining(`has no expiry on ${labels[1]}`),
    commands: [String.raw`quorumlock unlock --now 'it'\''s stuck'`],
  });
  expect(
    of("QL207")
      .map(({ subject }) => subject)
      .toSorted(),
  ).toEqual(["foreign"]);
  // The same about one name, and nothing about the others.
  const one = await look("minority");
  expect(unusual(one)).toEqual(["QL201"]);
  expect(unusual(await look("fine"))).toEqual([]);
});

test("more than 20 locks with one problem are counted", async () => {
  const { prefix, look } = world();
  await admins[0]?.mset(Array.from({ length: 25 }, (_, index) => [`${prefix}n${index}`, "x"]).flat());
  const found = (await look()).of("QL202");
  expect(found).toHaveLength(21);
  expect(found.at(-1)).toMatchObject({ subject: "5 more" });
});

test("a name of two kinds, and a key that is no lock", async () => {
  const { prefix, client, look } = world();
  const permit = await client().acquire("both", { ttl: 60_000, autoExtend: false });
  await permit.release();
  const semaphore = client().semaphore("both", { permits: 2 });
  await semaphore.acquire({ ttl: 60_000, autoExtend: false });
  await admins[0]?.set(`${prefix}both`, `${"0".repeat(32)}@web:1`, "PX", 60_000);
  for (const admin of admins) await admin.hset(`${prefix}hash`, "field", "value");
  const { of } = await look("both");
  expect(of("QL209")[0]?.cause).toContain(
    "is a semaphore on some servers, and a lock of another kind on others",
  );
  expect((await look("hash")).of("QL209")[0]?.cause).toContain("is no string, so it is no lock");
});

test("a lock that its holder does not extend any more, although it reports", async () => {
  const { prefix, client, look } = world();
  const redlock = client({ owner: "billing-7:3121" });
  const stats = new LockStats(redlock);
  const ttl = 3_000;
  await redlock.acquire("order:42", { ttl, autoExtend: false });
  const heldAt = performance.now();
  await using _reporter = report(redlock, stats, { interval: 7_000 });
  const stop = new AbortController();
  const key = `${prefix}order:42`;
  const token = (await admins[0]?.get(key)) ?? "";
  // The keys stay, at a third of the ttl or less, as after extensions that have stopped.
  const keep = (async () => {
    for await (const _ of setInterval(50, undefined, { signal: stop.signal }))
      await Promise.all(admins.map((admin) => admin.set(key, token, "PX", ttl / 3)));
  })().catch(() => undefined);
  const found = await until(async () => {
    const { of } = await look("order:42");
    return performance.now() - heldAt > ttl && of("QL203")[0];
  });
  stop.abort();
  await keep;
  expect(found.cause).toMatch(
    /^order:42 was not extended for [2-3]\.\d.s by billing-7:3121, whose last report is/,
  );
});

test("a lock that is held for 10 times as long as others of its class", async () => {
  const { client, look } = world();
  const redlock = client({ owner: "batch-1:77" });
  await using _reporter = report(redlock, new LockStats(redlock), { interval: 1_000 });
  for (let index = 0; index < 25; index += 1) await redlock.using(`job:${index}`, () => undefined);
  await redlock.acquire("job:77");
  const found = await until(async () => (await look()).of("QL204")[0]);
  expect(found.subject).toBe("job:77");
  expect(found.cause).toMatch(
    /^job:77 has been held for .* by batch-1:77; 99 % of its class are released within/,
  );
});

test("a holder that does not report, while others do", async () => {
  const { client, look } = world();
  const reporting = client({ owner: "web-1:1" });
  await using _reporter = report(reporting, new LockStats(reporting), { interval: 1_000 });
  await client({ owner: "gone-3:9" }).acquire("order:42", { ttl: 60_000, autoExtend: false });
  await reporting.acquire("order:43", { ttl: 60_000 });
  const found = await until(async () => {
    const { facts, of } = await look();
    return facts.reports.locks.readings.some(({ report: each }) => each.holds.length > 0) && of("QL206");
  });
  expect(found.map(({ subject }) => subject)).toEqual(["order:42"]);
  expect(found[0]?.cause).toContain("is held by gone-3:9, which does not report, while 1 other does.");
});

test("a part of the fleet that never reports is one finding, which names ten locks and hides no others", async () => {
  const { client, look, prefix } = world();
  const reporting = client({ owner: "web-1:1" });
  await using _reporter = report(reporting, new LockStats(reporting), { interval: 1_000 });
  await reporting.acquire("mine", { ttl: 60_000 });
  const owners = Array.from({ length: 6 }, (_, index) => `old-${index}:1`);
  // More than are kept of locks that have a problem of their own.
  const values = Array.from({ length: 1_200 }, (_, index) => [
    `${prefix}job:${index}`,
    `${String(index).padStart(32, "0")}@${owners[index % owners.length]}`,
  ]);
  for (const admin of admins) {
    const pipeline = admin.pipeline();
    for (const [key = "", value = ""] of values) pipeline.set(key, value, "PX", 60_000);
    await pipeline.exec();
  }
  await admins[0]?.set(`${prefix}stuck`, "x");
  const found = await until(async () => {
    const { facts, of } = await look();
    return facts.reports.locks.readings.some(({ report: each }) => each.holds.length > 0) && of;
  });
  expect(found("QL206")).toHaveLength(1);
  expect(found("QL206")[0]).toMatchObject({ severity: "warning", subject: "1200 locks" });
  expect(found("QL206")[0]?.cause).toMatch(
    /^1 200 locks are held by processes that do not report \((old-\d:1, ){4}old-\d:1 and 1 more\), while 1 other does: (job:\d+, ){9}job:\d+ and 1190 more\. .* free in [1-6]\d\.\d s at the latest\.$/,
  );
  expect(found("QL202").map(({ subject }) => subject)).toEqual(["stuck"]);
});

test("waiters in a circle", async () => {
  const { client, look } = world();
  const [one, two] = [client({ owner: "one:1" }), client({ owner: "two:2" })];
  await using _one = report(one, new LockStats(one), { interval: 1_000 });
  await using _two = report(two, new LockStats(two), { interval: 1_000 });
  await one.acquire("a");
  await two.acquire("b");
  const stop = new AbortController();
  const waits = [
    one.acquire("b", { signal: stop.signal, wait: 60_000 }),
    two.acquire("a", { signal: stop.signal, wait: 60_000 }),
  ];
  for (const wait of waits) wait.catch(() => undefined);
  const circles = await until(async () => {
    const found = (await look("b")).of("QL208");
    return found.length > 0 && found;
  });
  stop.abort();
  await Promise.allSettled(waits);
  expect(circles).toHaveLength(1);
  expect(circles[0]).toMatchObject({ severity: "warning" });
  expect(circles[0]?.commands?.toSorted()).toEqual(["quorumlock inspect a", "quorumlock inspect b"]);
  expect(circles[0]?.cause).toMatch(
    /^Processes may wait in a circle: (a → b → a|b → a → b)\. If .*, 2 callers wait until one gives up/,
  );
});

test("a scan that is not ready in its time leaves out the rest", async () => {
  const { prefix, look } = world();
  const value = `${"0".repeat(32)}@web:1`;
  const names = Array.from({ length: 20_000 }, (_, index) => `${prefix}n${index}`);
  for (const admin of admins) {
    const pipeline = admin.pipeline();
    for (const name of names) pipeline.set(name, value, "PX", 60_000);
    await pipeline.exec();
  }
  const { facts, findings, unchecked } = await diagnosed(urls, { prefix, scanMs: 200 });
  expect(facts.locks.isComplete).toBe(false);
  expect(facts.locks.read).toBeLessThan(names.length);
  expect(facts.locks.unscanned.length).toBeGreaterThan(0);
  expect(unusual({ findings } as never)).toEqual([]);
  // What is not known is not called good.
  expect(unchecked).toEqual(
    expect.arrayContaining(
      ["QL201", "QL202", "QL205"].map((code) => ({ code, reason: "not all locks were read" })),
    ),
  );
  expect((await look("n1")).facts.locks.isComplete).toBe(true);
});
