import type { LockingContext } from "../acquiring/acquirable.ts";
import { queryLock } from "../acquiring/query-lock.ts";
import { LockKindError, QuorumError } from "../base/errors.ts";
import type { LockState } from "../lockable.ts";
import { slotsKind } from "../operations/slots.ts";
import type { SemaphoreSize, SlotsTarget } from "../operations/slots-target.ts";
import type { Survey } from "../quorum/query.ts";

/**
 * Reads who holds permits, and how many are free.
 * @throws LockKindError if the name is held by a lock in modes. QuorumError, LockClosedError.
 */
export async function queryPermits(
  context: LockingContext,
  target: SlotsTarget,
): Promise<LockState & { readonly permits: number; readonly free: number }> {
  const { names, size } = target;
  const { state, found } = await orKindError(names, queryLock(context, slotsKind, target));
  learnSize(size, found.facts.values() as Iterable<SemaphoreSize>);
  const { total } = size;
  return { ...state, permits: total, free: freeIn(found, total) };
}

/** So many permits are free on a quorum: the quorum-th of the largest numbers. */
function freeIn({ voters, reports, facts }: Survey, total: number): number {
  const negated: number[] = [];
  for (const member of facts.keys()) negated[member] = -total;
  for (const { member, slots } of reports) {
    const taken = slots === undefined ? total : slots.filter((slot) => slot < total).length;
    negated[member] = Math.min(0, negated[member]! + taken);
  }
  return 0 - voters.quorumReadyAt(negated);
}

/** Notes the latest change of a size. `known`: what instances report. */
export function learnSize(size: SemaphoreSize, known: Iterable<SemaphoreSize>): void {
  for (const { total, stamp } of known) if (stamp > size.stamp) Object.assign(size, { total, stamp });
}

/** @throws LockKindError in place of a QuorumError, if an instance reports that the name is held by a lock of another kind. */
export async function orKindError<T>(names: readonly string[], asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    const isOtherKind =
      error instanceof QuorumError &&
      error.failures.some(({ error: { message } }) => message.includes("OTHERKIND"));
    throw isOtherKind ? new LockKindError(names) : error;
  }
}
