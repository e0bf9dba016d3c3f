import { makeToken } from "../../base/token.ts";
import { isYes } from "../../operations/request.ts";
import { mutexKind } from "../../operations/mutex.ts";
import { Attempt } from "../../quorum/attempt.ts";
import type { QuorumContext } from "../../quorum/hold.ts";
import type { Lease } from "../../quorum/lease.ts";
import type { Refusal } from "../../quorum/refusal.ts";
import type { Electorate } from "./electorate.ts";
import { inWordsOfRedlock } from "./errors.ts";
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
          const isWithoutQuorum = refusal.kind === "no-quorum";
          // The releases are sent at the end of the tick. Then the reply that decided it is counted, too.
          client.clock.nextTick(() =>
            resolve({ isFinal: false, isWithoutQuorum, reason: reasonOf(refusal, votes) }),
          );
          return;
        }
        // Two clients lead to one server, which has voted twice.
        if (client.members.conflict !== undefined) hold.withdraw();
        hold.lease = attempt.lease;
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
  if ("lease" in result) {
    hold.lease = result.lease;
    return { value: result.lease };
  }
  const { isLost, kind } = result.refusal;
  const reason = reasonOf(result.refusal, votes);
  const isFinal = isLost || (reason === undefined && (await votes.isRefused()));
  return { isFinal, isWithoutQuorum: kind === "no-quorum", reason };
}

/**
 * One attempt to release. `released`: what members have confirmed in earlier attempts, with the place of the round. They find no key any
 * more. `hasEnded`: whether the keys have expired by now, so that another attempt would not help.
 */
export async function releaseOnce(
  hold: VotedHold,
  released: Set<string>,
  hasEnded: () => boolean,
  votes: VoteCount,
): Promise<Outcome<undefined>> {
  const isForIn =
    (place: number): IsFor =>
    (member, reply) => {
      const isReleased = typeof reply === "number" ? reply !== 0 : isYes(reply);
      if (isReleased) released.add(`${place} ${member}`);
      return released.has(`${place} ${member}`);
    };
  let rounds = 0;
  hold.assumeHeldEverywhere();
  hold.release(undefined, (round) => votes.add(round, isForIn((rounds += 1))));
  votes.close();
  if (await votes.hasQuorum) return { value: undefined };
  const isRefused = await votes.isRefused();
  return { isFinal: isRefused || hasEnded(), isWithoutQuorum: !isRefused };
}

/** Why an attempt failed that a quorum of clients voted for. `undefined` if no quorum did. */
function reasonOf({ failures: [failure] }: Refusal, votes: VoteCount): Error | undefined {
  return votes.isWon && failure !== undefined ? inWordsOfRedlock(failure.error) : undefined;
}
