import type { ClassFigures, NamedLock } from "../../alerts/figures/alert-figures.ts";
import type { LockRow } from "../api.ts";
import type { ClassOf } from "../locks/class-rules.ts";
import type { ReportReading } from "../reports/report-reading.ts";
import { type Counts, noCounts } from "../reports/sliding-counts.ts";

export interface ReportedParts {
  readonly readings: readonly ReportReading[];
  /** Counts of each class since the monitor started. */
  readonly totals: ReadonlyMap<string, Readonly<Counts>>;
  /** The locks that block most callers first. */
  readonly rows: readonly LockRow[];
  readonly classOf: ClassOf;
}

interface ClassState {
  active: number;
  waiters: number;
  oldestWaitMs: number;
  longestHoldMs: number;
}

/** The classes of all processes: their states from the latest reports, their counts from the figures of the monitor. */
export function reportedClasses({ readings, totals, rows, classOf }: ReportedParts): readonly ClassFigures[] {
  const states = statesOf(readings);
  const longestHeld = longestHeldOf(readings, classOf);
  const blocking = new Map<string, NonNullable<ClassFigures["blocking"]>>();
  for (const { class: resource, name, holder, blocked } of rows)
    if (blocked > 0 && !blocking.has(resource))
      blocking.set(resource, { name, owner: holder?.owner, callers: blocked });
  return [...new Set([...states.keys(), ...totals.keys()])].map((resource) => {
    const state = states.get(resource);
    return {
      resource,
      counts: totals.get(resource) ?? noCounts(),
      active: state?.active ?? 0,
      waiters: state?.waiters ?? 0,
      oldestWaitMs: state?.oldestWaitMs ?? 0,
      longestHoldMs: state?.longestHoldMs ?? 0,
      blocking: blocking.get(resource),
      longestHeld: longestHeld.get(resource),
    };
  });
}

function statesOf(readings: readonly ReportReading[]): ReadonlyMap<string, ClassState> {
  const states = new Map<string, ClassState>();
  for (const { report, ageMs } of readings) {
    for (const { resource, active, waiters, oldestWaitMs, longestHoldMs } of report.classes) {
      const known = states.get(resource);
      const state = known ?? { active: 0, waiters: 0, oldestWaitMs: 0, longestHoldMs: 0 };
      state.active += active;
      state.waiters += waiters;
      // What lasted at the moment of the report is older now.
      if (oldestWaitMs > 0) state.oldestWaitMs = Math.max(state.oldestWaitMs, oldestWaitMs + ageMs);
      if (longestHoldMs > 0) state.longestHoldMs = Math.max(state.longestHoldMs, longestHoldMs + ageMs);
      if (known === undefined) states.set(resource, state);
    }
  }
  return states;
}

function longestHeldOf(readings: readonly ReportReading[], classOf: ClassOf): ReadonlyMap<string, NamedLock> {
  const found = new Map<string, NamedLock & { readonly heldMs: number }>();
  for (const { report, ageMs } of readings) {
    for (const { names, durationMs } of report.holds) {
      const [name] = names;
      if (name === undefined) continue;
      const heldMs = durationMs + ageMs;
      const resource = classOf(name);
      if (heldMs > (found.get(resource)?.heldMs ?? 0))
        found.set(resource, { name, owner: report.process.owner, heldMs });
    }
  }
  return found;
}
