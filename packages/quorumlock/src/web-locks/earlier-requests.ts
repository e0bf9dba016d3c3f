import type { Client } from "../client/client.ts";
import { atMost } from "../patterns/sleep.ts";
import type { LockRequest } from "./lock-request.ts";
import type { OpenRequests } from "./open-requests.ts";

/** A first attempt has a round of votes, and usually no other than one that commits the fencing token. */
const ROUNDS = 2;

/**
 * Waits until the first attempt of the requests before a theft has ended. Otherwise the theft could come before an earlier request of
 * the same process. At most for the time of that attempt: a request whose attempt was refused waits, and the theft passes it.
 */
export async function untilEarlierTried(
  client: Client,
  requests: OpenRequests,
  theft: LockRequest,
): Promise<void> {
  const { clock, members, queue, requestTimeoutMs } = client;
  if (!members.isIdentified) await members.identifyAll();
  const earlier = requests.pendingBefore(theft);
  const first = queue.placeAhead([theft.lockName]);
  const isTrying = first !== undefined && first.holder === undefined && first.knownRefusal === undefined;
  if (earlier.length === 0 || !isTrying) return;
  await atMost(clock, ROUNDS * requestTimeoutMs, Promise.race(earlier.map(({ decided }) => decided)));
}
