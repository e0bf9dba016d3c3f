import { expect, test } from "vitest";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { shrink } from "../../src/plan/shrink.ts";

const plan = makePlan(3, "processes");

/** A trial that violates exclusion if the plan has this fault and this step. */
function trialThatNeeds(fault: unknown, step: unknown) {
  return async ({ faults, clients }: Plan) => {
    const steps = clients.flatMap(({ workers }) => workers.flat());
    return faults.includes(fault as never) && steps.includes(step as never)
      ? ("exclusion" as const)
      : undefined;
  };
}

test("keeps exactly the fault and the step that the violation needs", async () => {
  const fault = plan.faults.at(-2);
  const step = plan.clients[1]?.workers[0]?.[5];
  const { plan: smallest, trials } = await shrink(plan, "exclusion", trialThatNeeds(fault, step));
  expect(smallest.faults).toEqual([fault]);
  expect(smallest.clients.flatMap(({ workers }) => workers.flat())).toEqual([step]);
  expect(smallest.clients.length).toBe(plan.clients.length);
  expect(trials).toBeLessThan(200);
});

test("ignores violations of other invariants", async () => {
  const { plan: smallest } = await shrink(plan, "exclusion", async () => "liveness");
  expect(smallest).toEqual(plan);
});

test("stops after maxTrials", async () => {
  let trials = 0;
  const trial = async (): Promise<undefined> => void (trials += 1);
  expect((await shrink(plan, "exclusion", trial, 10)).trials).toBe(10);
  expect(trials).toBe(10);
});
