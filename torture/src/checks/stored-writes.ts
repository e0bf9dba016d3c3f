import type { StoredWrite } from "../fenced-store.ts";
import type { Grant } from "./grants.ts";
import type { Violation } from "./violation.ts";

/** Checks that the fencing tokens of accepted writes increase, and that only one holder uses each token. */
export function checkAcceptedWrites(writes: readonly StoredWrite[]): readonly Violation[] {
  const lastAccepted = new Map<string, StoredWrite>();
  return writes.flatMap((write) => {
    if (!write.isAccepted) return [];
    const last = lastAccepted.get(write.resource);
    lastAccepted.set(write.resource, write);
    if (last === undefined || write.fence > last.fence) return [];
    if (write.fence === last.fence && write.token === last.token) return [];
    const message = `${write.resource}: the store accepted fencing token ${write.fence} after ${last.fence}`;
    return [{ check: "store", message, entries: [last, write] }];
  });
}

/**
 * Reports the writes that the store rejected although the holder's lease was valid when they arrived. Such a rejection
 * shows that another holder wrote with a larger token during that lease.
 */
export function checkRejectedWrites(
  writes: readonly StoredWrite[],
  grants: readonly Grant[],
): readonly Violation[] {
  const byToken = new Map(grants.map((grant) => [grant.token, grant]));
  return writes.flatMap((write) => {
    if (write.isAccepted) return [];
    const grant = byToken.get(write.token);
    if (grant === undefined || !hasLeaseAt(grant, write.arrivedAt)) return [];
    const message =
      `${write.resource}: the store rejected fencing token ${write.fence} of ${grant.holder}, ` +
      "which held the lock";
    return [{ check: "leases", message, entries: [grant, write] }];
  });
}

function hasLeaseAt({ leases }: Grant, at: number): boolean {
  return leases.some(({ startsAt, endsAt }) => startsAt <= at && at < endsAt);
}
