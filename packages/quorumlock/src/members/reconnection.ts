import type { Clock } from "../base/clock.ts";
import type { Deadlines } from "../base/deadlines.ts";
import { type Voters, maskOf } from "./voters.ts";

export interface ReconnectionContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
}

export interface ReconnectingMembers {
  readonly voters: Voters;
  watch(onChange: () => void): () => void;
}

/**
 * Waits until a quorum can vote again, because connections that were lost just now are being made again. A process that was
 * frozen, such as a serverless function, finds all its idle connections lost. Resolves at the latest when these connections
 * count as down. Returns `undefined` if no quorum is possible with them, or if none was lost.
 */
export function whenReconnected(
  { clock, deadlines }: ReconnectionContext,
  members: ReconnectingMembers,
): Promise<void> | undefined {
  const { voters } = members;
  const now = clock.monotonic();
  const ready = voters.members.filter(({ problem }) => problem === undefined);
  const lost = voters.members.filter((member) => member.reconnectsBy > now && !ready.includes(member));
  if (lost.length === 0 || !voters.hasQuorum(maskOf([...ready, ...lost]))) return undefined;
  return new Promise((resolve) => {
    const finish = (): void => {
      limit.cancel();
      stopWatching();
      resolve();
    };
    const limit = deadlines.add(Math.max(...lost.map(({ reconnectsBy }) => reconnectsBy)), finish);
    const stopWatching = members.watch(() => {
      const canVote = members.voters.members.filter(({ problem }) => problem === undefined);
      if (members.voters.hasQuorum(maskOf(canVote))) finish();
    });
  });
}
