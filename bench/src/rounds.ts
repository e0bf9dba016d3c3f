import type { Address, Contender, LockClient } from "./contender.ts";
import type { RunSettings } from "./scenario.ts";

/** A contender that is connected to the servers. */
export interface Participant {
  readonly contender: Contender;
  readonly lockClient: LockClient;
}

/** The contenders that take part, and the baselines that they are compared with. */
export function selectContenders(
  contenders: readonly Contender[],
  { includes }: Pick<RunSettings, "includes">,
): readonly Contender[] {
  const included = contenders.filter(includes);
  const baselines = new Set(included.map(({ baseline }) => baseline));
  return contenders.filter((contender) => included.includes(contender) || baselines.has(contender));
}

/** In scenarios that need a process or a pause for each contender, a quick run leaves out other libraries. */
export function isMeasured({ quick }: Pick<RunSettings, "quick">): (contender: Contender) => boolean {
  return ({ kind }) => !quick || kind !== "peer";
}

/** Connects all contenders, calls `work`, and disconnects the contenders even if `work` fails. */
export async function withConnections<T>(
  contenders: readonly Contender[],
  { servers }: { readonly servers: readonly Address[] },
  work: (participants: readonly Participant[]) => Promise<T>,
): Promise<T> {
  const participants: Participant[] = [];
  try {
    for (const contender of contenders)
      participants.push({ contender, lockClient: await contender.connect(servers) });
    return await work(participants);
  } finally {
    await Promise.all(participants.map(({ lockClient }) => lockClient[Symbol.asyncDispose]()));
  }
}

/**
 * Gives every participant one turn in each round, until the time is over. A disturbance of the machine then affects all of them.
 * Each round starts with another participant, so that none always follows the same one. The last round is completed.
 */
export async function runRounds<Entry>(
  participants: readonly Entry[],
  { seconds, minRounds }: { readonly seconds: number; readonly minRounds: number },
  turn: (participant: Entry, round: number) => Promise<void>,
): Promise<void> {
  const endsAt = performance.now() + seconds * 1_000;
  for (let round = 0; round < minRounds || performance.now() < endsAt; round++) {
    for (const participant of rotate(participants, round)) await turn(participant, round);
  }
}

/** The same entries, beginning with another one in each round. */
export function rotate<Entry>(entries: readonly Entry[], round: number): readonly Entry[] {
  const start = entries.length === 0 ? 0 : round % entries.length;
  return [...entries.slice(start), ...entries.slice(0, start)];
}
