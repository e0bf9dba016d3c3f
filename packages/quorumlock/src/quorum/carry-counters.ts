import { toError, type InstanceFailure } from "../base/errors.ts";
import { type CounterValues, largest, raiseCounters, readCountersOf } from "../members/counters.ts";
import type { Member } from "../members/member.ts";
import { maskOf, type Voters } from "../members/voters.ts";

/**
 * Carries the fencing counters from one set of members to the next (protocol §10): reads them from a majority of the present set
 * and raises them on a majority of the next set. Otherwise a name that is not locked during the change could get an old token
 * again. A member whose own counters are not complete does not count as read, and a member that has lost its memory not as written.
 *
 * @returns `undefined` if both majorities succeeded, otherwise the members that failed.
 */
export async function carryCounters(
  from: Voters,
  to: Voters,
  prefix: string,
): Promise<readonly InstanceFailure[] | undefined> {
  const failures = new Map<Member, Error>();
  /** Runs an action on each member. Returns the members for which it succeeded, with its result. */
  const onEach = async <T>(members: readonly Member[], act: (member: Member) => Promise<T>) => {
    const results = members.map((member) =>
      act(member).then(
        (result) => [{ member, result }],
        (error: unknown) => {
          failures.set(member, toError(error));
          return [];
        },
      ),
    );
    return (await Promise.all(results)).flat();
  };
  const failed = (): readonly InstanceFailure[] =>
    [...failures].map(([{ label }, error]) => ({ instance: label, error }));

  const read = await onEach<CounterValues>(from.members, (member) => readCountersOf(member, prefix));
  if (!from.hasQuorum(maskOf(read.map(({ member }) => member)))) return failed();
  const values = largest(read.map(({ result }) => result));
  const written = await onEach(to.members, (member) => raiseCounters(member, values));
  return to.hasQuorum(maskOf(written.map(({ member }) => member))) ? undefined : failed();
}
