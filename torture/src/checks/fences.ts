import { byResource, type Grant } from "./grants.ts";
import type { Violation } from "./violation.ts";

/**
 * Checks that the fencing tokens of a resource are unique, and that they increase. A token must be larger than the token
 * of every grant that was complete before its own acquisition began.
 */
export function checkFences(grants: readonly Grant[]): readonly Violation[] {
  return [...byResource(grants)].flatMap(([resource, ofResource]) => [
    ...findDuplicates(resource, ofResource),
    ...findDecreases(resource, ofResource),
  ]);
}

function findDuplicates(resource: string, grants: readonly Grant[]): readonly Violation[] {
  const byFence = new Map<number, Grant>();
  return grants.flatMap((grant) => {
    const earlier = byFence.get(grant.fence);
    byFence.set(grant.fence, grant);
    if (earlier === undefined) return [];
    const message = `${resource}: ${earlier.holder} and ${grant.holder} have the same fencing token ${grant.fence}`;
    return [{ check: "fences", message, entries: [earlier, grant] }];
  });
}

function findDecreases(resource: string, grants: readonly Grant[]): readonly Violation[] {
  const completed = grants.toSorted((a, b) => a.completedAt - b.completedAt);
  const violations: Violation[] = [];
  let next = 0;
  /** The completed grant with the largest token. */
  let highest: Grant | undefined;
  for (const grant of grants.toSorted((a, b) => a.invokedAt - b.invokedAt)) {
    for (; (completed[next]?.completedAt ?? Infinity) < grant.invokedAt; next += 1) {
      const earlier = completed[next];
      if (earlier !== undefined && earlier.fence > (highest?.fence ?? 0)) highest = earlier;
    }
    if (highest === undefined || highest.fence < grant.fence) continue;
    const message =
      `${resource}: ${grant.holder} has fencing token ${grant.fence}, ` +
      `but ${highest.holder} had ${highest.fence} before`;
    violations.push({ check: "fences", message, entries: [highest, grant] });
  }
  return violations;
}
