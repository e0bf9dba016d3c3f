import type { ReportReading } from "./report-reading.ts";

/** Who waits for a name, directly and behind others. */
export interface Blocked {
  /** Callers that wait for the name. */
  readonly callers: number;
  readonly oldestWaitMs: number;
  /** Callers that wait for the name, or for one whose holder waits for it, and so on. */
  readonly blocked: number;
  /** "A → B → A" */
  readonly deadlock: string | undefined;
  /** The names of that circle, each once. */
  readonly circle: readonly string[] | undefined;
}

/** "A → B → A" */
export function describeCircle(circle: readonly string[], show = (name: string): string => name): string {
  return [...circle, ...circle.slice(0, 1)].map(show).join(" → ");
}

/** The same for a circle from whichever of its names it was found. */
export function circleKey(circle: readonly string[]): string {
  return circle.toSorted().join("\n");
}

/** How many holders a chain may have. */
const MAX_DEPTH = 8;
/** Acquisitions that are shorter end by themselves much more often than not. */
const MIN_DEADLOCK_WAIT_MS = 2_000;

interface Wait {
  readonly callers: number;
  readonly oldestMs: number;
  /** Names that the waiting process held before it began to wait. */
  readonly held: readonly string[];
}

/**
 * Finds out who waits behind whom. A process that waits for A and held B before counts as a holder of B that waits for A. The reports do
 * not say which of its tasks does what, so the counts and the circles are hints: two tasks of a process, one that holds and one that waits,
 * look like one.
 */
export function blockedBehind(readings: readonly ReportReading[]): ReadonlyMap<string, Blocked> {
  const waits = waitsByName(readings);
  const result = new Map<string, Blocked>();
  const names = new Set([
    ...waits.keys(),
    ...[...waits.values()].flatMap((list) => list.flatMap(({ held }) => held)),
  ]);
  for (const name of names) {
    const direct = waits.get(name) ?? [];
    const callers = direct.reduce((sum, wait) => sum + wait.callers, 0);
    const circle = findCircle(name, waits);
    const oldestWaitMs = Math.max(0, ...direct.map(({ oldestMs }) => oldestMs));
    result.set(name, {
      callers,
      oldestWaitMs,
      blocked: countBlocked(name, waits),
      deadlock: circle && describeCircle(circle),
      circle,
    });
  }
  return result;
}

function waitsByName(readings: readonly ReportReading[]): ReadonlyMap<string, readonly Wait[]> {
  const waits = new Map<string, Wait[]>();
  for (const { report, ageMs } of readings) {
    const own = new Map<string, { callers: number; oldestMs: number }>();
    for (const { names, durationMs } of report.waits) {
      for (const name of names) {
        const known = own.get(name) ?? { callers: 0, oldestMs: 0 };
        own.set(name, { callers: known.callers + 1, oldestMs: Math.max(known.oldestMs, durationMs + ageMs) });
      }
    }
    for (const [name, { callers, oldestMs }] of own) {
      const before = report.holds.filter((hold) => hold.durationMs + ageMs > oldestMs);
      const held = before.flatMap((hold) => hold.names).filter((each) => each !== name);
      const list = waits.get(name) ?? [];
      list.push({ callers, oldestMs, held });
      waits.set(name, list);
    }
  }
  return waits;
}

/** Every name counts once, so a circle ends. */
function countBlocked(name: string, waits: ReadonlyMap<string, readonly Wait[]>): number {
  const seen = new Set([name]);
  let level = [name];
  let count = 0;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const each of level) {
      for (const { callers, held } of waits.get(each) ?? []) {
        count += callers;
        for (const behind of held) {
          if (seen.has(behind)) continue;
          seen.add(behind);
          next.push(behind);
        }
      }
    }
    level = next;
  }
  return count;
}

/** A circle of waits through the name, found by breadth-first search, so it is a shortest one. */
function findCircle(
  name: string,
  waits: ReadonlyMap<string, readonly Wait[]>,
): readonly string[] | undefined {
  const from = new Map<string, string>();
  let level = [name];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const each of level) {
      for (const { oldestMs, held } of waits.get(each) ?? []) {
        if (oldestMs < MIN_DEADLOCK_WAIT_MS) continue;
        for (const behind of held) {
          if (behind === name) return namesOfCircle(name, each, from);
          if (from.has(behind)) continue;
          from.set(behind, each);
          next.push(behind);
        }
      }
    }
    level = next;
  }
  return undefined;
}

function namesOfCircle(name: string, last: string, from: ReadonlyMap<string, string>): readonly string[] {
  const chain = [name];
  for (let at = last; at !== name; at = from.get(at) ?? name) chain.push(at);
  return chain;
}
