import type { ClassFigures, LockRow } from "../../monitor/api.ts";

/** One line of `top`: what the processes report about a class of names, and the lock of the class with the most callers behind it. */
export interface ClassRow {
  readonly class: string;
  /** `undefined` if no process reports the class. */
  readonly figures: ClassFigures | undefined;
  /** The longest wait of a caller now, ms. */
  readonly oldestWaitMs: number | undefined;
  /** `undefined` if no lock of the class is held. */
  readonly topLock: LockRow | undefined;
  readonly isTroubled: boolean;
}

export type TopSort = "waiting" | "oldest" | "grants" | "success" | "class";

/** In the order in which the key `s` goes through them. */
export const TOP_SORTS: readonly TopSort[] = ["waiting", "oldest", "grants", "success", "class"];

const TROUBLED_HEALTH: readonly string[] = ["not-extended", "minority", "no-expiry", "lost"];
/** A caller that waits longer than this is trouble, as in the alert `long_wait`. */
const LONG_WAIT_MS = 10_000;

/** The classes of reports and of locks. `locks` come with those first that block the most callers. */
export function classRowsOf(
  classes: readonly ClassFigures[],
  locks: readonly LockRow[],
): readonly ClassRow[] {
  const locksOf = new Map<string, LockRow[]>();
  for (const lock of locks) {
    const known = locksOf.get(lock.class);
    if (known === undefined) locksOf.set(lock.class, [lock]);
    else known.push(lock);
  }
  const figuresOf = new Map(classes.map((figures) => [figures.class, figures]));
  return [...new Set([...figuresOf.keys(), ...locksOf.keys()])].map((name) => {
    const own = locksOf.get(name) ?? [];
    const waits = own.flatMap(({ oldestWaitMs }) => oldestWaitMs ?? []);
    const oldestWaitMs = waits.length === 0 ? undefined : Math.max(...waits);
    return {
      class: name,
      figures: figuresOf.get(name),
      oldestWaitMs,
      topLock: own[0],
      isTroubled:
        (oldestWaitMs ?? 0) > LONG_WAIT_MS ||
        (figuresOf.get(name)?.lost ?? 0) > 0 ||
        own.some(({ health, deadlock }) => TROUBLED_HEALTH.includes(health) || deadlock !== undefined),
    };
  });
}

/** The rows whose class, lock or holder contains the filter, sorted; equal ones by name, so that rows do not jump. */
export function arrangeRows(
  rows: readonly ClassRow[],
  { sort, filter }: { readonly sort: TopSort; readonly filter: string },
): readonly ClassRow[] {
  const wanted = filter.toLowerCase();
  const valueOf = VALUES[sort];
  return rows
    .filter((row) =>
      [row.class, row.topLock?.name, row.topLock?.holder?.owner].some((text) =>
        text?.toLowerCase().includes(wanted),
      ),
    )
    .toSorted((a, b) => valueOf(b) - valueOf(a) || (a.class < b.class ? -1 : 1));
}

/** What is sorted by, the largest first. */
const VALUES: Readonly<Record<TopSort, (row: ClassRow) => number>> = {
  waiting: ({ figures, topLock }) => (figures?.waitingOnAverage ?? 0) + (topLock?.blocked ?? 0),
  oldest: ({ oldestWaitMs }) => oldestWaitMs ?? -1,
  grants: ({ figures }) => figures?.grantedPerS ?? -1,
  success: ({ figures }) => -(figures?.success ?? 2),
  class: () => 0,
};
