import type { Clock } from "../base/clock.ts";
import { type Holder, InstanceError, type InstanceFailure, type LockError } from "../base/errors.ts";
import { LockTimeoutError, QuorumError } from "../base/errors.ts";
import { ownerOf } from "../base/token.ts";
import type { Members } from "../members/members.ts";
import type { Refusal } from "../quorum/refusal.ts";
import type { Place } from "../waiting/place.ts";

export interface WaitedFor {
  readonly names: readonly string[];
  readonly waitedMs: number;
  /** Why the latest attempt of this acquisition did not win. */
  readonly refusal: Refusal | undefined;
  /** The place that is before it in this process. */
  readonly ahead: Place | undefined;
  readonly members: Members;
  readonly clock: Clock;
  /** Whether a lock of this process has this token. */
  readonly isHeldHere: (names: readonly string[], token: string) => boolean;
}

/**
 * The error of an acquisition whose time ran out, by what it learned, or else the acquisition before it in this process:
 * a timeout if others hold the lock, and a missing quorum if too few instances voted.
 */
export function timeoutError(waited: WaitedFor): LockError {
  const { names, waitedMs, ahead } = waited;
  const refusal = waited.refusal ?? ahead?.waiter?.refusal;
  const isContended = refusal === undefined ? ahead !== undefined : refusal.kind === "contended";
  if (isContended || ahead?.holder !== undefined)
    return new LockTimeoutError(names, waitedMs, holderOf(waited, refusal), refusal?.failures ?? []);
  return noQuorumError(waited, refusal);
}

function holderOf({ names, ahead, clock, isHeldHere }: WaitedFor, refusal?: Refusal): Holder | undefined {
  if (ahead?.holder !== undefined) {
    const { token } = ahead.holder;
    return { owner: ownerOf(token), token, remaining: ahead.holder.remaining(), thisProcess: true };
  }
  if (refusal?.holder === undefined) return undefined;
  const { token, remainingMs } = refusal.holder;
  const remaining = Math.max(0, remainingMs - (clock.monotonic() - refusal.at));
  return { owner: ownerOf(token), token, remaining, thisProcess: isHeldHere(names, token) };
}

function noQuorumError({ names, waitedMs, members }: WaitedFor, refusal?: Refusal): QuorumError {
  const { voters } = members;
  const unasked = new InstanceError("INSTANCE_TIMEOUT", "has not answered yet");
  // Quarantine is reported as it is now: time has passed since the last attempt.
  const abstentions = voters.members.flatMap(({ label, abstention }) =>
    abstention === undefined ? [] : [{ instance: label, error: abstention }],
  );
  const reported: readonly InstanceFailure[] =
    refusal?.failures ?? voters.members.map(({ label }) => ({ instance: label, error: unasked }));
  const failures = reported.filter(
    ({ instance, error }) =>
      !(error === unasked || isUnsafe(error)) || !abstentions.some((other) => other.instance === instance),
  );
  const did = abstentions.length > 0 ? "could vote" : "answered";
  const what = `too few instances ${did} within ${Math.round(waitedMs)} ms: ${voters.needed} are needed`;
  return new QuorumError(names, what, [...abstentions, ...failures]);
}

function isUnsafe(error: Error): boolean {
  return error instanceof InstanceError && error.code === "INSTANCE_UNSAFE";
}
