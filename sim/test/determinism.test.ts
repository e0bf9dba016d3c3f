import { expect, test } from "vitest";
import { makePlan } from "../src/plan/make-plan.ts";
import { PROFILES, type ProfileName } from "../src/plan/profiles.ts";
import { type Outcome, runPlan } from "../src/run-plan.ts";

/** All runs are in one process, which remembers the locks that earlier runs left behind. Errors say that. */
const LEFT_BY_THIS_PROCESS = /; this is the same process.*/;

/** The profiles of mistakes, which the checker must find. */
const MISTAKES: readonly ProfileName[] = ["careless", "unsafe-switch"];

/**
 * With the usual seed, servers of these profiles take over 16,384 counters up to five times, which is nearly all that such a history has. The
 * histories of other profiles have that once or twice.
 */
const SEEDS: Partial<Record<ProfileName, number>> = {
  recovery: 13,
  steps: 11,
  "modes-recovery": 13,
  "slots-recovery": 12,
  tenant: 8,
  health: 13,
};

function seedOf(profile: ProfileName): number {
  return SEEDS[profile] ?? 7;
}

interface Run {
  readonly trace: string;
  readonly result: Outcome;
}

async function run(seed: number, profile: ProfileName): Promise<Run> {
  const lines: string[] = [];
  const result = await runPlan(makePlan(seed, profile), (line) =>
    lines.push(line.replace(LEFT_BY_THIS_PROCESS, "")),
  );
  return { trace: lines.join("\n"), result };
}

const firstRuns = new Map<ProfileName, Promise<Run>>();

/** The first run of the profile. Several tests compare others with it. */
function firstRun(profile: ProfileName): Promise<Run> {
  const known = firstRuns.get(profile) ?? run(seedOf(profile), profile);
  firstRuns.set(profile, known);
  return known;
}

test.each(Object.keys(PROFILES) as ProfileName[])(
  "the same seed gives the same history, and only mistakes violate anything: %s",
  async (profile) => {
    const first = await firstRun(profile);
    expect(first.result.violations.length > 0).toBe(MISTAKES.includes(profile));
    expect(first.trace.length).toBeGreaterThan(10_000);
    expect((await run(seedOf(profile), profile)).trace).toBe(first.trace);
  },
  // A run that goes on beside the next test would change the warnings that appear only once.
  300_000,
);

test.each(["processes", "fair", "slots", "operator"] as const)(
  "a trace does not change the history: %s",
  async (profile) => {
    expect(await runPlan(makePlan(seedOf(profile), profile))).toEqual((await firstRun(profile)).result);
  },
  300_000,
);

test("another seed gives another history", async () => {
  expect((await run(8, "processes")).trace).not.toBe((await firstRun("processes")).trace);
});

test("promises of others in this process do not change a history", async () => {
  const alone = await firstRun("tenant");
  expect(alone.trace).toContain("await-stall");
  const end = new AbortController();
  const others = async (): Promise<void> => {
    while (!end.signal.aborted) {
      await new Promise((resolve) => setImmediate(resolve));
      for (let step = 0; step < 5; step += 1) await Promise.resolve();
    }
  };
  const running = others();
  const beside = await run(seedOf("tenant"), "tenant");
  end.abort();
  await running;
  expect(beside.trace === alone.trace).toBe(true);
}, 300_000);
