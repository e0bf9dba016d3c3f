import { LockClosedError } from "../base/errors.ts";
import { ownerOf } from "../base/token.ts";
import type { LockHolder, LockState } from "../lockable.ts";
import { countBits } from "../members/voters.ts";
import type { LockKind } from "../operations/kind.ts";
import { type Survey, survey } from "../quorum/query.ts";
import type { AcquiringContext } from "./acquiring-context.ts";
import { retryWhenRestored } from "../members/retry-when-restored.ts";

/** The votes for one token, and the same slots if it holds any: for each name that it holds, the members and until when. */
interface Tally {
  readonly token: string;
  readonly slots: readonly number[] | undefined;
  readonly names: Map<string, Map<number, number>>;
}

/** The state of a lock, and the answers of which it is made. */
interface Answer {
  readonly state: LockState;
  readonly found: Survey;
}

/**
 * Reads who holds a target.
 * @throws TypeError if the kind of lock cannot be queried. LockClosedError. QuorumError if no quorum answered.
 */
export async function queryLock(context: AcquiringContext, kind: LockKind, target: unknown): Promise<Answer> {
  const { members, queue, quorumContext } = context;
  const names = kind.names(target);
  const { query } = kind;
  if (query === undefined) throw new TypeError("query: this kind of lock cannot be queried");
  if (context.isClosed) throw new LockClosedError(names);
  context.beginWait();
  try {
    if (!members.isIdentified) await members.identifyAll();
    if (members.conflict !== undefined) throw members.conflict;
    const found = await retryWhenRestored(members, () => survey(quorumContext, kind, query, target));
    // A caller with a place of its own has the name of its client, a dot and a number.
    const isOwn = (waiter: string): boolean => waiter.split(".")[0] === quorumContext.clientId;
    const others = new Set([...found.waiting].filter((waiter) => !isOwn(waiter)));
    const tallies = tallyOf(found);
    const holders = tallies.flatMap((tally) => holderOf(context, found, tally, true) ?? []);
    const partial = tallies.flatMap((tally) => holderOf(context, found, tally, false) ?? []);
    const state = {
      names,
      isHeld: holders.length > 0,
      holders,
      partial,
      waiters: queue.countWaiting(names) + others.size,
      answers: found.answers,
      instances: found.voters.members.length,
    };
    return { state, found };
  } catch (error) {
    throw context.isClosed ? new LockClosedError(names) : error;
  } finally {
    context.endWait();
  }
}

function tallyOf({ reports }: Survey): readonly Tally[] {
  const tallies = new Map<string, Tally>();
  for (const { token, name, member, expiresAt, slots } of reports) {
    const key = slots === undefined ? token : `${token} ${slots.join(" ")}`;
    const tally = tallies.get(key) ?? { token, slots, names: new Map<string, Map<number, number>>() };
    tallies.set(key, tally);
    const votes = tally.names.get(name) ?? new Map<number, number>();
    tally.names.set(name, votes.set(member, expiresAt));
  }
  return [...tallies.values()];
}

/** The names that a quorum reports for the token, or the names that only fewer members report. `undefined` if it has none. */
function holderOf(
  { clock, isHeldHere }: AcquiringContext,
  { voters }: Survey,
  { token, slots, names: votesByName }: Tally,
  byQuorum: boolean,
): LockHolder | undefined {
  const votes = [...votesByName].filter(([, members]) => voters.hasQuorum(maskOf(members)) === byQuorum);
  if (votes.length === 0) return undefined;
  const names = votes.map(([name]) => name).toSorted();
  const endsAt = votes.map(([, members]) => {
    if (!byQuorum) return Math.max(...members.values());
    // The moment at which less than a quorum is left: the quorum-th of the latest expiries.
    const negated: number[] = [];
    for (const [member, expiresAt] of members) negated[member] = -expiresAt;
    return -voters.quorumReadyAt(negated);
  });
  return {
    names,
    token,
    owner: ownerOf(token),
    remaining: Math.max(0, Math.min(...endsAt) - clock.monotonic()),
    thisProcess: isHeldHere(names, token),
    votes: Math.min(...votes.map(([, members]) => countBits(maskOf(members)))),
    ...(slots === undefined ? {} : { slots }),
  };
}

function maskOf(members: ReadonlyMap<number, unknown>): number {
  let mask = 0;
  for (const member of members.keys()) mask |= 1 << member;
  return mask;
}
