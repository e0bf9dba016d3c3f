import { Cluster } from "ioredis";
import { afterAll, expect, test } from "vitest";
import Redlock, { ExecutionError } from "../../../src/compat/redlock/index.ts";
import { startRedisCluster } from "../../../src/testing/index.ts";
import { rejection } from "../../support/timing.ts";

const DAY_MS = 86_400_000;
const servers = await startRedisCluster();
const client = new Cluster(servers.nodes.map(({ port }) => ({ host: "127.0.0.1", port })));
const redlock = new Redlock([client]);
afterAll(async () => {
  await redlock.quit();
  await servers.stop();
});

test.each([
  ["in one hash slot", ["{redlock}a", "{redlock}b"]],
  ["on different nodes, which redlock refuses", ["a", "b", "c"]],
])("a lock of a cluster client is acquired, extended and released: resources %s", async (_, resources) => {
  const lock = await redlock.acquire(resources, DAY_MS);
  for (const resource of resources) expect(await client.get(resource)).toBe(lock.value);
  const [stats] = await Promise.all(lock.attempts);
  expect([stats!.votesFor.has(client), stats!.votesAgainst.size]).toEqual([true, 0]);
  const error = await rejection(redlock.acquire([resources[1]!], DAY_MS, { retryCount: 0 }));
  expect(error).toBeInstanceOf(ExecutionError);
  const extended = await lock.extend(3 * DAY_MS);
  for (const resource of resources) expect(await client.pttl(resource)).toBeGreaterThan(2 * DAY_MS);
  await extended.release();
  for (const resource of resources) expect(await client.get(resource)).toBeNull();
});
