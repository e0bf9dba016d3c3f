import { InstanceError, type InstanceFailure, LockClosedError } from "../base/errors.ts";
import { formatValue } from "../base/check-value.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkName } from "../base/names.ts";
import { checkOwner } from "../base/options.ts";
import { makeToken, tokenSuffix } from "../base/token.ts";
import type { Client } from "../client/client.ts";
import { clientOf } from "../client/client-of.ts";
import type { MutexRedlock } from "../mutex-redlock.ts";
import type { Owner } from "../operations/kind.ts";
import { checkKeyName } from "../operations/keys.ts";
import { lockInMode, modesKind } from "../operations/modes.ts";
import { endHolder, operatorKind, type Replaced } from "../operations/operator.ts";
import type { Request } from "../operations/request.ts";
import { slotsKind } from "../operations/slots.ts";
import { permitsOf } from "../operations/slots-target.ts";
import { Attempt } from "../quorum/attempt.ts";
import { Hold } from "../quorum/hold.ts";
import type { Refusal } from "../quorum/refusal.ts";
import type { ReleaseResult } from "../quorum/release.ts";
import { askAll } from "./ask-all.ts";
import { type InspectedHold, type InspectedInstance, inspectLocks, type LockInspection } from "./inspect.ts";
import { hasQuorum } from "./inspected-quorum.ts";

/** The lock that an operator ends. */
export interface OperatorRelease {
  readonly name: string;
  /** The whole token of the holder, from `inspectLocks`. The lock is not touched if another token holds it by then. */
  readonly token: string;
  /**
   * - `drain`: the token of the operator takes the place of the holder's. Nobody can extend or acquire the lock, and it is free when it
   *   would have been without the operator, so the holder's lease has ended before the next one begins. Only for exclusive holders.
   * - `now`: it is free at once. The holder may still work, so two can work at the same time until its lease ends.
   */
  readonly mode: "drain" | "now";
  /** Who does that, such as `operator:anna`. It is the owner label of the token. 1 to 128 printable characters. */
  readonly operator: string;
}

/**
 * Why the lock was not released:
 *
 * - `free`: nobody holds it.
 * - `holder-changed`: another token holds it.
 * - `no-quorum`: too few instances have confirmed it. An exclusive holder has got back what was changed. If it has released the lock
 *   meanwhile, its keys end by themselves, after the time that was left. Shared holds, permits and keys without an expiry have ended on
 *   the instances that answered, which are `votes`.
 * - `only-now`: a shared hold, and a key without an expiry, cannot be drained.
 */
export type NotReleased = "free" | "holder-changed" | "no-quorum" | "only-now";

/** The result of `releaseForOperator`. */
export interface OperatorReleaseResult {
  readonly released: boolean;
  /** `undefined` if it was released. */
  readonly why: NotReleased | undefined;
  /**
   * A fencing token above that of the former holder, and below that of the next one. Record it in the protected store, so that the store
   * refuses late writes of the former holder. `undefined` if there is none: for shared holds, and for keys without an expiry.
   */
  readonly newFence: number | undefined;
  /** Milliseconds until the lock can be acquired, at the latest. 0 if it is free now. `undefined` if it was not released. */
  readonly freeInMs: number | undefined;
  /** How many instances have confirmed it. */
  readonly votes: number;
  /** How many instances there are. */
  readonly of: number;
  /** Why the other instances have not. */
  readonly failures: readonly InstanceFailure[];
}

/** The keys of a holder may be about to expire. The operator needs a lease that lasts for a round. */
const MIN_LEASE_MS = 100;

/**
 * Ends the lock of another process. It does not stop that process: the process learns of it at its next extension, by default within a
 * third of the ttl, and a protected store refuses its writes only once the store has seen a larger fencing token.
 *
 * A holder of an exclusive lock that was released `now`, and whose lock nobody has taken, can extend it again. A shared hold extends
 * itself again in the same way, so end its process first.
 * @throws LockClosedError if the client is closed. TypeError, RangeError for bad options, with the field and the value.
 */
