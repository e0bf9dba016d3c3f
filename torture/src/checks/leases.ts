import { byResource, type Grant, type Interval } from "./grants.ts";
import type { Violation } from "./violation.ts";

/** Reports each pair of holders whose leases of one resource overlap. */
export function checkLeases(grants: readonly Grant[]): readonly Violation[] {
  return [...byResource(grants)].flatMap(([resource, ofResource]) =>
    findOverlaps(ofResource).map(({ earlier, later, overlapMs }) => ({
      check: "leases",
      message: `${resource}: ${earlier.holder} and ${later.holder} both held the lock for ${overlapMs.toFixed(2)} ms`,
      entries: [earlier, later],
    })),
  );
}

interface Overlap {
  readonly earlier: Grant;
  readonly later: Grant;
  readonly overlapMs: number;
}

/** Compares each lease with the earlier lease that ends last, and keeps the first overlap of each pair. */
function findOverlaps(grants: readonly Grant[]): readonly Overlap[] {
  const leases = grants
    .flatMap((grant) => grant.leases.map((interval) => ({ grant, interval })))
    .toSorted((a, b) => a.interval.startsAt - b.interval.startsAt);
  const overlaps = new Map<string, Overlap>();
  let longest: { readonly grant: Grant; readonly interval: Interval } | undefined;
  for (const lease of leases) {
    if (
      longest !== undefined &&
      longest.grant.token !== lease.grant.token &&
      lease.interval.startsAt < longest.interval.endsAt
    ) {
      const endsAt = Math.min(longest.interval.endsAt, lease.interval.endsAt);
      const overlapMs = endsAt - lease.interval.startsAt;
      const pair = `${longest.grant.token} ${lease.grant.token}`;
      if (!overlaps.has(pair)) overlaps.set(pair, { earlier: longest.grant, later: lease.grant, overlapMs });
    }
    if (longest === undefined || lease.interval.endsAt > longest.interval.endsAt) longest = lease;
  }
  return [...overlaps.values()];
}
