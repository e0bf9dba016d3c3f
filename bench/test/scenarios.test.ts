import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Result, Scenario, RunSettings } from "../src/scenario.ts";
import type { Allocation } from "../src/allocation.ts";
import { allocation } from "../src/scenarios/allocation.ts";
import { fair } from "../src/scenarios/fair.ts";
import { handOver } from "../src/scenarios/hand-over.ts";
import { hungServer } from "../src/scenarios/hung-server.ts";
import { killedServers } from "../src/scenarios/killed-servers.ts";
import { scenarios } from "../src/scenarios/index.ts";
import { leftovers } from "../src/scenarios/leftovers.ts";
import { memory } from "../src/scenarios/memory.ts";
import { processes } from "../src/scenarios/processes.ts";
import { queue } from "../src/scenarios/queue.ts";
import { stops } from "../src/scenarios/stops.ts";
import { takeover } from "../src/scenarios/takeover.ts";
import { throughput } from "../src/scenarios/throughput.ts";
import { trace } from "../src/scenarios/trace.ts";
import { uncontended } from "../src/scenarios/uncontended.ts";
import { bundlePrograms } from "./support/bundled-programs.ts";

// These tests check the shape of results and the violations that scenarios find. They do not check speed.

const OURS = ["quorumlock (ioredis)", "quorumlock (node-redis)"];
const DEFAULT_PEERS = [
  "redlock 5 beta",
  "redlock 4",
  "@sesamecare-oss/redlock",
  "redlock-universal (ioredis)",
  "redlock-universal (node-redis)",
  "redis-semaphore",
];
const PEERS = [...DEFAULT_PEERS, ...DEFAULT_PEERS.map((name) => `${name}, tuned`)];

let servers: RedisServers;
beforeAll(async () => {
  await bundlePrograms();
  servers = await startRedisServers(3);
});
afterAll(() => servers.stop());

function settings(count: number, includes: RunSettings["includes"] = () => true): RunSettings {
  return {
    servers: servers.slice(0, count),
    seconds: 0.01,
    quick: false,
    concurrency: [4],
    names: "new",
    warmUp: "warm",
    includes,
  };
}

async function run(scenario: Scenario, on: RunSettings): Promise<ReadonlyMap<string, Result>> {
  const results = await scenario.run(on);
  for (const { cells, figures } of results) {
    expect(cells).toHaveLength(scenario.columns.length);
    expect(figures.servers).toBe(on.servers.length);
  }
  return new Map(results.map((result) => [result.figures.contender, result]));
}

const onlyOurs: RunSettings["includes"] = ({ kind }) => kind === "ours";

describe.each([1, 3])("with all contenders on %d servers", (count) => {
  test("uncontended", async () => {
    const results = await run(
      uncontended({ cyclesPerTurn: 10, minRounds: 2, warmUpCycles: 3 }),
      settings(count),
    );
    expect([...results.keys()]).toEqual([
      "bare ioredis",
      "bare node-redis",
      "sockets by hand",
      "sockets by hand, fenced",
      ...OURS,
      ...PEERS,
    ]);
    for (const { figures, notes } of results.values()) {
      expect(notes).toEqual([]);
      expect(figures["n"]).toBeGreaterThanOrEqual(20);
    }
    expect(results.get("quorumlock (ioredis)")?.targets.map(({ what }) => what)).toEqual(["cycle"]);
  });

  test("throughput", async () => {
    const results = await run(throughput({ turnMs: 20, minRounds: 2 }), settings(count));
    expect(results.size).toBe(19);
    for (const { figures, notes } of results.values()) {
      expect(notes).toEqual([]);
      expect(figures["rate"]).toBeGreaterThan(0);
      expect(figures["clientMicros"]).toBeGreaterThan(0);
      expect(figures["serverMicros"]).toBeGreaterThanOrEqual(0);
    }
  });
});

test("uncontended: same names, and cool processes", async () => {
  const scenario = uncontended({
    cyclesPerTurn: 5,
    minRounds: 1,
    warmUpCycles: 2,
    coolWarmUpCycles: 5,
    coolProcesses: 1,
  });
  const results = await run(scenario, { ...settings(1, onlyOurs), names: "same", warmUp: "cool" });
  expect([...results.keys()]).toEqual(["bare ioredis", "bare node-redis", ...OURS]);
  for (const { figures, notes } of results.values()) {
    expect(notes).toEqual([]);
    expect(figures).toMatchObject({ names: "same", warmUp: "cool", n: 100 });
  }
});

test("hand-over", async () => {
  // The turn ends after the hand-overs, however long a slow machine takes for them.
  const scenario = handOver({ waiters: 5, handOversPerTurn: 20, turnMs: 30_000, minRounds: 1 });
  const results = await run(
    scenario,
    settings(3, ({ kind, name }) => kind !== "peer" || name === "redlock 4"),
  );
  expect(results.size).toBe(6);
  for (const { figures } of results.values()) expect(figures["violations"]).toBe(0);
  for (const name of OURS) {
    const figures = results.get(name)?.figures;
    expect(figures).toMatchObject({ n: 20, errors: 0 });
    expect(figures?.["commands"]).toBeGreaterThan(0);
  }
});

