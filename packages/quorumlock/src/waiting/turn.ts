import { GRACE_MS } from "../operations/limits.ts";

/** The mark of the deputy in a message. */
const DEPUTY = "~";
/** When a deputy tries: the grace of the named waiters, and a little more. */
const DEPUTY_DELAY_MS = GRACE_MS + 10;

/** What a message says to a waiter with a place of its own. */
export interface Turn {
  /** How long after the message it tries. */
  readonly delayMs: number;
  /** What the instance says to it, if it named it: for permits, the free slots that are meant for it. */
  readonly hint: string | undefined;
}

/**
 * The turn of a waiter: at once if the message names it, and also if it names nobody; later if the waiter is the deputy of those that it
 * names. `undefined` if the message does not concern it.
 *
 * @param next the named waiters, each as `waiter` or `waiter:hint`, and `~` and the deputy, with spaces between them.
 */
export function turnIn(next: string, waiter: string): Turn | undefined {
  if (next === "") return { delayMs: 0, hint: undefined };
  // Most messages concern others.
  if (!next.includes(waiter)) return undefined;
  for (const each of next.split(" ")) {
    if (each === waiter || each.startsWith(`${waiter}:`))
      return { delayMs: 0, hint: each.slice(waiter.length + 1) };
    if (each === DEPUTY + waiter) return { delayMs: DEPUTY_DELAY_MS, hint: undefined };
  }
  return undefined;
}
