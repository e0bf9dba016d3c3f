import { describe, expect, test } from "vitest";
import { FAULT_KINDS, type FaultKind, mixableKinds } from "../../src/faults/phases.ts";
import { MemoryLosses } from "../../src/faults/memory-losses.ts";
import { type PlannedFault, planFaults } from "../../src/faults/schedule.ts";
import { SeededRandom } from "../../src/seeded-random.ts";

const options = {
  lengthMs: 60_000,
  servers: 5,
  memoryServers: [0, 2, 4],
  durableServers: [1, 3],
  ttlMs: 800,
};

test("the same seed gives the same schedule", () => {
  const plan = (seed: number): unknown => planFaults(FAULT_KINDS, new SeededRandom(seed), options);
  expect(plan(1)).toEqual(plan(1));
  expect(plan(1)).not.toEqual(plan(2));
});

test.each(FAULT_KINDS)("a schedule has at least one %s, however short the phase is", (kind) => {
  const faults = planFaults([kind], new SeededRandom(1), { ...options, lengthMs: 1 });
  expect(faults.map((fault) => fault.kind)).toEqual([kind]);
});

test.each(FAULT_KINDS)("every %s starts within the phase", (kind) => {
  const faults = planFaults([kind], new SeededRandom(1), options);
  expect(faults.length).toBeGreaterThan(10);
  const [last] = faults.slice(-1);
  const total = faults.reduce((sum, { delayMs, durationMs }) => sum + delayMs + durationMs, 0);
  expect(total - (last?.durationMs ?? 0)).toBeLessThanOrEqual(options.lengthMs);
});

describe("targets", () => {
  const plan = (kind: FaultKind): readonly PlannedFault[] => planFaults([kind], new SeededRandom(3), options);

  test("server-pause hits a minority of servers", () => {
    expect(plan("server-pause").every(({ servers }) => servers.length <= 2)).toBe(true);
  });

  test.each(["restart-empty", "restart-snapshot"] as const)(
    "%s hits one or a majority of the servers without a file",
    (kind) => {
      const faults = plan(kind);
      const sizes = new Set(faults.map(({ servers }) => servers.length));
      expect([...sizes].toSorted((a, b) => a - b)).toEqual([1, 3]);
      expect(faults.every(({ servers }) => servers.every((index) => index % 2 === 0))).toBe(true);
    },
  );

  test("restart-snapshot sometimes takes a new snapshot, and sometimes uses an earlier one", () => {
    const faults = plan("restart-snapshot");
    expect(new Set(faults.map(({ keepsSnapshot }) => keepsSnapshot))).toEqual(new Set([true, false]));
    expect(faults.every(({ durationMs }) => durationMs > 0)).toBe(true);
  });

  test("flush hits a minority of servers, and other servers only after the window", () => {
    const faults = plan("flush");
    expect(new Set(faults.map(({ servers }) => servers.length))).toEqual(new Set([1, 2]));
    const losses = new MemoryLosses(options.servers);
    let now = 0;
    for (const fault of faults) {
      now += fault.delayMs;
      expect(losses.allows(fault, now)).toBe(true);
      losses.begin(fault);
      now += fault.durationMs;
      losses.end(fault, now);
    }
    const isRepeated = faults.map(({ servers }, index) => servers === faults[index - 1]?.servers);
    expect(new Set(isRepeated)).toEqual(new Set([true, false]));
  });

  test("restart-aof hits servers with a file, also all of them", () => {
    const faults = plan("restart-aof");
    expect(faults.every(({ servers }) => servers.every((index) => index % 2 === 1))).toBe(true);
    expect(faults.some(({ servers }) => servers.length === 2)).toBe(true);
  });

  test("client-pause hits a worker process for longer than the ttl", () => {
    const faults = plan("client-pause");
    expect(faults.every(({ durationMs, servers }) => durationMs > 800 && servers.length === 0)).toBe(true);
  });

  test("clock-jump always hits the same server, in both directions, by at most a day", () => {
    const jumps = plan("clock-jump");
    expect(new Set(jumps.flatMap(({ servers }) => servers)).size).toBe(1);
    expect(new Set(jumps.map(({ jumpMs }) => Math.sign(jumpMs)))).toEqual(new Set([1, -1]));
    expect(Math.max(...jumps.map(({ jumpMs }) => Math.abs(jumpMs)))).toBeLessThanOrEqual(86_400_000);
  });
});

test("the mixed phase has no clock jumps", () => {
  expect(mixableKinds(FAULT_KINDS)).not.toContain("clock-jump");
});
