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
import { lockInMode, modesKind } from "../operations/modes.ts";
import { endHolder, operatorKind, type Replaced } from "../operations/operator.ts";
import type { Request } from "../operations/request.ts";
import { slotsKind } from "../operations/slots.ts";
import { permitsOf } from "../operations/slots-target.ts";
import { Attempt } from "../quorum/attempt.ts";
import { Hold } from "../quorum/hold.ts";
import type { Refusal } from "../quorum/refusal.ts";
import { askAll } from "./ask-all.ts";
import { type InspectedHold, inspectLocks, type LockInspection } from "./inspect.ts";

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
 * - `no-quorum`: too few instances answered. What was changed has been undone.
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
  /** Milliseconds until the lock can be acquired. 0 if it is free now. `undefined` if it was not released. */
  readonly freeInMs: number | undefined;
  /** How many instances have confirmed it. */
  readonly votes: number;
  /** How many instances there are. */
  readonly of: number;
  /** Why the other instances have not. */
  readonly failures: readonly InstanceFailure[];
}

/** The keys of the lock of a holder may be about to expire. The operator needs a lease that lasts for a round. */
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
    const [found] = await inspectLocks(redlock, [name]);
    const held = found!.instances.flatMap(({ holds }) => holds.filter((hold) => hold.token === token));
    const quorum = quorumOf(client);
    if (answersIn(found!) < quorum) return notReleased(client, "no-quorum", failuresIn(found!));
    if (held.length === 0) return notReleased(client, whyNotHeld(found!, quorum), failuresIn(found!));
    const replaced: Replaced = { name, holder: token };
    const remainingMs = Math.max(...held.map((hold) => hold.remainingMs));
    const canDrain = held.every(({ isShared }) => !isShared) && Number.isFinite(remainingMs);
    if (canDrain) return await replace(redlock, replaced, { mode, operator, remainingMs });
    if (mode === "drain") return notReleased(client, "only-now", []);
    return await endAtOnce(client, replaced, held[0]!, slotCountIn(found!));
  } finally {
    client.endWait();
  }
}

const KNOWN_OPTIONS = { name: true, token: true, mode: true, operator: true } as const;

function checked(options: OperatorRelease): OperatorRelease {
  refuseUnknownOptions(options, KNOWN_OPTIONS);
  const { name, token, mode, operator } = options;
  checkName("name", name);
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
  const { clock, quorumContext } = client;
  const token = makeToken(clock.randomToken(), tokenSuffix(operator));
  const hold = new Hold(quorumContext, operatorKind, replaced, token);
  const ttlMs = Math.max(MIN_LEASE_MS, Math.ceil(remainingMs));
  client.recordTtl(ttlMs);
  const { attempt, refusal } = await tryOnce(client, hold, ttlMs);
  if (refusal !== undefined || client.members.conflict !== undefined || hold.isOutdated) {
    hold.withdraw();
    const [found] = await inspectLocks(redlock, [replaced.name]);
    const isHeld = found!.instances.some(({ holds }) => holds.some((each) => each.token === replaced.holder));
    const isUnknown = refusal?.kind !== "contended" || isHeld || answersIn(found!) < quorumOf(client);
    const why = isUnknown ? "no-quorum" : whyNotHeld(found!, quorumOf(client));
    return notReleased(client, why, refusal?.failures ?? []);
  }
  const { votes, hasReplaced } = attempt;
  if (mode === "now" || !hasReplaced) await new Promise((resolve) => hold.release(resolve));
  if (!hasReplaced) return notReleased(client, "free", []);
  const freeInMs = mode === "now" ? 0 : await readRemaining(redlock, replaced.name, token);
  return {
    released: true,
    why: undefined,
    newFence: hold.fence,
    freeInMs,
    votes,
    of: client.members.voters.members.length,
    failures: [],
  };
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

/** How long the token keeps others out: until so few instances have it that the others are a quorum. */
async function readRemaining(redlock: MutexRedlock, name: string, token: string): Promise<number> {
  const [found] = await inspectLocks(redlock, [name]);
  const remaining = found!.instances
    .flatMap(({ holds }) =>
      holds.filter((hold) => hold.token === token).map(({ remainingMs }) => remainingMs),
    )
    .toSorted((a, b) => b - a);
  return remaining[found!.instances.length - quorumOf(clientOf(redlock))] ?? 0;
}

/** Deletes what the holder has, on every instance. */
async function endAtOnce(
  client: Client,
  replaced: Replaced,
  held: InspectedHold,
  slotCount: number,
): Promise<OperatorReleaseResult> {
  const answers = await askAll(client, [releaseRequest(client, replaced, held, slotCount)]);
  const failures = answers.flatMap(({ member, replies }) =>
    replies instanceof InstanceError ? [{ instance: member.label, error: replies }] : [],
  );
  const votes = answers.length - failures.length;
  if (votes < quorumOf(client)) return { ...notReleased(client, "no-quorum", failures), votes };
  return {
    released: true,
    why: undefined,
    newFence: undefined,
    freeInMs: 0,
    votes,
    of: answers.length,
    failures,
  };
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

function quorumOf({ members }: Client): number {
  return Math.floor(members.voters.current.length / 2) + 1;
}

function answersIn({ instances }: LockInspection): number {
  return instances.filter(({ state }) => state === "answered").length;
}

function whyNotHeld({ instances }: LockInspection, quorum: number): "free" | "holder-changed" {
  const counts = new Map<string, number>();
  for (const { holds } of instances)
    for (const { token } of holds) counts.set(token, (counts.get(token) ?? 0) + 1);
  return Math.max(0, ...counts.values()) >= quorum ? "holder-changed" : "free";
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
