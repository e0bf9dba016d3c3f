import type { Fault } from "../faults/inject-fault.ts";
import { byNode, type Grant } from "./grants.ts";

/** Nodes that a smaller share of the grants holds are left out. Workers use them so seldom that gaps are usual. */
const MIN_SHARE = 0.1;

/**
 * The longest time between two grants of one node, in ms. If there were faults, counts only gaps that end after the start of a fault
 * and begin less than `aftermathMs` after its end. Pass only grants of short holds: a long hold is a gap on purpose.
 */
export function longestGap(grants: readonly Grant[], faults: readonly Fault[], aftermathMs: number): number {
  const busy = [...byNode(grants).values()].filter(({ length }) => length >= MIN_SHARE * grants.length);
  const gaps = busy.flatMap((ofNode) => {
    const moments = ofNode.map(({ grant }) => grant.completedAt).toSorted((a, b) => a - b);
    return moments.slice(1).map((endsAt, index) => ({ startsAt: moments[index] ?? endsAt, endsAt }));
  });
  const relevant =
    faults.length === 0
      ? gaps
      : gaps.filter((gap) =>
          faults.some((fault) => gap.endsAt > fault.startedAt && gap.startsAt < fault.endedAt + aftermathMs),
        );
  return relevant.reduce((longest, { startsAt, endsAt }) => Math.max(longest, endsAt - startsAt), 0);
}
