import type { Client } from "../client/client.ts";
import { atMost } from "../patterns/sleep.ts";

/** A theft that is granted at once has a round of votes, and usually no other than one that commits the fencing token. */
const ROUNDS = 2;
/** The longest timer, in ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How long a request waits for the thefts before it. */
interface Limits {
  readonly waitMs: number;
  /** A request that does not wait for its lock gives a theft the time that it needs while the servers answer. */
  readonly ifAvailable: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Waits until the thefts before a request are granted or have failed. Otherwise they would steal its lock, although it comes after
 * them. Returns whether they have ended, and how many ms of the wait are left.
 */
export async function untilTheftEnds(
  { clock, requestTimeoutMs }: Client,
  theft: Promise<void>,
  { waitMs, ifAvailable, signal }: Limits,
): Promise<{ readonly hasEnded: boolean; readonly leftMs: number }> {
  const startedAt = clock.monotonic();
  const longestMs = ifAvailable ? ROUNDS * requestTimeoutMs : Math.min(waitMs, MAX_TIMER_MS);
  let onAborted: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => (onAborted = resolve));
  signal?.addEventListener("abort", onAborted, { once: true });
  const hasEnded = await atMost(clock, longestMs, Promise.race([theft, aborted]));
  signal?.removeEventListener("abort", onAborted);
  return { hasEnded, leftMs: Math.max(0, waitMs - (clock.monotonic() - startedAt)) };
}
