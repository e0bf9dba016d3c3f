import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster, Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { LockStats, report } from "quorumlock/observe";
import { startRedisCluster, startRedisServers } from "quorumlock/testing";
import { afterAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { backup } from "../../src/cli/actions/backup.ts";
import { restore } from "../../src/cli/actions/restore.ts";
import { connect } from "../../src/cli/connect.ts";
import { readSettings } from "../../src/cli/settings/settings.ts";
import { runChecks } from "../../src/diagnose/check.ts";
import { ALL_CHECKS } from "../../src/diagnose/checks/all-checks.ts";
import { gatherFacts } from "../../src/diagnose/gather/gather.ts";
import { until } from "../monitor/support/monitor-bed.ts";
import { diagnosed, unusual } from "../diagnose/support/diagnosed.ts";
import { globalOptions, type Printed, runAction } from "./support/in-process.ts";
import { configFile, directoryWith } from "./support/run-command.ts";

// A machine under load must not look like a server with slow commands.
const QUIET = ["--slowlog-log-slower-than", "-1"];
const [cluster, singles] = await Promise.all([
  // With a node that is away, it goes on with the hash slots of the others.
  startRedisCluster({ args: [...QUIET, "--cluster-require-full-coverage", "no"] }),
  startRedisServers(2, { args: QUIET }),
]);
const admins = [...cluster.nodes, ...singles].map(({ port }) =>
  new Redis(port, { retryStrategy: () => 50 }).on("error", () => undefined),
);
const masters = admins.slice(0, cluster.nodes.length);
const [first] = cluster.nodes;
const member = { url: first!.url, name: "sharded", cluster: true };
const entries = [member, ...singles.map(({ url }) => url)];
const TTL = { ttl: 120_000, autoExtend: false } as const;
/** In the hash slots of all three nodes. */
const NAMES = Array.from({ length: 9 }, (_, index) => `order:${index}`);

beforeEach(forgetLocks);
afterAll(async () => {
  for (const admin of admins) admin.disconnect();
  await Promise.all([cluster.stop(), singles.stop()]);
});

/** A client whose first instance is the cluster. */
function client(owner: string): Redlock {
  const nodes = new Cluster(cluster.nodes.map(({ port }) => ({ host: "127.0.0.1", port })));
  const redlock = new Redlock([nodes, ...singles.map(({ url }) => url)], {
    owner,
    restartGuard: false,
    requestTimeout: 5_000,
  });
  onTestFinished(async () => {
    await redlock.close().catch(() => undefined);
    nodes.disconnect();
  });
  return redlock;
}

async function forgetLocks(): Promise<void> {
  for (const admin of admins) for (const key of await admin.keys("lock:order:*")) await admin.del(key);
}

async function nodeOf(key: string): Promise<number> {
  const found = await Promise.all(masters.map((master) => master.keys(key)));
  return found.findIndex((keys) => keys.length > 0);
}

test("diagnose reads all nodes of a member that is a cluster, and its commands lead to the right node", async () => {
  const redlock = client("web-1:1");
  await using _reporter = report(redlock, new LockStats(redlock), { interval: 1_000 });
  for (const name of NAMES) await redlock.acquire(name, TTL);
  const look = () => diagnosed(entries, { timeoutMs: 5_000 });
  const found = await until(async () => {
    const each = await look();
    return each.facts.reports.locks.readings.some(({ report: one }) => one.holds.length > 0) && each;
  });
  // Another client than the command has no restart guard in this test, and a vote can be missing for a moment.
  const aboutServers = (codes: readonly string[]): readonly string[] =>
    codes.filter((code) => code.startsWith("QL1") || code === "QL301");
  expect(aboutServers(unusual(found))).toEqual([]);
  expect(found.facts.servers[0]?.nodes).toHaveLength(3);
  expect(found.facts.locks).toMatchObject({ isComplete: true, unscanned: [] });
  expect(found.facts.locks.read).toBe(NAMES.length);

  const label = (index: number): string => `sharded (node 127.0.0.1:${cluster.nodes[index]?.port})`;
  await masters[2]?.config("SET", "maxmemory-policy", "allkeys-lru");
  await masters[1]?.call("ACL", "SETUSER", "default", "-zadd");
  const lost = (await masters[0]?.keys("lock:order:*")) ?? [];
  for (const key of lost) await masters[0]?.del(key);
  const faults = await look();
  await masters[2]?.config("SET", "maxmemory-policy", "noeviction");
  await masters[1]?.call("ACL", "SETUSER", "default", "+zadd");
  expect(aboutServers(unusual(faults))).toEqual(["QL107", "QL118"]);
  expect(faults.of("QL107")).toHaveLength(1);
  expect(faults.of("QL107")[0]).toMatchObject({
    subject: label(2),
    commands: expect.arrayContaining([
      `redis-cli -h 127.0.0.1 -p ${cluster.nodes[2]?.port} CONFIG REWRITE`,
    ]) as string[],
  });
  expect(faults.of("QL118").map(({ subject }) => subject)).toEqual([label(1)]);
  expect(lost.length).toBeGreaterThan(0);
  expect(faults.of("QL205").map(({ cause }) => cause)).toEqual(
    expect.arrayContaining(
      lost.map((key) => `${key.slice("lock:".length)} is held, but sharded does not have it.`),
    ),
  );
});

test("backup has the holds of all nodes of a member that is a cluster, and restore gives them back", async () => {
  const directory = directoryWith();
  const [file, config] = [join(directory, "backup"), join(directory, "quorumlock.yaml")];
  writeFileSync(config, JSON.stringify({ redis_instances: entries, client: { restart_guard: false } }));
  const options = globalOptions(config, { timeout: 5_000, json: true });
  const [holder, others] = [client("billing-7:3121"), client("web-2:991")];
  const locks = await Promise.all(NAMES.map((name) => holder.acquire(name, TTL)));
  const parse = ({ code, stdout }: Printed): Record<string, unknown> => ({
    code,
    ...(stdout === "" ? {} : (JSON.parse(stdout) as object)),
  });
  const written = parse(await runAction(() => backup(file, { ...options, force: false })));
  expect(written).toMatchObject({ code: 0, holds: NAMES.length, areCountersComplete: true });
  await forgetLocks();
  const run = async (apply: boolean): Promise<Record<string, unknown>> =>
    parse(await runAction(() => restore(file, { ...options, apply, force: true })));
  expect(await run(false)).toMatchObject({ code: 0, wouldRestore: NAMES.length, setEqual: true });
  expect(await run(true)).toMatchObject({ code: 0, restored: NAMES.length, onMinority: 0 });
  for (const name of NAMES) {
    expect(await nodeOf(`lock:${name}`)).not.toBe(-1);
    expect(await others.tryAcquire(name)).toBeNull();
  }
  for (const lock of locks) {
    await lock.extend();
    expect(await lock.release()).toBe(true);
  }
});

// The last one, because it kills a node.
test("a node that is away is named, and a backup does not pass over what it has", async () => {
  const directory = directoryWith();
  const path = join(directory, "quorumlock.yaml");
  // Two members are clusters, so both must be read.
  const two = [member, { ...member, url: cluster.nodes[1]!.url, name: "again" }, singles[0]!.url];
  writeFileSync(path, JSON.stringify({ redis_instances: two, client: { restart_guard: false } }));
  const config = configFile(JSON.stringify({ redis_instances: entries, client: { restart_guard: false } }));
  const settings = await readSettings({ config, timeout: 5_000 }, {});
  // A client that is connected already goes on with the other nodes.
  await using connection = await connect(settings);
  expect(connection.unreachable()).toEqual([]);
  await cluster.nodes[2]!.kill();
  const facts = await gatherFacts(connection, {
    prefix: "lock:",
    ttlMs: 10_000,
    classOf: settings.monitoring.classOf,
    name: undefined,
    scanMs: 10_000,
    signal: new AbortController().signal,
  });
  const { findings } = runChecks(ALL_CHECKS, facts);
  expect(findings.flatMap(({ code: each, subject }) => (each === "QL101" ? [subject] : []))).toEqual([
    `sharded (node 127.0.0.1:${cluster.nodes[2]?.port})`,
  ]);
  expect(facts.locks).toMatchObject({ isComplete: false, unscanned: ["sharded"] });
  const { code, stderr } = await runAction(() =>
    backup(join(directory, "file"), { ...globalOptions(path), force: false }),
  );
  expect([code, stderr]).toEqual([69, expect.stringContaining("No file was written")]);
});