test("fair", async () => {
  const scenario = fair({ processes: 2, waiters: 2, turnMs: 500, rounds: 1 });
  const results = await run(scenario, settings(3, onlyOurs));
  expect([...results.keys()]).toEqual(["quorumlock (ioredis)", "quorumlock fair (ioredis)"]);
  for (const { figures, notes } of results.values()) {
    expect(figures).toMatchObject({ failed: 0, violations: 0 });
    expect(notes).toEqual([]);
  }
  expect(results.get("quorumlock fair (ioredis)")?.targets).toHaveLength(3);
});

test("processes", async () => {
  const scenario = processes({ processes: 2, waiters: 2, turnMs: 500, rounds: 1 });
  const results = await run(scenario, { ...settings(3, onlyOurs), quick: true });
  expect([...results.keys()]).toEqual(["bare ioredis", ...OURS]);
  for (const { figures, notes } of results.values()) {
    expect(notes).toEqual([]);
    expect(figures).toMatchObject({ violations: 0, failed: 0 });
    expect(figures["rate"]).toBeGreaterThan(0);
  }
});

test("queue", async () => {
  const results = await run(
    queue({ waiters: 20, rounds: 1, timeMs: 1_500 }),
    settings(3, ({ kind }) => kind !== "peer"),
  );
  expect(results.size).toBe(5);
  for (const name of [...OURS, "bare ioredis + local queue", "sockets by hand + local queue"]) {
    expect(results.get(name)?.figures).toMatchObject({ served: 20, failed: 0, violations: 0 });
  }
});

test("hung-server", async () => {
  const scenario = hungServer({ cyclesPerTurn: 5, rounds: 1, warmUpCycles: 2 });
  const results = await run(scenario, settings(3, onlyOurs));
  for (const { figures } of results.values()) {
    expect(figures).toMatchObject({ stalls: 0, errors: 0 });
    expect(figures["hung"]).toBeGreaterThan(0);
  }
});

test("killed-servers", async () => {
  const scenario = killedServers({ cyclesPerTurn: 5, rounds: 1, warmUpCycles: 2 });
  const results = await run(scenario, settings(3, onlyOurs));
  for (const { figures } of results.values()) {
    expect(figures).toMatchObject({ stalls: 0, errors: 0 });
    expect(figures["killed"]).toBeGreaterThan(0);
  }
});

test("stops", async () => {
  const results = await run(stops({ rounds: 1 }), settings(3, onlyOurs));
  for (const name of OURS) {
    expect(results.get(name)?.figures).toMatchObject({ failed: 0, violations: 0 });
    expect(results.get(name)?.figures["worst"]).toBeGreaterThan(0);
  }
});

test("takeover", async () => {
  const results = await run(takeover({ minRounds: 1 }), settings(3, onlyOurs));
  for (const name of OURS) {
    expect(results.get(name)?.figures).toMatchObject({ n: 1, failed: 0 });
    // The servers report expiry times in whole milliseconds, so a grant may seem up to 1 ms early.
    expect(results.get(name)?.figures["p50"]).toBeGreaterThan(-1);
  }
});

test("memory", async () => {
  const includes: RunSettings["includes"] = ({ name }) =>
    name === "quorumlock (ioredis)" || name === "redis-semaphore";
  const results = await run(memory({ locks: 300, many: 0 }), settings(1, includes));
  expect([...results.keys()]).toEqual(["bare ioredis", "quorumlock (ioredis)", "redis-semaphore"]);
  // redis-semaphore has one timer per lock.
  expect(results.get("redis-semaphore")?.figures["timers"]).toBe(300);
  for (const { figures, notes } of results.values()) {
    expect(notes).toEqual([]);
    // A garbage collection of what earlier tests left can hide so few locks.
    expect(figures["bytes"]).toBeGreaterThanOrEqual(0);
  }
});

test("allocation", async () => {
  const scenario = allocation({ warmUpCycles: 200, cycles: 128 });
  const results = await run(
    scenario,
    settings(1, ({ name }) => name === "quorumlock (ioredis)"),
  );
  for (const { figures, notes } of results.values()) {
    expect(notes).toEqual([]);
    for (const key of ["oneCaller", "manyCallers"])
      expect((figures[key] as Allocation | undefined)?.heapBytes).toBeGreaterThan(1_000);
  }
});

test("leftovers", async () => {
  const includes: RunSettings["includes"] = ({ name }) => name === "redlock 4";
  const results = await run(leftovers({ warmUpNames: 100, names: 1_000 }), settings(1, includes));
  // Neither of them keeps anything for a released name.
  for (const { figures } of results.values()) expect(figures).toMatchObject({ keys: 0, bytes: 0 });
});

test("trace", async () => {
  const results = await trace().run(settings(1, onlyOurs));
  expect(results.map(({ figures }) => figures["operation"])).toEqual(["acquire", "release"]);
  for (const { figures } of results) {
    expect(figures["calls"]).toBeGreaterThan(10);
    expect(figures["files"]).toBeGreaterThan(1);
  }
});

test("scenarios have different names", () => {
  const names = scenarios.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
