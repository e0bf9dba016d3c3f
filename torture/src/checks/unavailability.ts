import type { Fault } from "../faults/strike.ts";
import { byResource, type Grant } from "./grants.ts";

/**
 * The longest time between two grants of one resource, in ms. Where there were faults, only times that ended after one of
 * them began, and that began before `feltMs` after its end. Pauses that are on purpose are none: give it resources that
 * nobody holds for long.
 */
export function longestGap(grants: readonly Grant[], faults: readonly Fault[], feltMs: number): number {
  const gaps = [...byResource(grants).values()].flatMap((ofResource) => {
    const moments = ofResource.map(({ completedAt }) => completedAt).toSorted((a, b) => a - b);
    return moments.slice(1).map((to, index) => ({ from: moments[index] ?? to, to }));
  });
  const felt =
    faults.length === 0
      ? gaps
      : gaps.filter((gap) => faults.some((fault) => gap.to > fault.from && gap.from < fault.to + feltMs));
  return felt.reduce((longest, { from, to }) => Math.max(longest, to - from), 0);
}
