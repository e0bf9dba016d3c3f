import { expect, test } from "vitest";
import type { Invariant } from "../src/invariants/grant.ts";
import { makePlan } from "../src/plan/make-plan.ts";
import type { ProfileName } from "../src/plan/profiles.ts";
import { runPlan } from "../src/run-plan.ts";

/** The invariant that is violated first, over the seeds from 0. */
async function firstViolation(profile: ProfileName, seeds: number): Promise<Invariant | undefined> {
  for (let seed = 0; seed < seeds; seed++) {
    const [violation] = (await runPlan(makePlan(seed, profile))).violations;
    if (violation !== undefined) return violation.invariant;
  }
  return undefined;
}

test("without the joint quorum, two clients hold one lock after a change of the members", async () => {
  expect(await firstViolation("careless", 20)).toBe("exclusion");
});

test("without a safe switch, a process holds a name in two tiers, or beside a holder of the tier that it has left", async () => {
  expect(await firstViolation("unsafe-switch", 10)).toBe("exclusion");
});

test("without the restart guard, two clients hold one lock after a server lost its data", async () => {
  expect(await firstViolation("unguarded", 60)).toBe("exclusion");
});
