import { performance } from "node:perf_hooks";
import type { ProcessReport } from "quorumlock/observe";
import { afterEach, expect, test, vi } from "vitest";
import { FleetFigures } from "../../src/monitor/reports/fleet-figures.ts";

const MINUTE = 60_000;
let now = 1_000_000;

afterEach(() => vi.restoreAllMocks());

/** Figures in a time that only the test moves. */
function fleetFigures(): FleetFigures {
  vi.spyOn(performance, "now").mockImplementation(() => now);
  return new FleetFigures(() => undefined);
}

/** A report of a process that ran long before the monitor did: its first counts are a start, not an increase. */
function reportOf(id: string, sequence: number, lost: number, classes = 1): ProcessReport {
  const counts = { acquired: 1, lost: { expired: lost, taken: 0 } };
  const resources = Array.from({ length: classes }, (_, index) => `class-${index}`);
  return {
    id,
    sequence,
    process: { uptimeMs: 100 * MINUTE },
    classes: resources.map((resource) => ({ resource, counts, waits: undefined, holds: undefined })),
  } as unknown as ProcessReport;
}

test("losses of a process that was paused for minutes are counted when it reports again", () => {
  const fleet = fleetFigures();
  fleet.accept([{ report: reportOf("paused", 1, 0), ageMs: 0 }]);
  for (let minute = 0; minute < 10; minute += 1) {
    now += MINUTE;
    fleet.accept([]);
  }
  expect(fleet.lostLastHour).toBe(0);
  fleet.accept([{ report: reportOf("paused", 2, 3), ageMs: 0 }]);
  expect(fleet.lostLastHour).toBe(3);
});

test("processes that report no more make room, the one that is silent for longest first", () => {
  const fleet = fleetFigures();
  const ids = Array.from({ length: 150 }, (_, index) => `process-${index}`);
  for (const id of ids) {
    fleet.accept([{ report: reportOf(id, 1, 0, 200), ageMs: 0 }]);
    now += MINUTE;
  }
  fleet.accept([{ report: reportOf("process-0", 2, 5, 200), ageMs: 0 }]);
  expect(fleet.lostLastHour).toBe(0);
  fleet.accept([{ report: reportOf("process-149", 2, 1, 200), ageMs: 0 }]);
  expect(fleet.lostLastHour).toBe(200);
});
