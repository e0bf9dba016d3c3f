import { expect, test } from "vitest";
import { grantsOf } from "../../src/checks/grants.ts";
import { longestGap } from "../../src/checks/unavailability.ts";
import { judge } from "../../src/judge.ts";
import { indictment } from "../../src/report/indictment.ts";
import { summary } from "../../src/report/summary.ts";
import { planted, write } from "../checks/planted.ts";

const records = [
  ...planted({ hand: "1.0", fence: 1, from: [1_000, 1_001], heldUntil: 1_100 }),
  ...planted({ hand: "2.0", fence: 2, from: [1_050, 1_051], heldUntil: 1_150 }),
];
const evidence = {
  phase: "server-pause",
  startedAt: 1_000,
  seconds: 1,
  resources: { brisk: ["a"], long: "b" },
  ttlMs: 100,
  records,
  writes: [write(2, "x", 1_060), write(1, "y", 1_160, false)],
  faults: [{ kind: "server-pause", who: "127.0.0.1:1", from: 1_010, to: 1_020 }],
  violations: [],
} as const;
const phase = judge(evidence);
const report = { seed: 1, servers: 3, processes: 4, ttlMs: 100, phases: [phase], skipped: [] };

test("counts what was seen", () => {
  expect(phase).toMatchObject({
    operations: 2,
    grants: 2,
    writes: 2,
    lateWritesRefused: 1,
    longestGapMs: 50,
  });
  expect(phase.violations.map(({ check }) => check)).toEqual(["leases", "history"]);
});

test("counts overlaps, but as no violation, where leases are outside of the guarantee", () => {
  const outside = judge({ ...evidence, phase: "clock-jump" });
  expect(outside.violations).toEqual([]);
  expect(outside.overlapsOutsideGuarantee).toBe(1);
});

test("an error that no operation may throw is a violation", () => {
  const broken = { at: 1, hand: "1.0", event: "broken", message: "TypeError: x" } as const;
  const { violations } = judge({ ...evidence, records: [broken] });
  expect(violations.map(({ message }) => message)).toEqual(["1.0: an operation threw TypeError: x"]);
});

test("prints a table with a line for each phase", () => {
  const text = summary(report);
  expect(text).toMatch(/phase +operations +locks +faults +lost +late writes +violations +longest gap +× ttl/);
  expect(text).toMatch(/server-pause +2 +2 +1 +0 +1 +2 +50 ms +0\.50/);
});

test("prints violations with what shows them, the faults before them and the command that repeats the run", () => {
  const text = indictment(report, "npm run torture -- --seed 1");
  expect(text).toContain("2 violations");
  expect(text).toContain("server-pause · leases: a: 1.0 and 2.0 both held it for 49.00 ms");
  expect(text).toContain('"held":[{"from":1,"to":100}]');
  expect(text).toContain('{"kind":"server-pause","who":"127.0.0.1:1","from":10,"to":20}');
  expect(text).toContain("Again: npm run torture -- --seed 1");
});

test("the longest gap is one that a fault can have to do with", () => {
  const grants = grantsOf(
    [0, 500, 510, 600, 620].flatMap((at) =>
      planted({ hand: "1.0", fence: at, from: [at, at], heldUntil: at + 5 }),
    ),
  );
  const fault = { kind: "client-kill", who: "pid 1", from: 515, to: 515 } as const;
  expect(longestGap(grants, [fault], 50)).toBe(90);
  expect(longestGap(grants, [], 50)).toBe(500);
  expect(longestGap([], [fault], 50)).toBe(0);
});
