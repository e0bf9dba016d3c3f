import type { Electorate } from "./electorate.ts";
import { ExecutionError, MESSAGES } from "./errors.ts";
import type { Settings } from "./settings.ts";
import type { ExecutionStats } from "./stats.ts";
import { VoteCount } from "./vote-count.ts";

/** The latest attempts that are kept, because an operation without a limit of retries would keep them for ever. */
const MAX_KEPT_ATTEMPTS = 1_000;
/** How often an operation waits until clients can vote again, for their connections or their memory, beside its retries. */
const MAX_RESTORATIONS = 2;

/** The result of one attempt. */
export type Outcome<T> =
  | { readonly value: T }
  | {
      /** Whether another attempt would have the same result. */
      readonly isFinal: boolean;
      /** Whether too few clients could vote. */
      readonly isWithoutQuorum: boolean;
      /** Why the attempt failed although a quorum voted for it. */
      readonly reason?: Error | undefined;
    };

/** An operation that is tried again until it has a quorum. */
export interface Operation<T> {
  readonly electorate: Electorate;
  readonly settings: Settings;
  /** The number of resources, for messages. */
  readonly resources: number;
  readonly onError: (error: Error) => void;
  /** Whether it fails if two clients lead to one server, because that server would vote twice. */
  readonly needsDistinctServers: boolean;
  /** Makes one attempt. `attempts`: those before it. */
  readonly attempt: (
    votes: VoteCount,
    attempts: ReadonlyArray<Promise<ExecutionStats>>,
  ) => Promise<Outcome<T>>;
}

/**
 * Makes attempts until one has a quorum, with a pause after each.
 * @throws ExecutionError if none of `retryCount` + 1 attempts has a quorum. DuplicateInstanceError if two clients lead to one server.
 */
export async function repeat<T>({
  electorate,
  settings,
  resources,
  onError,
  needsDistinctServers,
  attempt,
}: Operation<T>): Promise<{
  readonly value: T;
  readonly attempts: ReadonlyArray<Promise<ExecutionStats>>;
}> {
  const { client } = electorate;
  const { members } = client;
  const maxAttempts = settings.retryCount === -1 ? Infinity : settings.retryCount + 1;
  const attempts: Promise<ExecutionStats>[] = [];
  let restorations = 0;
  client.beginWait();
  try {
    if (!client.isClosed) await electorate.begin();
    for (let count = 1; ; count += 1) {
      let votes = new VoteCount(electorate, resources, onError);
      let outcome = await attempt(votes, attempts);
      while (!("value" in outcome) && outcome.isWithoutQuorum && restorations < MAX_RESTORATIONS) {
        const restored = members.whenRestored();
        if (restored === undefined) break;
        restorations += 1;
        await restored;
        votes = new VoteCount(electorate, resources, onError);
        outcome = await attempt(votes, attempts);
      }
      if (members.conflict !== undefined && needsDistinctServers) throw members.conflict;
      attempts.push(votes.stats);
      if (attempts.length > MAX_KEPT_ATTEMPTS) void attempts.shift();
      if ("value" in outcome) return { value: outcome.value, attempts };
      const { isFinal, reason } = outcome;
      if (reason !== undefined) onError(reason);
      if (!isFinal && count < maxAttempts && !client.isClosed) {
        await electorate.pause(pauseMs(electorate, settings));
        if (!client.isClosed) continue;
      }
      throw new ExecutionError(MESSAGES.noQuorum, attempts, { cause: reason ?? votes.failure });
    }
  } finally {
    client.endWait();
  }
}

/** The time before the next attempt, in ms. */
export function pauseMs(
  { client }: Electorate,
  { retryDelay, retryJitter }: Pick<Settings, "retryDelay" | "retryJitter">,
): number {
  return Math.max(0, retryDelay + (client.clock.random() * 2 - 1) * retryJitter);
}
