import { LockClosedError, QuorumError } from "../base/errors.ts";
import type { ReplyList, Request } from "../operations/request.ts";
import { retryWhenRestored } from "../members/retry-when-restored.ts";
import { Round } from "../quorum/round.ts";
import type { AcquiringContext } from "./acquiring-context.ts";

/**
 * Sends a request that locks nothing to all instances. Returns the replies of a quorum.
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
      const round = new Round(members.voters);
      await new Promise<unknown>((resolve) => round.send(request).whenDecided({ onDecided: resolve }));
      if (round.isWon) return round.votes.map(({ reply }) => reply as ReplyList);
      throw new QuorumError(names, problem, [...round.failures, ...round.unanswered]);
    });
  } catch (error) {
    throw context.isClosed ? new LockClosedError(names) : error;
  } finally {
    context.endWait();
  }
}
