import { expect, test } from "vitest";
import { PermanentRefusals } from "../../src/invariants/permanent-refusals.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Fault, Plan } from "../../src/plan/plan.ts";
import { runPlan } from "../../src/run-plan.ts";

const three = { clients: [{ members: [0, 1, 2], requestTimeoutMs: 100, rate: 1 }] } as unknown as Plan;

test("a wait may end early only if a majority refused calls for good since it began", () => {
  const refusals = new PermanentRefusals(three);
  refusals.onRefused(0, "NOPERM", 500);
  refusals.onRefused(1, "NOPERM", 1_000);
  refusals.onRefused(2, "BUSY", 2_000);
  for (const server of [0, 1]) refusals.onExecuted(server);
  expect(refusals.canEndEarly(700)).toBe(true);
  expect(refusals.canEndEarly(701)).toBe(false);
  refusals.onRefused(2, "NOPERM", 2_000);
  expect(refusals.canEndEarly(701)).toBe(true);
});

test("waits end early in histories in which most servers refuse all calls for a second, and nothing is violated", async () => {
  let endedWaits = 0;
  for (const [seed, profile] of [
    [1, "network"],
    [17, "processes"],
    [7, "change"],
  ] as const) {
    const plan = makePlan(seed, profile);
    const most = plan.servers.slice(0, Math.floor(plan.servers.length / 2) + 1);
    const refusals = most.flatMap((_, server): Fault[] =>
      [1_000, 3_000].map((at) => ({ at, kind: "refuse", server, error: "NOPERM", forMs: 1_000 })),
    );
    const outcome = await runPlan({ ...plan, faults: [...plan.faults, ...refusals] });
    expect(outcome.violations).toEqual([]);
    endedWaits += outcome.endedWaits;
  }
  expect(endedWaits).toBeGreaterThan(0);
});
