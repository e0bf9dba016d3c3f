import { expect, test } from "vitest";
import { checkPhase } from "../../src/checks/check-phase.ts";
import { grantsOf } from "../../src/checks/grants.ts";
import { exclusive } from "../../src/contest/hold.ts";
import { longestGap } from "../../src/checks/longest-gap.ts";
import { formatFailureReport } from "../../src/report/failure-report.ts";
import { formatSummary } from "../../src/report/summary.ts";
import { recordsOfLock, storedWrite } from "../checks/example-records.ts";

const records = [
  ...recordsOfLock({ worker: "1.0", fence: 1, acquire: [1_000, 1_001], heldUntil: 1_100 }),
  ...recordsOfLock({ worker: "2.0", fence: 2, acquire: [1_050, 1_051], heldUntil: 1_150 }),
];
const recording = {
  phase: "server-pause",
  startedAt: 1_000,
  seconds: 1,
  ttlMs: 100,
  records,
  writes: [storedWrite(2, "x", 1_060), storedWrite(1, "y", 1_160, { isAccepted: false })],
  faults: [{ kind: "server-pause", target: "127.0.0.1:1", startedAt: 1_010, endedAt: 1_020 }],
  violations: [],
} as const;
const phase = checkPhase(recording);
const report = { seed: 1, servers: 3, processes: 4, ttlMs: 100, phases: [phase], skipped: [] };

test("counts the records of a phase", () => {
  expect(phase).toMatchObject({
    operations: 2,
    grants: 2,
    conversions: 0,
    writes: 2,
    lateWritesRejected: 1,
    longestGapMs: 50,
  });
  expect(phase.kinds.find(({ kind }) => kind === "mutex")).toEqual({
    kind: "mutex",
    grants: 2,
    conversions: 0,
    lost: 0,
  });
  expect(phase.violations.map(({ check }) => check)).toEqual(["leases", "history"]);
});

test("an overlap is no violation if leases are not guaranteed", () => {
  const outside = checkPhase({ ...recording, phase: "clock-jump" });
  expect(outside.violations).toEqual([]);
  expect(outside.overlapsOutsideGuarantee).toBe(1);
});

test("an undocumented error of an operation is a violation", () => {
  const error = { at: 1, worker: "1.0", event: "unexpected-error", message: "TypeError: x" } as const;
  const { violations } = checkPhase({ ...recording, records: [error] });
  expect(violations.map(({ message }) => message)).toEqual(["1.0: an operation threw TypeError: x"]);
});

test("the summary has a table with a line for each phase", () => {
  const text = formatSummary(report);
  expect(text).toMatch(/phase +operations +locks +faults +lost +late writes +violations +longest gap +× ttl/);
  expect(text).toMatch(/server-pause +2 +2 +1 +0 +1 +2 +50 ms +0\.50/);
  expect(text).toMatch(/kind +locks +converted to it +lost/);
  expect(text).toMatch(/mutex +2 +0 +0/);
});

test("the failure report has each violation, its entries, the faults before it, and the command that repeats the run", () => {
  const text = formatFailureReport(report, "npm run torture -- --seed 1");
  expect(text).toContain("2 violations");
  expect(text).toContain("server-pause · leases: a: 1.0 in X and 2.0 in X both held the lock for 49.00 ms");
  expect(text).toContain('"leases":[{"startsAt":1,"endsAt":100}]');
  expect(text).toContain('{"kind":"server-pause","target":"127.0.0.1:1","startedAt":10,"endedAt":20}');
  expect(text).toContain("Repeat this run: npm run torture -- --seed 1");
});

test("the longest gap counts only gaps that a fault can cause", () => {
  const grants = grantsOf(
    [0, 500, 510, 600, 620].flatMap((at) =>
      recordsOfLock({ worker: "1.0", fence: at, acquire: [at, at], heldUntil: at + 5 }),
    ),
  );
  const fault = { kind: "client-kill", target: "pid 1", startedAt: 515, endedAt: 515 } as const;
  expect(longestGap(grants, [fault], 50)).toBe(90);
  expect(longestGap(grants, [], 50)).toBe(500);
  expect(longestGap([], [fault], 50)).toBe(0);
  const seldom = grantsOf(
    Array.from({ length: 30 }, (_, at) =>
      recordsOfLock({
        worker: "1.0",
        fence: at,
        acquire: [at, at],
        heldUntil: at + 1,
        ...(at === 0 || at === 29 ? { holds: exclusive("b") } : {}),
      }),
    ).flat(),
  );
  expect(longestGap(seldom, [], 50)).toBe(1);
});
