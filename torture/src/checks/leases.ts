import { clash } from "@quorumlock/sim/history";
import { byNode, type Grant, type Interval, type NodeGrant } from "./grants.ts";
import type { Violation } from "./violation.ts";

/** Reports each pair of holders whose leases of one node overlap although their modes clash. */
export function checkLeases(grants: readonly Grant[]): readonly Violation[] {
  return [...byNode(grants)].flatMap(([node, ofNode]) =>
    findOverlaps(ofNode).map(({ earlier, later, overlapMs }) => ({
      check: "leases",
      message:
        `${node}: ${earlier.grant.holder} in ${earlier.mode} and ${later.grant.holder} in ${later.mode} ` +
        `both held the lock for ${overlapMs.toFixed(2)} ms`,
      entries: [earlier.grant, later.grant],
    })),
  );
}

interface Overlap {
  readonly earlier: NodeGrant;
  readonly later: NodeGrant;
  readonly overlapMs: number;
}

type NodeLease = NodeGrant & { readonly interval: Interval };

/** Compares each lease with all that are valid when it starts, and keeps the first overlap of each pair. */
function findOverlaps(grants: readonly NodeGrant[]): readonly Overlap[] {
  const leases = grants
    .flatMap((one) => one.grant.leases.map((interval): NodeLease => ({ ...one, interval })))
    .toSorted((a, b) => a.interval.startsAt - b.interval.startsAt);
  const overlaps = new Map<string, Overlap>();
  let valid: readonly NodeLease[] = [];
  for (const later of leases) {
    valid = valid.filter(({ interval }) => interval.endsAt > later.interval.startsAt);
    for (const earlier of valid) {
      if (earlier.grant === later.grant || !clash(earlier.mode, later.mode)) continue;
      const overlapMs = Math.min(earlier.interval.endsAt, later.interval.endsAt) - later.interval.startsAt;
      const pair = [earlier.grant.lock, later.grant.lock].toSorted().join(" ");
      if (!overlaps.has(pair)) overlaps.set(pair, { earlier, later, overlapMs });
    }
    valid = [...valid, later];
  }
  return [...overlaps.values()];
}
