import type { InstanceFailure } from "../base/errors.ts";
import {
  type CounterContext,
  largest,
  raiseCounters,
  readCountersOf,
  roundedUp,
  untilEnough,
} from "../members/counters.ts";
import type { Voters } from "../members/voters.ts";

/**
 * Carries the fencing counters from one set of members to the next (protocol §10): reads them from a majority of the present set
 * and raises them on a majority of the next set. Otherwise a name that is not locked during the change could get an old token
 * again. A member whose own counters are not complete does not count as read, and a member that has lost its memory not as written.
 *
 * The changed sizes of semaphores go with them. A counter is rounded up, so that it also raises the counters of semaphores' slots.
 *
 * @returns `undefined` if both majorities succeeded, otherwise the members that failed.
 */
export async function carryCounters(
  from: Voters,
  to: Voters,
  context: CounterContext,
): Promise<readonly InstanceFailure[] | undefined> {
  const read = await untilEnough(
    from.members,
    (member) => readCountersOf(member, context),
    (mask) => from.hasQuorum(mask),
  );
  if (!from.hasQuorum(read.mask)) return read.failures;
  const values = roundedUp(largest(read.results));
  const written = await untilEnough(
    to.members,
    (member) => raiseCounters(member, values, context),
    (mask) => to.hasQuorum(mask),
  );
  return to.hasQuorum(written.mask) ? undefined : [...read.failures, ...written.failures];
}
