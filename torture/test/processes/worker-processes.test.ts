import { Redis } from "ioredis";
import { Redlock } from "quorumlock";
import { startRedisServer } from "quorumlock/testing";
import { expect, test } from "vitest";
import { grantsOf } from "../../src/checks/grants.ts";
import { keyKind } from "../../src/checks/key-kind.ts";
import { checkLeftovers } from "../../src/checks/leftovers.ts";
import { checkStuck } from "../../src/checks/stuck.ts";
import { FencedStore } from "../../src/fenced-store.ts";
import { ProcessReaper } from "../../src/processes/process-reaper.ts";
import { WorkerProcesses } from "../../src/processes/worker-processes.ts";
import { contestOf } from "../../src/contest/contest.ts";
import { workerOptions } from "../support.ts";

const prefix = "phase";

/** The keys of all names that the workers lock. */
async function lockKeys(): Promise<readonly string[]> {
  await using redlock = Redlock.memory();
  const { short, long } = contestOf(redlock, prefix);
  const keys = new Set<string>();
  for (const { acquire } of [...short, ...long]) {
    await using lock = await acquire({ wait: 0 });
    for (const name of lock.names) keys.add(`lock:${name}`);
  }
  return [...keys];
}

test("finds workers that wait for ever, and the keys that block them", async () => {
  using reaper = new ProcessReaper();
  await using server = await startRedisServer();
  const admin = new Redis(server.port);
  // Another holder has every lock and never releases it.
  const keys = await lockKeys();
  await admin.mset(keys.flatMap((key) => [key, "other"]));
  await using processes = await WorkerProcesses.start(2, workerOptions, new FencedStore(), reaper);
  processes.assign({ ports: [server.port], prefix });
  const stuck = await processes.waitForProgress(500);
  expect(stuck).toEqual(processes.all);
  expect(checkStuck(stuck, "acquire a lock in this test", 500).map(({ message }) => message)).toEqual(
    stuck.map(
      ({ id, pid }) => `worker process ${id} (pid ${pid}) did not acquire a lock in this test within 0.5 s`,
    ),
  );
  const leftovers = await checkLeftovers([server.port], prefix);
  expect(leftovers.map(({ message }) => message).toSorted()).toEqual(
    keys.map((key) => `127.0.0.1:${server.port}: the key ${key} remains and never expires`).toSorted(),
  );

  await admin.del(...keys);
  expect(await processes.waitForProgress(30_000)).toEqual([]);
  expect(await processes.endWork()).toEqual([]);
  // The fencing counters remain, and they are no leftovers.
  expect((await admin.keys("*")).map(keyKind)).toContain("fence");
  await expect.poll(() => checkLeftovers([server.port], prefix)).toEqual([]);
  admin.disconnect();
});

test("keeps the records of a killed process, and starts a replacement", async () => {
  using reaper = new ProcessReaper();
  await using server = await startRedisServer();
  await using processes = await WorkerProcesses.start(2, workerOptions, new FencedStore(), reaper);
  processes.assign({ ports: [server.port], prefix });
  const victim = await processes.nextHolder({ isLongHold: false }, 60_000);
  expect(processes.all).toContain(victim);
  if (victim !== undefined) processes.replace(victim);
  expect(processes.all).toHaveLength(2);
  expect(await processes.waitForProgress(30_000)).toEqual([]);
  expect(await processes.endWork()).toEqual([]);
  const grants = grantsOf(processes.takeRecords());
  // The process held a lock when it was killed, so the last grant has no release.
  const last = grants.findLast(({ holder }) => holder.startsWith(`${victim?.pid}.`));
  expect(last?.releaseInvokedAt).toBeUndefined();
  expect(new Set(grants.map(({ holder }) => holder.split(".")[0])).size).toBe(3);
  expect(processes.takeRecords()).toEqual([]);
  expect(processes.crashes).toEqual([]);
});

test("reports a process that ends unexpectedly", async () => {
  using reaper = new ProcessReaper();
  await using processes = await WorkerProcesses.start(1, workerOptions, new FencedStore(), reaper);
  const [worker] = processes.all;
  expect(worker).toBeDefined();
  process.kill(worker?.pid ?? 0, "SIGTERM");
  await worker?.ended;
  await expect
    .poll(() => processes.crashes)
    .toEqual([expect.stringMatching(/^worker process 1 \(pid \d+\) ended with SIGTERM/)]);
});
