import { expect, test } from "vitest";
import { makePlan } from "../src/plan/make-plan.ts";
import { runPlan } from "../src/run-plan.ts";

test("fallback and return never give two holders, as far as a safe switch promises", async () => {
  const grants = new Map<string, number>();
  let changes = 0;
  let allowedOverlaps = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const outcome = await runPlan(makePlan(seed, "fallback"));
    expect({ seed, violations: outcome.violations }).toEqual({ seed, violations: [] });
    const { tiers } = outcome;
    for (const [tier, count] of tiers!.grants) grants.set(tier, (grants.get(tier) ?? 0) + count);
    changes += tiers!.changes;
    allowedOverlaps += tiers!.allowedOverlaps;
  }
  console.log(Object.fromEntries(grants), { changes, allowedOverlaps });
  // Every tier granted locks, and tiers came and went.
  expect(grants.get("primary")).toBeGreaterThan(700);
  expect(grants.get("backup-1")).toBeGreaterThan(200);
  expect(grants.get("local")).toBeGreaterThan(10);
  expect(changes).toBeGreaterThan(60);
  // Processes that use different tiers exclude each other only as far as that is promised.
  expect(allowedOverlaps).toBeGreaterThan(0);
}, 120_000);
