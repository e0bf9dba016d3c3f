import type { RestorableMembers } from "../members/retry-when-restored.ts";
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

/**
 * Called with the result of a release. If no quorum confirmed it, and lost connections come back soon, it asks for a confirmation once
 * more. The connections have sent the release first, so the token may be gone already.
 */
export function confirmRelease(
  members: RestorableMembers,
  hold: Hold,
  onEnd: (result: ReleaseResult) => void,
): (result: ReleaseResult) => void {
  return (result) => {
    const restored = result.isConfirmed ? undefined : members.whenRestored();
    if (restored === undefined) onEnd(result);
    else void restored.then(() => hold.releaseAgain((again) => onEnd({ ...again, wasHeld: true })));
  };
}

/** Deletes the token. If another acquisition of this client waits, the place in line is that acquisition's. */
export function endHold(
  queue: LocalQueue,
  place: Place,
  hold: Hold,
  onEnd?: (result: ReleaseResult) => void,
): void {
  const { kind, target } = hold;
  const hasSharedPlace = kind.waiterOf === undefined;
  if (hasSharedPlace && !place.isQueued && queue.isOccupied(kind, target)) hold.withdraw(onEnd);
  else hold.release(onEnd);
}
