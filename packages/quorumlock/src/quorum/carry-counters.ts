import { toError, InstanceError, type InstanceFailure } from "../base/errors.ts";
import type { Member } from "../members/member.ts";
import { maskOf, type Voters } from "../members/voters.ts";
import { type Counter, counters, readCounters } from "../operations/counters.ts";
import { keySpaceOf } from "../operations/keys.ts";
import { isYes, type Reply, type Request } from "../operations/request.ts";

/** Maximum number of counters in one request. The server needs less than a millisecond for them. */
const COUNTERS_PER_REQUEST = 256;

/**
 * Carries the fencing counters from one set of members to the next (protocol §10): reads them from a majority of the present set
 * and raises them on a majority of the next set. Otherwise a name that is not locked during the change could get an old token
 * again. Each part of the counters is written as soon as it is read.
 *
 * @returns `undefined` if both majorities succeeded, otherwise the members that failed.
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

  const raise = async (values: readonly Counter[]): Promise<void> => {
    await Promise.all(
      to.members.map((member) =>
        requestInParts(member, values, counters.raise).catch((error: unknown) => {
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
        const replies = await requestInParts(member, part, counters.read);
        const values = replies.flatMap(([partKeys, reply]) => readCounters(partKeys, reply));
        if (values.length > 0) await raise(values);
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

/** Sends all items in one request. A cluster gets one request for each item, because the items lie in different hash slots. */
async function requestInParts<Item>(
  member: Member,
  items: readonly Item[],
  requestFor: (items: readonly Item[]) => Request,
): Promise<readonly (readonly [items: readonly Item[], reply: Reply])[]> {
  const parts = member.instance.isCluster ? items.map((item) => [item]) : [items];
  return Promise.all(
    parts.map(async (part) => [part, await requestReply(member, requestFor(part))] as const),
  );
}

function requestReply(member: Member, request: Request): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onReply = (_member: number, reply: Reply | InstanceError): void => {
      if (reply instanceof InstanceError) reject(reply);
      else if (isYes(reply)) resolve(reply);
      else reject(new InstanceError("INSTANCE_REPLY", `unexpected reply ${JSON.stringify(reply)}`));
    };
    member.send(request, { onReply });
  });
}
