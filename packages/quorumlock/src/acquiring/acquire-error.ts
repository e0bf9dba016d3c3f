import type { Clock } from "../base/clock.ts";
import {
  type Holder,
  InstanceError,
  type InstanceFailure,
  type LockError,
  LockTimeoutError,
  QuorumError,
} from "../base/errors.ts";
import { ownerOf } from "../base/token.ts";
import type { LockKind } from "../operations/kind.ts";
import type { Members } from "../members/members.ts";
import { maskOf, type Voters } from "../members/voters.ts";
import type { Refusal } from "../quorum/refusal.ts";
import type { Place } from "../waiting/place.ts";

/** An acquisition whose `wait` is over. */
export interface TimedOutAcquisition {
  readonly kind: LockKind;
  readonly target: unknown;
  readonly names: readonly string[];
  readonly waitedMs: number;
  /** Why the latest attempt of this acquisition did not win. */
  readonly refusal: Refusal | undefined;
  /** The place ahead of this acquisition in the local queue. */
  readonly ahead: Place | undefined;
  readonly members: Members;
  readonly clock: Clock;
  /** Whether a lock of this process has this token. */
  readonly isHeldHere: (names: readonly string[], token: string) => boolean;
}

/**
 * Makes the error of an acquisition that timed out: `LockTimeoutError` if others hold the lock, `QuorumError` if too few
 * instances voted, or the error of a limit. An acquisition that sent no attempt uses the refusal of the acquisition ahead of it.
 */
export function timeoutError(acquisition: TimedOutAcquisition): LockError {
  const { names, waitedMs, ahead } = acquisition;
  const refusal = acquisition.refusal ?? ahead?.knownRefusal;
  const limitError = acquisition.kind.limitError?.(acquisition.target, refusal?.replies ?? [], waitedMs);
  if (limitError !== undefined) return limitError;
  const isContended = refusal === undefined ? ahead !== undefined : refusal.kind === "contended";
  if (isContended || ahead?.holder !== undefined)
    return new LockTimeoutError(names, waitedMs, holderOf(acquisition, refusal), refusal?.failures ?? []);
  return noQuorumError(acquisition, refusal);
}

/** Makes the error of an acquisition that does not wait, because a majority refuses this client for good. */
export function permanentError(names: readonly string[], { failures }: Refusal, needed: string): QuorumError {
  const what = `waiting does not help, because too many instances cannot be used as they are set up: ${needed} are needed`;
  return new QuorumError(names, what, failures);
}

/**
 * The error if the members rejected the request for a reason that another attempt would not change, and no quorum is left without
 * these members. `undefined` if an attempt could succeed.
 */
export function rejectionOf(
  { kind, target }: { readonly kind: LockKind; readonly target: unknown },
  { failures }: Refusal,
  voters: Voters,
): Error | undefined {
  if (kind.rejection === undefined) return undefined;
  const rejections = new Map<string, Error>();
  for (const { instance, error } of failures) {
    const rejection = kind.rejection(target, error.message);
    if (rejection !== undefined) rejections.set(instance, rejection);
  }
  if (rejections.size === 0) return undefined;
  const others = voters.members.filter(({ label }) => !rejections.has(label));
  return voters.hasQuorum(maskOf(others)) ? undefined : [...rejections.values()][0];
}

function holderOf(
  { names, ahead, clock, isHeldHere }: TimedOutAcquisition,
  refusal?: Refusal,
): Holder | undefined {
  if (ahead?.holder !== undefined) {
    const { token } = ahead.holder;
    return { owner: ownerOf(token), token, remaining: ahead.holder.remaining(), thisProcess: true };
  }
  if (refusal?.holder === undefined) return undefined;
  const { token, remainingMs } = refusal.holder;
  const remaining = Math.max(0, remainingMs - (clock.monotonic() - refusal.at));
  return { owner: ownerOf(token), token, remaining, thisProcess: isHeldHere(names, token) };
}

function noQuorumError({ names, waitedMs, members }: TimedOutAcquisition, refusal?: Refusal): QuorumError {
  const { voters } = members;
  const noAnswer = new InstanceError("INSTANCE_TIMEOUT", "has not answered yet");
  // The present quarantine replaces the one in the refusal, because time has passed since the last attempt.
  const abstentions = voters.members.flatMap(({ label, abstention }) =>
    abstention === undefined ? [] : [{ instance: label, error: abstention }],
  );
  const reported: readonly InstanceFailure[] =
    refusal?.failures ?? voters.members.map(({ label }) => ({ instance: label, error: noAnswer }));
  const isReplaced = ({ instance, error }: InstanceFailure): boolean =>
    (error === noAnswer || isUnsafe(error)) && abstentions.some((present) => present.instance === instance);
  const failures = reported.filter((failure) => !isReplaced(failure));
  const verb = abstentions.length > 0 ? "could vote" : "answered";
  const what = `too few instances ${verb} within ${Math.round(waitedMs)} ms: ${voters.needed} are needed`;
  return new QuorumError(names, what, [...abstentions, ...failures]);
}

function isUnsafe(error: Error): boolean {
  return error instanceof InstanceError && error.code === "INSTANCE_UNSAFE";
}
