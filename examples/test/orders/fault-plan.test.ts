import { expect, test } from "vitest";
import { Random } from "../../harness/random.ts";
import { planFaults } from "../../orders/fault-plan.ts";
import { FREEZE_POINTS, KILL_POINTS } from "../../orders/kill-points.ts";

test("200 kills: half at random times, and each named point 7 or 8 times", () => {
  const plan = planFaults(new Random(7), 200, 6);
  const pointsOf = (kind: string): readonly string[] =>
    plan.flatMap((fault) => (fault.kind === kind && "point" in fault ? [fault.point] : []));
  const timesOf = (points: readonly string[], point: string): number =>
    points.filter((each) => each === point).length;
  expect(plan.filter((fault) => "afterMs" in fault)).toHaveLength(100);
  expect(pointsOf("kill")).toHaveLength(100);
  for (const point of KILL_POINTS) expect([7, 8]).toContain(timesOf(pointsOf("kill"), point));
  for (const point of FREEZE_POINTS) expect(timesOf(pointsOf("freeze"), point)).toBe(2);
});

test("the same seed gives the same plan, another seed another one", () => {
  expect(planFaults(new Random(7), 20, 3)).toEqual(planFaults(new Random(7), 20, 3));
  expect(planFaults(new Random(7), 20, 3)).not.toEqual(planFaults(new Random(8), 20, 3));
});

test("no kills are possible", () => {
  expect(planFaults(new Random(7), 0, 0)).toEqual([]);
});
