import type { Fault } from "../faults/inject-fault.ts";
import { byResource, type Grant } from "./grants.ts";

/**
 * The longest time between two grants of one resource, in ms. If there were faults, counts only gaps that end after the
 * start of a fault and begin less than `aftermathMs` after its end. Pass only grants of short holds: a long hold is a
 * gap on purpose.
 */
export function longestGap(grants: readonly Grant[], faults: readonly Fault[], aftermathMs: number): number {
  const gaps = [...byResource(grants).values()].flatMap((ofResource) => {
    const moments = ofResource.map(({ completedAt }) => completedAt).toSorted((a, b) => a - b);
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
