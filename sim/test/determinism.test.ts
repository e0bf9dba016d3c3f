import { expect, test } from "vitest";
import { makePlan, PROFILES, type ProfileName } from "../src/plan/make-plan.ts";
import { runPlan } from "../src/run-plan.ts";

async function trace(seed: number, profile: ProfileName): Promise<string> {
  const lines: string[] = [];
  await runPlan(makePlan(seed, profile), (line) => lines.push(line));
  return lines.join("\n");
}

test.each(Object.keys(PROFILES) as ProfileName[])("a seed decides everything: %s", async (profile) => {
  const first = await trace(7, profile);
  expect(first.length).toBeGreaterThan(10_000);
  expect(await trace(7, profile)).toBe(first);
  expect(await trace(8, profile)).not.toBe(first);
  // It is the same history, whether it is told or not.
  const plan = makePlan(7, profile);
  expect(await runPlan(plan)).toEqual(await runPlan(plan, () => undefined));
});
