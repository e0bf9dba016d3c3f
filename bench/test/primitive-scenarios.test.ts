import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { observe } from "../src/scenarios/observe.ts";
import { permitRounds } from "../src/scenarios/permit-rounds.ts";
import { permitsInUse } from "../src/scenarios/permits-in-use.ts";
import { primitives } from "../src/scenarios/primitives.ts";
import { readersAndWriters } from "../src/scenarios/readers-and-writers.ts";
import { tree } from "../src/scenarios/tree.ts";
import type { Result, RunSettings, Scenario } from "../src/scenario.ts";
import { bundlePrograms } from "./support/bundled-programs.ts";

// These tests check the shape of results and the violations that scenarios find. They do not check speed.

const PERMIT = "quorumlock permit (ioredis)";

let servers: RedisServers;
beforeAll(async () => {
  await bundlePrograms();
  servers = await startRedisServers(3);
});
afterAll(() => servers.stop());

function settings(count: number): RunSettings {
  return {
    servers: servers.slice(0, count),
    seconds: 0.01,
    quick: false,
    concurrency: [4],
    names: "new",
    warmUp: "warm",
    includes: () => true,
  };
}

async function run(scenario: Scenario, on: RunSettings): Promise<readonly Result[]> {
  const results = await scenario.run(on);
  for (const { cells, figures } of results) {
    expect(cells).toHaveLength(scenario.columns.length);
    expect(figures.servers).toBe(on.servers.length);
  }
  return results;
}

test("observe", async () => {
  const results = await run(observe({ cyclesPerTurn: 20, minRounds: 2, warmUpCycles: 10 }), settings(3));
  expect(results.map(({ figures }) => figures.contender)).toHaveLength(4);
  for (const { figures, notes } of results) expect([figures["n"], notes]).toEqual([40, []]);
});

describe.each([1, 3])("on %d servers", (count) => {
  test("primitives", async () => {
    const scenario = primitives({ cyclesPerTurn: 20, minRounds: 2, warmUpCycles: 10, warmUpNames: 200 });
    const results = await run(scenario, settings(count));
    const contenders = results.map(({ figures }) => figures.contender);
    expect(contenders[0]).toBe("quorumlock (ioredis)");
    expect(contenders).toContain(PERMIT);
    for (const { figures, notes } of results) {
      expect(notes).toEqual([]);
      expect(figures["n"]).toBe(40);
    }
    for (const { figures } of results.filter((result) => result.figures.contender.startsWith("quorumlock"))) {
      // A round to acquire and one to release. A server that is late belongs to the next turn.
      expect(figures["commands"]).toBeGreaterThan(count);
      expect(figures["scriptMs"]).toBeGreaterThan(0);
    }
  });

  test("readers-and-writers", async () => {
    const scenario = readersAndWriters({ processes: 2, readers: 6, writers: 2, turnMs: 800, rounds: 1 });
    const [result] = await run(scenario, settings(count));
    expect(result?.notes).toEqual([]);
    expect(result?.figures).toMatchObject({ failed: 0, violations: 0 });
    expect(result?.figures["readersAtOnce"]).toBeGreaterThan(0);
    expect(result?.targets.map(({ what }) => what)).toEqual(["writer's wait", "failed", "violations"]);
  });

  test("permit-rounds", async () => {
    const scenario = permitRounds({ processes: 2, permits: 40, holdMs: 200, turnMs: 1_000 });
    const results = await run(scenario, settings(count));
    expect(results.map(({ figures }) => figures.contender)).toEqual([PERMIT, "redis-semaphore, permit"]);
    for (const { figures } of results) {
      expect(figures["failed"]).toBe(0);
      expect(figures["inUse"]).toBeGreaterThan(0);
      expect((figures["rounds"] as { readonly p50: number }).p50).toBeGreaterThanOrEqual(1);
    }
    expect(results[0]?.figures["violations"]).toBe(0);
  });

  test("permits-in-use", async () => {
    const scenario = permitsInUse({
      processes: 2,
      waiters: 4,
      permits: 3,
      holdsMs: [20],
      turnMs: 800,
      rounds: 1,
    });
    const results = await run(scenario, settings(count));
    expect(results).toHaveLength(3);
    for (const { figures } of results) expect(figures["failed"]).toBe(0);
    const [own, , local] = results;
    // All permits are in use at some moment, and never more.
    expect(own?.figures).toMatchObject({ largest: 3, violations: 0 });
    expect(local?.figures).toMatchObject({ largest: 3, violations: 0 });
  });

  test("tree", async () => {
    const results = await run(tree({ perSecond: 50, turnMs: 600, rounds: 1 }), settings(count));
    for (const { figures, notes } of results) {
      expect(notes).toEqual([]);
      expect(figures["n"]).toBeGreaterThan(0);
      // A single server cannot disagree with another one.
      expect(figures["secondRounds"]).toBeLessThanOrEqual(count === 1 ? 0 : 1);
    }
  });
});
