import { toError, InstanceError, type InstanceFailure } from "../base/errors.ts";
import type { Member } from "../members/member.ts";
import { maskOf, type Voters } from "../members/voters.ts";
import { type Counter, counters, readCounters } from "../operations/counters.ts";
import { keySpaceOf } from "../operations/keys.ts";
import { isYes, type Reply, type Request } from "../operations/request.ts";

/** How many counters one request reads or raises: a fraction of a millisecond of the server's time. */
const COUNTERS_PER_REQUEST = 256;

/**
 * Carries the fencing counters from one set of members to the next (protocol §10). What a majority of the present set counted is
 * raised on a majority of the next one. Otherwise a name that nobody locks during the change could get an old token again.
 *
 * Each part of each member's counters is passed on as it comes.
 *
 * @returns the members that failed, if too few are left; `undefined` when it is done.
 */
export async function carryCounters(
  from: Voters,
  to: Voters,
  prefix: string,
): Promise<readonly InstanceFailure[] | undefined> {
  const failures = new Map<Member, Error>();
  const keys = keySpaceOf(prefix).allFences();
  let readMask = 0;
  let writtenMask = maskOf(to.members);

  const raise = async (found: readonly Counter[]): Promise<void> => {
    await Promise.all(
      to.members.map((member) =>
        askInParts(member, found, counters.raise).catch((error: unknown) => {
          failures.set(member, toError(error));
          writtenMask &= ~(1 << member.index);
        }),
      ),
    );
  };
  const carryFrom = async (member: Member): Promise<void> => {
    try {
      for (let at = 0; at < keys.length; at += COUNTERS_PER_REQUEST) {
        const part = keys.slice(at, at + COUNTERS_PER_REQUEST);
        const found = await askInParts(member, part, counters.read);
        const present = found.flatMap(([asked, reply]) => readCounters(asked, reply));
        if (present.length > 0) await raise(present);
      }
      readMask |= 1 << member.index;
    } catch (error) {
      failures.set(member, toError(error));
    }
  };

  await Promise.all(from.members.map(carryFrom));
  if (from.hasQuorum(readMask) && to.hasQuorum(writtenMask)) return undefined;
  return [...failures].map(([{ label }, error]) => ({ instance: label, error }));
}

/** Asks a member about all items in one request; a cluster about each in a request of its own, as they lie in different slots. */
async function askInParts<Item>(
  member: Member,
  items: readonly Item[],
  requestFor: (items: readonly Item[]) => Request,
): Promise<readonly (readonly [items: readonly Item[], reply: Reply])[]> {
  const parts = member.instance.isCluster ? items.map((item) => [item]) : [items];
  return Promise.all(parts.map(async (part) => [part, await ask(member, requestFor(part))] as const));
}

function ask(member: Member, request: Request): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onReply = (_member: number, reply: Reply | InstanceError): void => {
      if (reply instanceof InstanceError) reject(reply);
      else if (isYes(reply)) resolve(reply);
      else reject(new InstanceError("INSTANCE_REPLY", `unexpected reply ${JSON.stringify(reply)}`));
    };
    member.send(request, { onReply });
  });
}
