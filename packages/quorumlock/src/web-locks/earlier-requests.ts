import type { Client } from "../client/client.ts";
import { atMost } from "../patterns/sleep.ts";
import type { LockRequest } from "./lock-request.ts";
import type { OpenRequests } from "./open-requests.ts";

/** A first attempt has a round of votes, and usually no other than one that commits the fencing token. */
const ROUNDS = 2;

/**
 * Waits until the first attempt of the requests before a theft has ended. Otherwise the theft could come before an earlier request of
 * the same process. If the attempt was refused, that request goes on waiting, and the theft does not wait for it.
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
  const tried = Promise.race([first.tried, ...earlier.map(({ decided }) => decided)]);
  await atMost(clock, ROUNDS * requestTimeoutMs, tried);
}
