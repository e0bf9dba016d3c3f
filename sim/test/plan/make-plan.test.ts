import { expect, test } from "vitest";
import { hashSlot } from "../../src/library.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { MAX_OFFSET_WITH_DATA_LOSS_MS, profileOf } from "../../src/plan/profiles.ts";
import { PREFIX } from "../../src/world/lock-keys.ts";

const plans = Array.from({ length: 200 }, (_, seed) => makePlan(seed));

function namesOf({ clients }: Plan): readonly string[] {
  const steps = clients.flatMap(({ workers }) => workers.flat());
  return [...new Set(steps.flatMap(({ names }) => names))];
}

function skewOf({ servers }: Plan): number {
  const offsets = servers.map(({ offsetMs }) => offsetMs);
  return Math.max(...offsets) - Math.min(...offsets);
}

test("in most histories, several names share a hash slot, and others have their own", () => {
  const shared = plans.filter((plan) => {
    const slots = namesOf(plan).map((name) => hashSlot(PREFIX + name));
    return new Set(slots).size < slots.length && new Set(slots).size > 1;
  });
  expect(shared.length).toBeGreaterThan(plans.length / 2);
});

test("server clocks differ, by milliseconds in some histories and by seconds in others", () => {
  const skews = plans.filter(({ servers }) => servers.length > 1).map(skewOf);
  expect(Math.min(...skews)).toBeGreaterThan(0);
  expect(skews.filter((skew) => skew < 10).length).toBeGreaterThan(20);
  expect(skews.filter((skew) => skew > 100).length).toBeGreaterThan(20);
});

test("outside of the profile for recovery, a server loses its data only if the clocks agree, as long as fencing tokens are promised", () => {
  const withLoss = plans.filter(
    ({ seed, promises, servers, faults }) =>
      promises === "all" &&
      profileOf(seed) !== "recovery" &&
      faults.some((fault) => fault.kind === "restart" && !servers[fault.server]!.durable),
  );
  expect(withLoss.length).toBeGreaterThan(10);
  for (const plan of withLoss) expect(skewOf(plan)).toBeLessThanOrEqual(2 * MAX_OFFSET_WITH_DATA_LOSS_MS);
});

test("some histories have clusters, fail-overs and changes by deploys", () => {
  const many = Array.from({ length: 2_000 }, (_, seed) => makePlan(seed));
  const withClusters = many.filter(({ servers }) => servers.some(({ nodes = 1 }) => nodes > 1));
  const withFailOvers = many.filter(({ faults }) => faults.some(({ kind }) => kind === "fail-over"));
  const withDeploys = many.filter(({ changes }) => changes?.byDeploys === true);
  expect(withClusters.length).toBeGreaterThan(50);
  expect(withFailOvers.length).toBeGreaterThan(50);
  expect(withDeploys.length).toBeGreaterThan(50);
});

test("a server that keeps its data in every restart is never replaced by a fail-over", () => {
  const replaced = plans.flatMap(({ servers, faults }) =>
    faults.filter((fault) => fault.kind === "fail-over").map(({ server }) => servers[server]!.durable),
  );
  expect(replaced).not.toContain(true);
});
