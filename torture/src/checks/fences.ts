import { clash, type Mode, MODES } from "@quorumlock/sim/history";
import { countsUp } from "../contest/hold.ts";
import { byNode, type Grant, type NodeGrant } from "./grants.ts";
import type { Violation } from "./violation.ts";

/**
 * Checks the fencing tokens of holders of one node whose modes clash.
 *
 * - An exclusive holder has a larger token than every holder that was granted the lock before its own acquisition began.
 * - A shared holder has at least the token of every such exclusive holder.
 * - No two exclusive holders have the same token.
 */
export function checkFences(grants: readonly Grant[]): readonly Violation[] {
  return [...byNode(grants)].flatMap(([node, ofNode]) => [
    ...findDuplicates(node, ofNode),
    ...findDecreases(node, ofNode),
  ]);
}

function isCounting({ hold, grant }: NodeGrant): boolean {
  return countsUp(hold, grant.holds);
}

function findDuplicates(node: string, grants: readonly NodeGrant[]): readonly Violation[] {
  const byFence = new Map<number, NodeGrant[]>();
  return grants.filter(isCounting).flatMap((one) => {
    const { grant } = one;
    const same = byFence.get(grant.fence) ?? [];
    const earlier = same.find((other) => clash(other.mode, one.mode));
    byFence.set(grant.fence, [...same, one]);
    if (earlier === undefined) return [];
    const message = `${node}: ${earlier.grant.holder} and ${grant.holder} have the same fencing token ${grant.fence}`;
    return [{ check: "fences", message, entries: [earlier.grant, grant] }];
  });
}

function findDecreases(node: string, grants: readonly NodeGrant[]): readonly Violation[] {
  const completed = grants.toSorted((a, b) => a.grant.completedAt - b.grant.completedAt);
  const violations: Violation[] = [];
  let next = 0;
  /** By mode: the completed grant with the largest token. */
  const highest = new Map<Mode, Grant>();
  for (const one of grants.toSorted((a, b) => a.grant.invokedAt - b.grant.invokedAt)) {
    const { grant, mode } = one;
    for (; (completed[next]?.grant.completedAt ?? Infinity) < grant.invokedAt; next += 1) {
      const earlier = completed[next]!;
      if (earlier.grant.fence > (highest.get(earlier.mode)?.fence ?? -1))
        highest.set(earlier.mode, earlier.grant);
    }
    const rivals = MODES.flatMap((other) => (clash(mode, other) ? (highest.get(other) ?? []) : []));
    const [rival] = rivals.toSorted((a, b) => b.fence - a.fence);
    if (rival === undefined) continue;
    if (isCounting(one) ? grant.fence > rival.fence : grant.fence >= rival.fence) continue;
    const message =
      `${node}: ${grant.holder} has fencing token ${grant.fence} in ${mode}, ` +
      `but ${rival.holder} had ${rival.fence} before`;
    violations.push({ check: "fences", message, entries: [rival, grant] });
  }
  return violations;
}
