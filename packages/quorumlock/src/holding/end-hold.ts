import type { Hold } from "../quorum/hold.ts";
import type { ReleaseResult } from "../quorum/release.ts";
import type { LocalQueue } from "../waiting/local-queue.ts";
import type { Place } from "../waiting/place.ts";

/**
 * Offers the hold to the next waiter of this client, or releases it. If a streak is over, the next waiter is admitted only after
 * the result of the release, because the result decides whether it yields to other processes. Then `leaveQueue` is called after the
 * result, and this returns false. Otherwise the caller leaves the queue.
 */
export function offerOrRelease(
  queue: LocalQueue,
  place: Place,
  hold: Hold,
  onEnd: (result: ReleaseResult) => void,
  leaveQueue: () => void,
): boolean {
  const isStreakOver = place.successor !== undefined && place.isStreakOver;
  if (!isStreakOver && place.offer(hold)) {
    hold.offer(onEnd);
    return true;
  }
  endHold(queue, place, hold, (result) => {
    if (isStreakOver) {
      queue.recordRelease(hold.names, result.hasRemoteWaiters);
      leaveQueue();
    }
    onEnd(result);
  });
  return !isStreakOver;
}

/** Deletes the token. If another acquisition of this client waits, the place in line is that acquisition's. */
export function endHold(
  queue: LocalQueue,
  place: Place,
  hold: Hold,
  onEnd?: (result: ReleaseResult) => void,
): void {
  const { kind, target } = hold;
  if (!place.isQueued && queue.isOccupied(kind, target)) hold.withdraw(onEnd);
  else hold.release(onEnd);
}
