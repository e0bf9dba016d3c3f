import { asError, InstanceError, type InstanceFailure } from "../base/errors.ts";
import { type Voters, maskOf } from "../members/voters.ts";
import type { Member } from "../members/member.ts";
import { type Counter, counters, FIRST_PAGE, readPage } from "../operations/counters.ts";
import { isYes, type Reply, type Request } from "../operations/request.ts";

/**
 * Carries the fencing counters of all names from one set of members to the next (protocol §10): what a majority of the
 * present set has is raised on a majority of the next one. Names that nobody locks while both sets decide would otherwise
 * go on with counters that know nothing of what was granted, or that are left from a time when their servers had a vote
 * before. Each page of each member is passed on as it comes; nothing is gathered here.
 *
 * @returns who failed, where that leaves too few; `undefined` when it is done.
 */
export async function carryCounters(
  from: Voters,
  to: Voters,
  prefix: string,
): Promise<readonly InstanceFailure[] | undefined> {
  const failures = new Map<Member, Error>();
  let read = 0;
  let written = maskOf(to.members);
  const pass = async (page: readonly Counter[]): Promise<void> => {
    const request = counters.raise(prefix, page);
    await Promise.all(
      to.members.map((member) =>
        ask(member, request).catch((error: unknown) => {
          failures.set(member, asError(error));
          written &= ~(1 << member.index);
        }),
      ),
    );
  };
  await Promise.all(
    from.members.map(async (member) => {
      try {
        for (let cursor: string | undefined = FIRST_PAGE; cursor !== undefined;) {
          const { page, next } = readPage(await ask(member, counters.read(prefix, cursor)));
          if (page.length > 0) await pass(page);
          cursor = next;
        }
        read |= 1 << member.index;
      } catch (error) {
        failures.set(member, asError(error));
      }
    }),
  );
  if (from.hasQuorum(read) && to.hasQuorum(written)) return undefined;
  return [...failures].map(([{ label }, error]) => ({ instance: label, error }));
}

function ask(member: Member, request: Request): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const answered = (_: number, answer: Reply | InstanceError): void => {
      if (answer instanceof InstanceError) reject(answer);
      else if (isYes(answer)) resolve(answer);
      else reject(new InstanceError("INSTANCE_REPLY", `unexpected reply ${JSON.stringify(answer)}`));
    };
    member.send(request, { onReply: answered });
  });
}