export async function releaseForOperator(
  redlock: MutexRedlock,
  options: OperatorRelease,
): Promise<OperatorReleaseResult> {
  const { name, token, mode, operator } = checked(options);
  const client = clientOf(redlock);
  if (client.isClosed) throw new LockClosedError([name]);
  client.beginWait();
  try {
    const found = await look(redlock, name);
    const held = holdsOf(found, token);
    if (!hasQuorum(client, found, isAnswered) || held.length === 0)
      return notReleased(client, whyNotHeld(client, found, [token]), failuresIn(found));
    const remainingMs = Math.max(...held.map((hold) => hold.remainingMs));
    const canDrain = held.every(({ isShared }) => !isShared) && Number.isFinite(remainingMs);
    const replaced: Replaced = { name, holder: token };
    if (canDrain) return await replace(redlock, replaced, { mode, operator, remainingMs });
    if (mode === "drain") return notReleased(client, "only-now", []);
    return await endAtOnce(redlock, replaced, held[0]!, slotCountIn(found));
  } finally {
    client.endWait();
  }
}

const KNOWN_OPTIONS = { name: true, token: true, mode: true, operator: true } as const;

function checked(options: OperatorRelease): OperatorRelease {
  refuseUnknownOptions(options, KNOWN_OPTIONS);
  const { name, token, mode, operator } = options;
  checkName("name", name);
  // Its key could be one of the library's own, such as the marker of a server.
  checkKeyName(name);
  if (typeof token !== "string" || token === "")
    throw new TypeError("token: must be the whole token of the holder, from inspectLocks");
  if (mode !== "drain" && mode !== "now")
    throw new RangeError(`mode: ${formatValue(mode)} must be "drain" or "now"`);
  return { name, token, mode, operator: checkOwner(operator) };
}

interface Replacing extends Pick<OperatorRelease, "mode" | "operator"> {
  readonly remainingMs: number;
}

/** Takes the place of an exclusive holder. */
async function replace(
  redlock: MutexRedlock,
  replaced: Replaced,
  { mode, operator, remainingMs }: Replacing,
): Promise<OperatorReleaseResult> {
  const client = clientOf(redlock);
  const { clock, quorumContext, members } = client;
  const token = makeToken(clock.randomToken(), tokenSuffix(operator));
  const hold = new Hold(quorumContext, operatorKind, replaced, token);
  client.recordTtl(Math.ceil(Math.max(MIN_LEASE_MS, remainingMs)));
  const { attempt, refusal } = await tryOnce(client, hold, Math.ceil(Math.max(MIN_LEASE_MS, remainingMs)));
  const fail = async (failures: readonly InstanceFailure[]): Promise<OperatorReleaseResult> => {
    const found = await look(redlock, replaced.name);
    hold.withdraw();
    return notReleased(client, whyNotHeld(client, found, [replaced.holder, token]), failures);
  };
  if (refusal !== undefined || members.conflict !== undefined || hold.isOutdated)
    return fail(refusal?.failures ?? []);
  // The holder may have extended the lock on some instances meanwhile, and others may have no key. The operator must keep it out on all
  // of them until the last of its keys ends. Otherwise it could extend the lock on those where the operator's key ends earlier.
  const found = await look(redlock, replaced.name);
  const left = [...holdsOf(found, token), ...holdsOf(found, replaced.holder)].map((each) => each.remainingMs);
  const longestMs = Math.ceil(Math.max(MIN_LEASE_MS, remainingMs, ...left));
  client.recordTtl(longestMs);
  const extended = await hold.extend(longestMs);
  if (!("lease" in extended)) return fail(extended.refusal.failures);
  const released = {
    released: true,
    why: undefined,
    newFence: hold.fence,
    votes: attempt.votes,
    of: members.voters.members.length,
  };
  if (mode === "drain") return { ...released, freeInMs: longestMs, failures: [] };
  const { isConfirmed, failures } = await new Promise<ReleaseResult>((resolve) => hold.release(resolve));
  // What is left of the operator's own keys keeps others out until it ends.
  return { ...released, freeInMs: isConfirmed ? 0 : longestMs, failures };
}

