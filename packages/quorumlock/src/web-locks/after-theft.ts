import type { Client } from "../client/client.ts";
import { atMost } from "../patterns/sleep.ts";

/** A theft that is granted at once has a round of votes, and usually no other than one that commits the fencing token. */
const ROUNDS = 2;
/** The longest timer, in ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How long a request waits for the thefts before it. It gives them at least the time that they need while the servers answer. */
interface Limits {
  readonly waitMs: number;
  /** The request does not wait for its lock, so it waits for no more than that time. */
  readonly ifAvailable: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Waits until the thefts before a request are granted or have failed. Otherwise they would steal its lock, although it comes after
 * them. Returns whether they have ended, how many ms it has waited, and how many are left.
 */
export async function untilTheftEnds(
  { clock, requestTimeoutMs }: Pick<Client, "clock" | "requestTimeoutMs">,
  theft: Promise<void>,
  { waitMs, ifAvailable, signal }: Limits,
): Promise<{ readonly hasEnded: boolean; readonly waitedMs: number; readonly leftMs: number }> {
  const startedAt = clock.monotonic();
  const longestMs = Math.max(ROUNDS * requestTimeoutMs, ifAvailable ? 0 : waitMs);
  let onAborted: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => (onAborted = resolve));
  signal?.addEventListener("abort", onAborted, { once: true });
  const ended = Promise.race([theft, aborted]);
  let hasEnded = false;
  for (let leftMs = longestMs; !hasEnded && leftMs > 0; leftMs -= MAX_TIMER_MS)
    hasEnded = await atMost(clock, Math.min(leftMs, MAX_TIMER_MS), ended);
  signal?.removeEventListener("abort", onAborted);
  const waitedMs = clock.monotonic() - startedAt;
  return { hasEnded, waitedMs, leftMs: Math.max(0, waitMs - waitedMs) };
}
