import type { StoredWrite } from "../fenced-store.ts";
import { groupBy } from "../group-by.ts";
import type { Grant } from "./grants.ts";
import type { Violation } from "./violation.ts";

/**
 * Checks that each accepted write has a token that a correct lock gives after the accepted writes before it: a larger one for exclusive
 * use, and one that is not smaller for shared use after exclusive use. Only one lock uses each token exclusively.
 */
export function checkAcceptedWrites(writes: readonly StoredWrite[]): readonly Violation[] {
  const accepted = writes.filter(({ isAccepted }) => isAccepted);
  return [...groupBy(accepted, ({ node }) => node).values()].flatMap(findDecreases);
}

function findDecreases(writes: readonly StoredWrite[]): readonly Violation[] {
  /** The accepted writes with the largest tokens. */
  let lastExclusive: StoredWrite | undefined;
  let lastShared: StoredWrite | undefined;
  return writes.flatMap((write) => {
    const before = [lastExclusive, lastShared].find(
      (earlier) => earlier !== undefined && !mayFollow(earlier, write),
    );
    if (write.access === "exclusive") lastExclusive = larger(lastExclusive, write);
    else lastShared = larger(lastShared, write);
    if (before === undefined) return [];
    const message = `${write.node}: the store accepted fencing token ${write.fence} (${write.access}) after ${before.fence} (${before.access})`;
    return [{ check: "store", message, entries: [before, write] }];
  });
}

function mayFollow(earlier: StoredWrite, write: StoredWrite): boolean {
  if (earlier.access === "shared" && write.access === "shared") return true;
  if (write.access === "shared") return write.fence >= earlier.fence;
  const repeats = earlier.access === "exclusive" && write.lock === earlier.lock;
  return write.fence > earlier.fence || (repeats && write.fence === earlier.fence);
}

function larger(last: StoredWrite | undefined, write: StoredWrite): StoredWrite {
  return last === undefined || write.fence >= last.fence ? write : last;
}

/**
 * Reports the writes that the store rejected although the holder's lease was valid when they arrived. Such a rejection
 * shows that another holder used the data with a larger token during that lease.
 */
export function checkRejectedWrites(
  writes: readonly StoredWrite[],
  grants: readonly Grant[],
): readonly Violation[] {
  const byLock = new Map(grants.map((grant) => [grant.lock, grant]));
  return writes.flatMap((write) => {
    if (write.isAccepted) return [];
    const grant = byLock.get(write.lock);
    if (grant === undefined || !hasLeaseAt(grant, write.arrivedAt)) return [];
    const message =
      `${write.node}: the store rejected fencing token ${write.fence} of ${grant.holder}, ` +
      "which held the lock";
    return [{ check: "leases", message, entries: [grant, write] }];
  });
}

function hasLeaseAt({ leases }: Grant, at: number): boolean {
  return leases.some(({ startsAt, endsAt }) => startsAt <= at && at < endsAt);
}
