import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { handOver } from "../src/scenarios/hand-over.ts";
import { scenarios } from "../src/scenarios/index.ts";
import { uncontended } from "../src/scenarios/uncontended.ts";

// Shape and mutual exclusion, which the scenarios check themselves; speed is no matter for a test.

let servers: RedisServers;
beforeAll(async () => {
  servers = await startRedisServers(3);
});
afterAll(() => servers.stop());

test.each([1, 3])("uncontended on %d servers", async (count) => {
  const scenario = uncontended({ cyclesPerTurn: 20, leastRounds: 2, warmUpCycles: 5 });
  const results = await scenario.run({ servers: servers.slice(0, count), seconds: 0.01 });
  expect(results.map(({ figures }) => figures["contender"])).toEqual([
    "bare ioredis",
    "quorumlock (ioredis)",
    "bare node-redis",
    "quorumlock (node-redis)",
  ]);
  for (const { cells, figures, targets } of results) {
    expect(cells).toHaveLength(scenario.columns.length);
    expect(figures).toMatchObject({ servers: count, concurrency: 1 });
    expect(figures["n"]).toBeGreaterThanOrEqual(40);
    expect(targets.map(({ what }) => what)).toEqual(
      String(figures["contender"]).startsWith("bare") ? [] : ["acquire", "release"],
    );
    expect(targets.every(({ measured }) => measured > 0)).toBe(true);
  }
});

test.each([1, 3])("hand-over on %d servers", async (count) => {
  const scenario = handOver({ handOversPerTurn: 30, rounds: 1 });
  const results = await scenario.run({ servers: servers.slice(0, count), seconds: 2 });
  expect(results.map(({ figures }) => figures["contender"])).toEqual([
    "quorumlock (ioredis)",
    "redlock 5 beta",
  ]);
  for (const { cells } of results) expect(cells).toHaveLength(scenario.columns.length);
  const [ours] = results;
  expect(ours?.figures).toMatchObject({ servers: count, concurrency: 10, errors: 0, n: 30 });
  expect(ours?.targets).toHaveLength(1);
});

test("scenarios have names of their own", () => {
  const names = scenarios.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
