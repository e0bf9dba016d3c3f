import { InstanceError, type InstanceFailure, QuorumError } from "../base/errors.ts";
import type { Voters } from "../members/voters.ts";
import type { HeldName, KindQuery, LockKind } from "../operations/kind.ts";
import type { Reply, ReplyList, Request } from "../operations/request.ts";
import type { QuorumContext } from "./hold.ts";
import { Round } from "./round.ts";

/** A name that a token holds, as one member reports it. `expiresAt`: by the monotonic clock. */
interface Report extends Pick<HeldName, "name" | "token" | "slots"> {
  readonly member: number;
  readonly expiresAt: number;
}

/** What the voters report about a target. */
export interface Survey {
  readonly voters: Voters;
  readonly reports: readonly Report[];
  /** The clients that wait in line on any voter. */
  readonly waiting: ReadonlySet<string>;
  /** Number of voters that answered. */
  readonly answers: number;
  /** For each voter that answered, by index, what only the kind reads. */
  readonly facts: ReadonlyMap<number, unknown>;
}

/**
 * Reads the state of a target from all voters, with one request to each; in a cluster, with one for each hash slot. Waits for
 * every voter that can answer within the time limit of a request, because the number of votes is a part of the result.
 * @throws QuorumError if no quorum answered.
 */
export async function survey(
  { clock, members, prefix }: QuorumContext,
  kind: LockKind,
  query: KindQuery,
  target: unknown,
): Promise<Survey> {
  const { voters } = members;
  const names = kind.names(target);
  const parts = members.hasCluster && names.length > 1 ? kind.split(target, prefix) : [target];
  const reports: Report[] = [];
  const waiting = new Set<string>();
  const facts = new Map<number, unknown>();
  const failures = new Map<number, InstanceFailure>();
  const record = (part: unknown, member: number, reply: Reply | InstanceError): void => {
    if (reply instanceof InstanceError) {
      const instance = members.all.find(({ index }) => index === member)?.label ?? "";
      failures.set(member, { instance, error: reply });
      return;
    }
    const state = query.read(part, reply as ReplyList);
    for (const { name, token, remainingMs, slots } of state.holds)
      reports.push({ name, token, slots, member, expiresAt: clock.monotonic() + remainingMs });
    facts.set(member, state.facts);
    for (const client of state.waiting) waiting.add(client);
  };
  await Promise.all(
    parts.map((part) =>
      sendToAll(voters, query.request(part, prefix), (member, reply) => record(part, member, reply)),
    ),
  );
  const answered = voters.members.filter(({ index }) => !failures.has(index));
  if (voters.hasQuorum(answered.reduce((mask, { index }) => mask | (1 << index), 0)))
    return { voters, reports, waiting, answers: answered.length, facts };
  const what = `too few instances answered the query: ${voters.needed} are needed`;
  throw new QuorumError(names, what, [...failures.values()]);
}

/** Sends a request, and resolves when every voter has replied or has abstained. A reply after an abstention is ignored. */
function sendToAll(
  voters: Voters,
  request: Request,
  onReply: (member: number, reply: Reply | InstanceError) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const missing = new Set(voters.members.map(({ index }) => index));
    new Round(voters).send(request).listen((member, reply) => {
      if (!missing.delete(member)) return;
      onReply(member, reply);
      if (missing.size === 0) resolve();
    });
  });
}
