import { expect, test } from "vitest";
import type { Invariant } from "../src/invariants/referee.ts";
import { makePlan, type ProfileName } from "../src/plan/make-plan.ts";
import { runPlan } from "../src/run-plan.ts";

/** The first of the seeds, from 0 on, at which something is violated, and what. */
async function firstViolation(profile: ProfileName, mostSeeds: number): Promise<Invariant | undefined> {
  for (let seed = 0; seed < mostSeeds; seed++) {
    const [violation] = (await runPlan(makePlan(seed, profile))).violations;
    if (violation !== undefined) return violation.invariant;
  }
  return undefined;
}

test("a change of servers without the joint quorum has two hold one lock: {a,b,c} to {a,b,d} to {d,e,f}", async () => {
  expect(await firstViolation("careless", 20)).toBe("exclusion");
});

test("without the restart guard two hold one lock after a server forgot", async () => {
  expect(await firstViolation("unguarded", 60)).toBe("exclusion");
});
