import type { StoredWrite } from "../fenced-store.ts";
import { byResource, type Grant } from "./grants.ts";
import type { Violation } from "./violation.ts";

/** Fencing tokens have to be unique, and larger than those of all grants that were complete before they were asked for. */
export function checkFences(grants: readonly Grant[]): readonly Violation[] {
  return [...byResource(grants)].flatMap(([resource, ofResource]) => [
    ...twins(resource, ofResource),
    ...backward(resource, ofResource),
  ]);
}

function twins(resource: string, grants: readonly Grant[]): readonly Violation[] {
  const seen = new Map<number, Grant>();
  return grants.flatMap((grant) => {
    const twin = seen.get(grant.fence);
    seen.set(grant.fence, grant);
    if (twin === undefined) return [];
    const message = `${resource}: fence ${grant.fence} was given to ${twin.holder} and to ${grant.holder}`;
    return [{ check: "fences", message, entries: [twin, grant] }];
  });
}

function backward(resource: string, grants: readonly Grant[]): readonly Violation[] {
  const completed = grants.toSorted((a, b) => a.completedAt - b.completedAt);
  const violations: Violation[] = [];
  let next = 0;
  let highest: Grant | undefined;
  for (const grant of grants.toSorted((a, b) => a.invokedAt - b.invokedAt)) {
    for (; (completed[next]?.completedAt ?? Infinity) < grant.invokedAt; next += 1) {
      const before = completed[next];
      if (before !== undefined && before.fence > (highest?.fence ?? 0)) highest = before;
    }
    if (highest === undefined || highest.fence < grant.fence) continue;
    const message = `${resource}: fence ${grant.fence} of ${grant.holder} follows on ${highest.fence} of ${highest.holder}`;
    violations.push({ check: "fences", message, entries: [highest, grant] });
  }
  return violations;
}

/** What the store took has to be in the order of the fences, and of one holder for each fence. */
export function checkStore(writes: readonly StoredWrite[]): readonly Violation[] {
  const last = new Map<string, StoredWrite>();
  return writes.flatMap((write) => {
    if (!write.accepted) return [];
    const before = last.get(write.resource);
    last.set(write.resource, write);
    if (before === undefined || write.fence > before.fence) return [];
    if (write.fence === before.fence && write.token === before.token) return [];
    const message = `${write.resource}: the store took fence ${write.fence} after ${before.fence}`;
    return [{ check: "store", message, entries: [before, write] }];
  });
}

/** A write that was refused though its holder surely held the lock when it arrived: somebody else was let in before. */
export function checkRefusals(
  writes: readonly StoredWrite[],
  grants: readonly Grant[],
): readonly Violation[] {
  const byToken = new Map(grants.map((grant) => [grant.token, grant]));
  return writes.flatMap((write) => {
    if (write.accepted) return [];
    const grant = byToken.get(write.token);
    const held = grant?.held.some(({ from, to }) => from <= write.arrivedAt && write.arrivedAt < to) ?? false;
    if (grant === undefined || !held) return [];
    const message = `${write.resource}: the store refused fence ${write.fence} of ${grant.holder}, which held the lock`;
    return [{ check: "leases", message, entries: [grant, write] }];
  });
}
