import type { Calendar } from "./calendar.ts";

/** At most so many missed instants are run. */
const MAX_MISSED = 100;
/** At most so many instants are computed to find them. */
const MAX_COMPUTED = 10_000;

/** The instants that have come due since the cursor. */
export interface DueInstants {
  /** The newest of them, at most 100, in order. */
  readonly instants: readonly number[];
  /** How many older ones there are, as far as they were computed. */
  readonly dropped: number;
}

/**
 * The instants after `cursor`, up to `until`, that are not older than `notBefore`.
 * @throws as `Calendar.next`.
 */
export function dueInstants(
  calendar: Calendar,
  {
    cursor,
    notBefore,
    until,
  }: { readonly cursor: number; readonly notBefore: number; readonly until: number },
): DueInstants {
  const instants: number[] = [];
  let dropped = 0;
  let computed = 0;
  let instant = calendar.next(cursor);
  if (instant !== undefined && instant < notBefore) {
    dropped += 1;
    instant = calendar.next(notBefore - 1);
  }
  while (instant !== undefined && instant <= until) {
    instants.push(instant);
    computed += 1;
    if (instants.length > MAX_MISSED) {
      instants.shift();
      dropped += 1;
    }
    // Only the newest ones run, so there is no need to compute all of them.
    const after: number = computed % MAX_COMPUTED === 0 ? (instant + until) / 2 : instant;
    instant = calendar.next(Math.floor(after));
  }
  return { instants, dropped };
}
