import { LockClosedError, LockLostError, QuorumError } from "../base/errors.ts";
import { formatValue } from "../base/check-value.ts";
import { ownerOf } from "../base/token.ts";
import type { LockWatch } from "../diagnostics/lock-watch.ts";
import { HeldLock, type LockClass } from "../holding/lock.ts";
import { Voters } from "../members/voters.ts";
import { type LockKind, sharingMode } from "../operations/kind.ts";
import { type ExtendResult, Hold } from "../quorum/hold.ts";
import type { Refusal } from "../quorum/refusal.ts";
import type { AcquiringContext } from "./acquiring-context.ts";
import { retryWhenRestored } from "../members/retry-when-restored.ts";

type Renewed = Extract<ExtendResult, { readonly lease: unknown }>;

/** A lock that another process has detached, and how it is held here. */
export interface AttachRequest {
  readonly kind: LockKind;
  readonly transfer: NonNullable<LockKind["transfer"]>;
  readonly target: unknown;
  /** The class of the lock, if it has more methods than other locks. */
  readonly lockClass: LockClass<HeldLock> | undefined;
  readonly token: string;
  readonly fence: number;
  readonly ttlMs: number;
  readonly autoExtend: boolean;
  readonly watch: LockWatch | undefined;
}

/**
 * Takes up a detached lock, if a quorum still has its token. The lease begins with the round that shows that, so no clock of the
 * other process counts.
 * @throws LockLostError if a quorum does not have the token any more. QuorumError if too few instances answered. LockClosedError.
 * RangeError if no instance has ever granted the fencing token.
 */
export async function attachLock(context: AcquiringContext, request: AttachRequest): Promise<HeldLock> {
  const { members, queue, quorumContext, events } = context;
  const { kind, target, lockClass = HeldLock, token, fence, ttlMs, autoExtend, watch } = request;
  const names = kind.names(target);
  context.beginWait();
  try {
    if (context.isClosed) throw new LockClosedError(names);
    if (!members.isIdentified) await members.identifyAll();
    if (members.conflict !== undefined) throw members.conflict;
    members.recordTtl(ttlMs);
    const hold = new Hold(quorumContext, kind, target, token);
    const tryRenew = async (): Promise<Renewed> =>
      leaseOf(hold, await renew(context, hold, request), members.voters.next !== undefined);
    let renewed;
    do renewed = await retryWhenRestored(members, tryRenew);
    // If the voters changed meanwhile, the round says nothing about the present ones.
    while (hold.isOutdated && !context.isClosed);
    // An extension writes the fencing token to counters. A changed description must not move them.
    if (renewed.counter > 1 && fence > renewed.counter)
      throw new RangeError(
        `description.fence: ${formatValue(fence)} was never granted; the instances are at ${renewed.counter}`,
      );
    if (context.isClosed) throw new LockClosedError(names);
    const place = queue.enterAttached(kind, target, ttlMs);
    // Errors of callers who wait for this lock name this process.
    if (!place.isQueued) context.recordLeftover(token);
    const { lease } = renewed;
    const id = events.nextId();
    const lock = new lockClass(context, { id, hold, lease, ttlMs, autoExtend, place, watch });
    const { label } = kind;
    const mode = sharingMode(kind, target);
    events.to("lock:attached")?.({ id, names, kind: label, mode, token, fence, ttlMs });
    return lock;
  } catch (error) {
    watch?.onEnded(false);
    throw context.isClosed ? new LockClosedError(names) : error;
  } finally {
    context.endWait();
  }
}

/**
 * Renews the hold on members that have the token. During a change of the members, a majority of each set must have it: a process
 * that needs one set alone may have been granted the lock since.
 */
async function renew(
  { members }: AcquiringContext,
  hold: Hold,
  { transfer, fence, ttlMs }: AttachRequest,
): Promise<ExtendResult> {
  const { voters } = members;
  const result = await hold.attach(transfer, fence, ttlMs, voters);
  if ("lease" in result || !result.refusal.isLost || voters.next === undefined) return result;
  // A process that needs one of the sets alone may still attach it. It is lost only if both sets refuse it.
  for (const set of [voters.current, voters.next]) {
    const alone = await hold.attach(transfer, fence, ttlMs, new Voters(set));
    if ("lease" in alone || !alone.refusal.isLost) return { refusal: { ...result.refusal, isLost: false } };
  }
  return result;
}

/** @throws the reason why the hold was not renewed. */
function leaseOf(hold: Hold, result: ExtendResult, isChanging: boolean): Renewed {
  if ("lease" in result) return result;
  const { refusal } = result;
  const { names } = hold;
  const hint = isChanging
    ? "; the set of instances is being changed, and both sets must have the token; attach it when the change is complete"
    : "";
  if (!refusal.isLost)
    throw new QuorumError(names, `not attached: ${reasonOf(refusal)}${hint}`, refusal.failures);
  // Nothing is deleted: a description with other names can be wrong about a lock that is valid elsewhere.
  throw new LockLostError(
    names,
    `it cannot be attached: a quorum does not have its token${holderIn(refusal)}`,
  );
}

function reasonOf(refusal: Refusal): string {
  return refusal.kind === "no-quorum"
    ? "too few instances answered"
    : `${refusal.replies.length} instances refused it${holderIn(refusal)}`;
}

function holderIn({ holder }: Refusal): string {
  if (holder === undefined) return "";
  return `; the holder is ${ownerOf(holder.token) ?? "a client of another library"}`;
}
