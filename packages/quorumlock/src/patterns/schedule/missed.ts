import type { Calendar } from "./calendar.ts";

/** At most so many instants are handled. */
const MAX_INSTANTS = 100;
/** Older instants are counted up to this number. */
const MAX_COUNTED = 1_000;
/** The first time in which the newest instants are looked for, back from the end, in ms, and by how much the next one is longer. */
const FIRST_SPAN_MS = 60_000;
const SPAN_FACTOR = 8;

/** A part of time: after `cursor`, not before `notBefore`, up to `until`, in ms since 1970. */
export interface DueSpan {
  readonly cursor: number;
  readonly notBefore: number;
  readonly until: number;
}

/** The instants that have come due in a part of time. */
export interface DueInstants {
  /** The newest of them, at most 100, in order. */
  readonly instants: readonly number[];
  /** How many older ones there are since the cursor. Of more than 1,000, at least so many. */
  readonly dropped: number;
}

/**
 * The instants that have come due. The newest are looked for from the end, so that a pattern of seconds after a day costs some hundred
 * computations, and not 86,400 while nothing else runs in the process.
 * @throws as `Calendar.next`.
 */
export function dueInstants(calendar: Calendar, { cursor, notBefore, until }: DueSpan): DueInstants {
  const begin = Math.max(cursor, notBefore - 1);
  for (let spanMs = FIRST_SPAN_MS; ; spanMs *= SPAN_FACTOR) {
    const from = Math.max(begin, until - spanMs);
    const found = instantsBetween(calendar, from, until);
    if (from !== begin && found.length < MAX_INSTANTS) continue;
    const instants = found.slice(-MAX_INSTANTS);
    const older = instantsBetween(calendar, cursor, (instants[0] ?? until + 1) - 1, MAX_COUNTED);
    return { instants, dropped: older.length };
  }
}

/** The first instants after `from` up to `until`. */
function instantsBetween(calendar: Calendar, from: number, until: number, limit = Infinity): number[] {
  const instants: number[] = [];
  let instant = calendar.next(from);
  while (instant !== undefined && instant <= until && instants.length < limit) {
    instants.push(instant);
    instant = calendar.next(instant);
  }
  return instants;
}
