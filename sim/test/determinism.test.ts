import { expect, test } from "vitest";
import { makePlan } from "../src/plan/make-plan.ts";
import { PROFILES, type ProfileName } from "../src/plan/profiles.ts";
import { runPlan } from "../src/run-plan.ts";

/** All runs are in one process, which remembers the locks that earlier runs left behind. Errors say that. */
const LEFT_BY_THIS_PROCESS = /; this is the same process.*/;

async function trace(seed: number, profile: ProfileName): Promise<string> {
  const lines: string[] = [];
  await runPlan(makePlan(seed, profile), (line) => lines.push(line.replace(LEFT_BY_THIS_PROCESS, "")));
  return lines.join("\n");
}

test.each(Object.keys(PROFILES) as ProfileName[])(
  "the same seed gives the same history: %s",
  async (profile) => {
    const first = await trace(7, profile);
    expect(first.length).toBeGreaterThan(10_000);
    expect(await trace(7, profile)).toBe(first);
    expect(await trace(8, profile)).not.toBe(first);
    // A trace does not change the history.
    const plan = makePlan(7, profile);
    expect(await runPlan(plan)).toEqual(await runPlan(plan, () => undefined));
  },
);
