import { InstanceError, QuorumError } from "quorumlock";
import { describe, expect, test } from "vitest";
import type { Attempt } from "../../src/invariants/grant.ts";
import { Outages } from "../../src/invariants/outages.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { parsePlan } from "../../src/plan/parse-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { runPlan } from "../../src/run-plan.ts";

function outages(health: Plan["health"]): Outages {
  const plan = { health, clients: [{ rate: 1 }], servers: [{}, {}, {}] } as unknown as Plan;
  return new Outages(plan);
}

function attempt(startedAt: number): Attempt {
  return { client: 0, names: ["a"], startedAt } as unknown as Attempt;
}

function noQuorum(instance: string, message: string): QuorumError {
  const error = new InstanceError("INSTANCE_UNAVAILABLE", message);
  return new QuorumError(["a"], "too few instances answered", [{ instance, error }]);
}

describe("faults of a minority", () => {
  const plan = { intervalMs: 500, keepsQuorum: true };

  test("are no reason for an acquisition to find no quorum", () => {
    const failed = (from: number, error: unknown): unknown => outages(plan).onFailed(attempt(from), error);
    expect(failed(1_000, noQuorum("server-0", "not connected"))).toMatch(/found too few servers for a/);
    expect(failed(1_000, new Error("something else"))).toBeUndefined();
    expect(failed(100, noQuorum("server-0", "not connected"))).toBeUndefined();
    const cutShort = "did not answer before the round ended";
    expect(failed(1_000, noQuorum("server-1", cutShort))).toBeUndefined();
    expect(failed(1_000, noQuorum("server-0", cutShort))).toMatch(/found too few servers/);
  });

  test("are no reason for a check to find no quorum", () => {
    expect(outages(plan).onQuorum(0, false, 1_000)).toMatch(/takes the quorum for lost/);
    expect(outages({ intervalMs: 500 }).onQuorum(0, false, 1_000)).toBeUndefined();
  });
});

test("an outage must end within one interval, for callers and for checks", () => {
  const plan = { intervalMs: 500, outageUntil: 10_000 };
  expect(outages(plan).onQuorum(0, true, 10_600)).toBeUndefined();
  expect(outages(plan).onQuorum(0, true, 10_700)).toMatch(/found the quorum 700 ms after the outage/);
  expect(outages(plan).onGrant(attempt(9_000), 10_600)).toBeUndefined();
  expect(outages(plan).onGrant(attempt(9_000), 10_700)).toMatch(/granted 700 ms after the outage/);
  expect(outages(plan).onGrant(attempt(10_650), 10_700)).toBeUndefined();
  const lost = outages(plan);
  lost.onQuorum(0, false, 5_000);
  expect(lost.onGrant(attempt(9_000), 10_300)).toBeUndefined();
  expect(lost.onGrant(attempt(10_650), 10_700)).toMatch(/takes the quorum for lost/);
});

test.each(["health", "flapping", "outage"] as const)(
  "nothing is violated with the profile %s",
  async (profile) => {
    for (let seed = 1; seed <= 3; seed += 1) {
      const plan = makePlan(seed, profile);
      expect(parsePlan(JSON.stringify(plan), "the plan")).toEqual(plan);
      expect((await runPlan(plan)).violations).toEqual([]);
    }
  },
);
