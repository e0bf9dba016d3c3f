import { Redis } from "ioredis";
import { startRedisServer } from "quorumlock/testing";
import { expect, test } from "vitest";
import { grantsOf } from "../src/checks/grants.ts";
import { checkLeftovers } from "../src/checks/leftovers.ts";
import { checkStuck } from "../src/checks/stuck.ts";
import { Crew } from "../src/crew.ts";
import { Custodian } from "../src/custodian.ts";
import { FencedStore } from "../src/fenced-store.ts";
import { workerOptions } from "./support.ts";

const resources = { brisk: ["p/a"], long: "p/b" };

test("workers that wait for ever are noticed, and what keeps them waiting is found", async () => {
  using custodian = new Custodian();
  await using server = await startRedisServer();
  const admin = new Redis(server.port);
  // Somebody who holds everything and never lets go.
  await admin.mset("lock:p/a", "somebody", "lock:p/b", "somebody");
  await using crew = await Crew.hire(2, workerOptions, new FencedStore(), custodian);
  crew.work({ ports: [server.port], resources });
  const stuck = await crew.prove(500);
  expect(stuck).toEqual(crew.workers);
  expect(checkStuck(stuck, "in this test", 500).map(({ message }) => message)).toEqual(
    stuck.map(({ id, pid }) => `worker ${id} (pid ${pid}) did not get on within 0.5 s in this test`),
  );
  const left = await checkLeftovers([server.port], "p/");
  expect(left.map(({ message }) => message).toSorted()).toEqual([
    `127.0.0.1:${server.port}: lock:p/a is left, and ends in -1 ms`,
    `127.0.0.1:${server.port}: lock:p/b is left, and ends in -1 ms`,
  ]);

  await admin.del("lock:p/a", "lock:p/b");
  expect(await crew.prove(30_000)).toEqual([]);
  expect(await crew.rest()).toEqual([]);
  // The counters of the fencing tokens may stay.
  expect(await admin.keys("*")).toContain("{lock:p/a}:fence");
  expect(await checkLeftovers([server.port], "p/")).toEqual([]);
  admin.disconnect();
});

test("what a worker did until it was killed is known, and another one takes its place", async () => {
  using custodian = new Custodian();
  await using server = await startRedisServer();
  await using crew = await Crew.hire(2, workerOptions, new FencedStore(), custodian);
  crew.work({ ports: [server.port], resources });
  const victim = await crew.nextAtWork(false, 30_000);
  expect(crew.workers).toContain(victim);
  if (victim !== undefined) crew.replace(victim);
  expect(crew.workers).toHaveLength(2);
  expect(await crew.prove(30_000)).toEqual([]);
  expect(await crew.rest()).toEqual([]);
  const grants = grantsOf(crew.takeRecords());
  // It held a lock when it was killed: asked for, granted, never given back.
  const last = grants.findLast(({ holder }) => holder.startsWith(`${victim?.pid}.`));
  expect(last?.releaseInvokedAt).toBeUndefined();
  expect(new Set(grants.map(({ holder }) => holder.split(".")[0])).size).toBe(3);
  expect(crew.takeRecords()).toEqual([]);
  expect(crew.crashes).toEqual([]);
});

test("a worker that ends by itself is told of", async () => {
  using custodian = new Custodian();
  await using crew = await Crew.hire(1, workerOptions, new FencedStore(), custodian);
  const [worker] = crew.workers;
  expect(worker).toBeDefined();
  process.kill(worker?.pid ?? 0, "SIGTERM");
  await worker?.ended;
  await expect
    .poll(() => crew.crashes)
    .toEqual([expect.stringMatching(/^worker 1 \(pid \d+\) ended with SIGTERM/)]);
});
