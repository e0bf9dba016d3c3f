import { assert } from "../base/assert.ts";
import { type InstanceFailure, LockLostError, QuorumError } from "../base/errors.ts";
import { retryWhenRestored } from "../members/retry-when-restored.ts";
import type { Voters } from "../members/voters.ts";
import {
  getRecord,
  memoryIn,
  type MemoryReading,
  openRecord,
  promisedIn,
  putRecord,
  readingIn,
  type RecordReading,
  type RecordVersion,
} from "../operations/record.ts";
import type { ReplyList, Request } from "../operations/request.ts";
import type { QuorumContext } from "./hold.ts";
import { type RecordOutcome, RecordRound, type RecordRules } from "./record-round.ts";

type WonRound<T> = RecordOutcome<T> & { readonly state: "won" };

/** What a holder may do with a record. */
export interface RecordAccess {
  readonly id: string;
  /** The fencing token of the holder. */
  readonly fence: number;
  /** The latest time before which no version of the record can have been written, in whole ms since 1970. */
  readonly createdAt: number;
  /** How long the record is kept from now on, in ms. */
  readonly keepMs: number;
}

export interface OpenedVersion {
  /** The newest version, which a quorum has. `undefined` if there is none. */
  readonly version: RecordVersion | undefined;
  /** The median of the times of all servers whose time is known, in ms since 1970. */
  readonly nowMs: number;
}

/** How often a request is sent if the voters change meanwhile. */
const MAX_ROUNDS = 4;
/** The number of a version that a holder writes again as it found it. Its own versions begin with 1. */
const ADOPTED = 0;

/**
 * Opens a record, and returns its newest version. If that is not on a quorum, it is written again under the fencing token of the
 * opener before it is returned: otherwise the next opener might not find it.
 * @throws LockLostError if a larger fencing token was there. QuorumError if no quorum opened the record, or wrote it again.
 */
export async function openRecordByQuorum(
  context: QuorumContext,
  access: RecordAccess,
): Promise<OpenedVersion> {
  const { id, fence, createdAt, keepMs } = access;
  const rules: RecordRules<RecordReading> = {
    clock: context.clock,
    driftFactor: context.driftFactor,
    read: readingIn,
    memoryOf: ({ memory }) => memory,
    createdAtOf: () => createdAt,
    choiceOf: () => "open",
    canDisagree: false,
  };
  const outcome = await decide(context, access, openRecord(context.prefix, id, fence, keepMs), rules);
  const { nowMs } = outcome;
  const readings = outcome.votes.map(({ value }) => value);
  const newest = readings.reduce<RecordVersion | undefined>(
    (known, { version }) => (version !== undefined && isNewer(version, known) ? version : known),
    undefined,
  );
  const isOnAll = readings.every(({ version, isCopy }) => !isCopy && isSame(version, newest));
  if (newest === undefined || isOnAll) return { version: newest, nowMs };
  const adopted = newest.fence === fence ? newest : { ...newest, fence, number: ADOPTED };
  await putRecordByQuorum(context, access, adopted);
  return { version: adopted, nowMs };
}

/**
 * Writes a version of a record. After a QuorumError, nobody knows whether it was written.
 * @throws LockLostError if a larger fencing token was there, or a newer version. QuorumError if no quorum wrote it.
 */
export async function putRecordByQuorum(
  context: QuorumContext,
  access: RecordAccess,
  version: RecordVersion,
): Promise<void> {
  const { id, createdAt, keepMs } = access;
  const rules: RecordRules<MemoryReading> = {
    clock: context.clock,
    driftFactor: context.driftFactor,
    read: memoryIn,
    memoryOf: (memory) => memory,
    createdAtOf: () => createdAt,
    choiceOf: () => "put",
    canDisagree: false,
  };
  await decide(context, access, putRecord(context.prefix, id, version, createdAt, keepMs), rules);
}

/**
 * Reads a record. `undefined` if no quorum has the same version, or none.
 * @throws QuorumError if no quorum answered.
 */
export async function getRecordByQuorum(
  context: QuorumContext,
  id: string,
): Promise<RecordVersion | undefined> {
  const rules: RecordRules<RecordReading> = {
    clock: context.clock,
    driftFactor: context.driftFactor,
    read: readingIn,
    memoryOf: ({ memory }) => memory,
    createdAtOf: ({ createdAt }) => createdAt,
    choiceOf: ({ version, isCopy }) =>
      version === undefined || isCopy ? undefined : `${version.fence} ${version.number} ${version.body}`,
    canDisagree: true,
  };
  const outcome = await settle(context, id, getRecord(context.prefix, id), rules);
  return outcome?.votes[0]?.value.version;
}

/** Sends a request of a holder. Returns the votes of a quorum. */
async function decide<T>(
  context: QuorumContext,
  { id, fence }: RecordAccess,
  request: Request,
  rules: RecordRules<T>,
): Promise<WonRound<T>> {
  const outcome = await settle(context, id, request, rules, fence);
  assert(outcome !== undefined, "the votes of a holder are all for the same");
  return outcome;
}

/**
 * Sends a request to all voters. It is sent again if the voters changed meanwhile, or if connections are being made again. `undefined`
 * if a quorum answered, but not the same.
 */
function settle<T>(
  { members }: QuorumContext,
  id: string,
  request: Request,
  rules: RecordRules<T>,
  fence = 0,
): Promise<WonRound<T> | undefined> {
  return retryWhenRestored(members, async () => {
    if (!members.isIdentified) await members.identifyAll();
    for (let rounds = 1; ; rounds += 1) {
      if (members.conflict !== undefined) throw members.conflict;
      const { voters, separations } = members;
      const outcome = await RecordRound.run(voters, request, rules);
      if (outcome.state === "refused") throw new LockLostError([id], whyRefused(fence, outcome.refusal));
      if (outcome.state === "lost" && rules.canDisagree && outcome.isReachable) return undefined;
      if (outcome.state === "lost") throw noQuorum(voters, outcome.failures);
      const isOneServerTwice = members.separations !== separations || members.haveDuplicates;
      if (voters.covers(members.voters) && !isOneServerTwice) return outcome;
      if (rounds === MAX_ROUNDS) throw noQuorum(members.voters, []);
    }
  });
}

function whyRefused(fence: number, refusal: ReplyList): string {
  return `a holder with the fencing token ${promisedIn(refusal)}, which is larger than ${fence}, has opened the record`;
}

function noQuorum({ needed }: Voters, failures: readonly InstanceFailure[]): QuorumError {
  const why = failures.length === 0 ? ", and the set of instances changed during each request" : "";
  return new QuorumError(
    [],
    `too few instances answered for the record: ${needed} are needed${why}`,
    failures,
  );
}

function isNewer(version: RecordVersion, known: RecordVersion | undefined): boolean {
  if (known === undefined || version.fence > known.fence) return true;
  return version.fence === known.fence && version.number > known.number;
}

function isSame(a: RecordVersion | undefined, b: RecordVersion | undefined): boolean {
  return a?.fence === b?.fence && a?.number === b?.number && a?.body === b?.body;
}
