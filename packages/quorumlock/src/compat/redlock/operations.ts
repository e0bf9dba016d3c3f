import { makeToken } from "../../base/token.ts";
import { isYes } from "../../operations/request.ts";
import { mutexKind } from "../../operations/mutex.ts";
import { Attempt } from "../../quorum/attempt.ts";
import type { QuorumContext } from "../../quorum/hold.ts";
import type { Lease } from "../../quorum/lease.ts";
import type { Electorate } from "./electorate.ts";
import type { Outcome } from "./repeat.ts";
import type { IsFor, VoteCount } from "./vote-count.ts";
import { VotedHold } from "./voted-hold.ts";

/** A lock that was granted. */
export interface Grant {
  readonly hold: VotedHold;
  readonly lease: Lease;
}

/**
 * One attempt to acquire. If it has no quorum, what a minority has granted is undone: the releases are sent before this resolves, so the
 * next command of the same client finds no key. They also undo grants of clients that answer later.
 */
export function acquireOnce(
  { client }: Electorate,
  context: QuorumContext,
  names: readonly string[],
  durationMs: number,
  votes: VoteCount,
): Promise<Outcome<Grant>> {
  const token = makeToken(client.clock.randomToken(), client.options.tokenSuffix);
  const hold = new VotedHold(context, names, token);
  hold.votes = votes;
  return new Promise((resolve) => {
    const options = { ttlMs: durationMs, previous: undefined, joinsLine: false };
    const attempt = new Attempt(context, hold, options, {
      onAttemptEnded(refusal) {
        votes.close();
        if (refusal !== undefined) {
          const outcome = { isFinal: false, isWithoutQuorum: refusal.kind === "no-quorum" };
          // The releases are sent at the end of the tick.
          client.clock.nextTick(() => resolve(outcome));
          return;
        }
        // Two clients lead to one server, which has voted twice.
        if (client.members.conflict !== undefined) hold.withdraw();
        resolve({ value: { hold, lease: attempt.lease } });
      },
    });
    attempt.start();
  });
}

/**
 * One attempt to extend a lock where it is held. `everywhere`: also on servers that have lost it, because its lease excludes all other
 * holders. That is wrong for a lock that another process may have released by its value.
 */
export async function extendOnce(
  { client }: Electorate,
  hold: VotedHold,
  everywhere: boolean,
  durationMs: number,
  votes: VoteCount,
): Promise<Outcome<Lease>> {
  hold.votes = votes;
  const { voters } = client.members;
  const result = everywhere
    ? await hold.extend(durationMs)
    : await hold.attach(mutexKind.transfer!, hold.fence, durationMs, voters);
  votes.close();
  if ("lease" in result) return { value: result.lease };
  const { isLost, kind } = result.refusal;
  return { isFinal: isLost, isWithoutQuorum: kind === "no-quorum" };
}

/** One attempt to release. `released`: the members that have confirmed it in an earlier attempt. They find no key any more. */
export async function releaseOnce(
  hold: VotedHold,
  released: Set<number>,
  votes: VoteCount,
): Promise<Outcome<undefined>> {
  const isFor: IsFor = (member, reply) => {
    const isReleased = typeof reply === "number" ? reply !== 0 : isYes(reply);
    if (isReleased) released.add(member);
    return released.has(member);
  };
  hold.assumeHeldEverywhere();
  hold.release(undefined, (round) => votes.add(round, isFor));
  votes.close();
  if (await votes.hasQuorum) return { value: undefined };
  return { isFinal: votes.isRefused, isWithoutQuorum: !votes.isRefused };
}
