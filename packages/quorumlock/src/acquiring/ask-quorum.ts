import { elapsedMs, takeInstant } from "../base/clock.ts";
import { LockClosedError, QuorumError } from "../base/errors.ts";
import type { ReplyList, Request } from "../operations/request.ts";
import { retryWhenRestored } from "../members/retry-when-restored.ts";
import { Round } from "../quorum/round.ts";
import type { AcquiringContext } from "./acquiring-context.ts";

/** How often a request is sent whose replies come too late, or after a change of the voters. */
const MAX_ROUNDS = 4;

/**
 * Sends a request that locks nothing to all instances. Returns the replies of a quorum. The request is sent again if the voters
 * changed meanwhile, or if the round took longer than the longest ttl: a member that replied first may have lost its memory, and got
 * it back from the others before they replied.
 * @param problem what is not known without the replies, for the error.
 * @throws QuorumError if too few instances answered. LockClosedError if the client is closed, or closes meanwhile.
 */
export async function askQuorum(
  context: AcquiringContext,
  names: readonly string[],
  request: Request,
  problem: string,
): Promise<readonly ReplyList[]> {
  const { members } = context;
  if (context.isClosed) throw new LockClosedError(names);
  context.beginWait();
  try {
    if (!members.isIdentified) await members.identifyAll();
    if (members.conflict !== undefined) throw members.conflict;
    return await retryWhenRestored(members, async () => {
      for (let rounds = 1; ; rounds += 1) {
        const startedAt = takeInstant(context.clock);
        const round = new Round(members.voters);
        await new Promise<unknown>((resolve) => round.send(request).whenDecided({ onDecided: resolve }));
        const isInTime = elapsedMs(context.clock, startedAt) <= members.longestTtlMs;
        if (round.isWon && isInTime && round.voters.covers(members.voters))
          return round.votes.map(({ reply }) => reply as ReplyList);
        if (!round.isWon || rounds === MAX_ROUNDS)
          throw new QuorumError(names, problem, [...round.failures, ...round.unanswered]);
      }
    });
  } catch (error) {
    throw context.isClosed ? new LockClosedError(names) : error;
  } finally {
    context.endWait();
  }
}