async function tryOnce(
  { quorumContext }: Client,
  hold: Hold,
  ttlMs: number,
): Promise<{ readonly attempt: Attempt; readonly refusal: Refusal | undefined }> {
  const options = { ttlMs, previous: undefined, joinsLine: false };
  let attempt!: Attempt;
  const refusal = await new Promise<Refusal | undefined>((resolve) => {
    attempt = new Attempt(quorumContext, hold, options, { onAttemptEnded: resolve });
    attempt.start();
  });
  return { attempt, refusal };
}

/** Deletes what the holder has, on every instance. */
async function endAtOnce(
  redlock: MutexRedlock,
  replaced: Replaced,
  held: InspectedHold,
  slotCount: number,
): Promise<OperatorReleaseResult> {
  const client = clientOf(redlock);
  const { voters } = client.members;
  const answers = await askAll(client, [releaseRequest(client, replaced, held, slotCount)]);
  const failures: InstanceFailure[] = [];
  let [confirmedMask, votes] = [0, 0];
  for (const { member, replies } of answers) {
    const reply = replies[0]!;
    if (reply instanceof InstanceError) failures.push({ instance: member.label, error: reply });
    else confirmedMask |= 1 << member.index;
    if (typeof reply === "number" && reply !== 0) votes += 1;
  }
  const of = answers.length;
  if (!voters.hasQuorum(confirmedMask)) return { ...notReleased(client, "no-quorum", failures), votes };
  if (votes === 0) {
    const found = await look(redlock, replaced.name);
    return notReleased(client, whyNotHeld(client, found, [replaced.holder]), failures);
  }
  return { released: true, why: undefined, newFence: undefined, freeInMs: 0, votes, of, failures };
}

function releaseRequest(
  client: Client,
  replaced: Replaced,
  { isShared, slots }: InspectedHold,
  slotCount: number,
): Request {
  const { prefix, quorumContext } = client;
  const { clientId } = quorumContext;
  const { name, holder } = replaced;
  const owner: Owner = { token: holder, prefix, fence: 0, isWithdrawn: false };
  if (slots !== undefined) {
    const target = permitsOf(name, slots.length, { total: slotCount, stamp: 0 }, 0);
    return slotsKind.release(target, owner, clientId);
  }
  return isShared
    ? modesKind.release(lockInMode([name], "S"), owner, clientId)
    : endHolder(replaced, prefix, clientId);
}

/** At least so many permits the semaphore has, because these are held. The freed ones are offered to waiters. */
function slotCountIn({ instances }: LockInspection): number {
  const slots = instances.flatMap(({ holds }) => holds.flatMap((hold) => hold.slots ?? []));
  return Math.max(-1, ...slots) + 1;
}

async function look(redlock: MutexRedlock, name: string): Promise<LockInspection> {
  const [found] = await inspectLocks(redlock, [name]);
  return found!;
}

function holdsOf({ instances }: LockInspection, token: string): readonly InspectedHold[] {
  return instances.flatMap(({ holds }) => holds.filter((hold) => hold.token === token));
}

function isAnswered({ state }: InspectedInstance): boolean {
  return state === "answered";
}

/** Why none of these tokens has a quorum. */
function whyNotHeld(client: Client, found: LockInspection, tokens: readonly string[]): NotReleased {
  const others = new Set(found.instances.flatMap(({ holds }) => holds.map(({ token }) => token)));
  for (const token of tokens) others.delete(token);
  const isHeldBy = (token: string): boolean =>
    hasQuorum(client, found, ({ holds }) => holds.some((hold) => hold.token === token));
  if ([...others].some(isHeldBy)) return "holder-changed";
  if (!hasQuorum(client, found, isAnswered)) return "no-quorum";
  return tokens.some((token) => holdsOf(found, token).length > 0) ? "no-quorum" : "free";
}

function failuresIn({ instances }: LockInspection): readonly InstanceFailure[] {
  return instances.flatMap(({ label, error }) =>
    error === undefined ? [] : [{ instance: label, error: new Error(error) }],
  );
}

function notReleased(
  client: Client,
  why: NotReleased,
  failures: readonly InstanceFailure[],
): OperatorReleaseResult {
  const of = client.members.voters.members.length;
  return { released: false, why, newFence: undefined, freeInMs: undefined, votes: 0, of, failures };
}
