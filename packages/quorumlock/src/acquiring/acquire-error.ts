import { assert } from "../base/assert.ts";
import {
  type Holder,
  InstanceError,
  type InstanceFailure,
  LockAbortedError,
  LockClosedError,
  type LockError,
  LockTimeoutError,
  QuorumError,
} from "../base/errors.ts";
import { ownerOf } from "../base/token.ts";
import type { LockKind } from "../operations/kind.ts";
import { maskOf, type Voters } from "../members/voters.ts";
import type { Refusal } from "../quorum/refusal.ts";
import type { Place } from "../waiting/place.ts";
import type { WaitEnd } from "../waiting/wait-limit.ts";
import type { AcquireCall } from "./acquire-call.ts";

/** The error of an acquisition whose wait has ended. */
export function errorAtEnd(end: WaitEnd, call: AcquireCall): LockError {
  const { names, request } = call;
  if (end === "aborted") return new LockAbortedError(names, request.options.signal?.reason);
  if (end === "closed") return new LockClosedError(names);
  return end === "refused" ? permanentError(call) : timeoutError(call);
}

/** @throws the error of the acquisition, if its wait has ended. */
export function throwIfEnded(end: WaitEnd | undefined, call: AcquireCall): void {
  if (end !== undefined) throw errorAtEnd(end, call);
}

/** @throws the error of the acquisition, if a majority refuses this client for good. Callers behind it inherit the refusal. */
export function throwIfPermanent(refusal: Refusal | undefined, call: AcquireCall): void {
  if (refusal?.isPermanent !== true) return;
  call.refusal = refusal;
  throw errorAtEnd("refused", call);
}

/**
 * `LockTimeoutError` if others hold the lock, `QuorumError` if too few instances voted, or the error of a limit. An acquisition that
 * sent no attempt uses the refusal of the acquisition ahead of it.
 */
function timeoutError(call: AcquireCall): LockError {
  const { context, request, names, place } = call;
  // Without a place it was rejected at once.
  const waitedMs = place === undefined ? 0 : context.clock.monotonic() - call.startedAt;
  /** The place ahead of this acquisition in the local queue. */
  const ahead = context.queue.placeAhead(names, place);
  const refusal = call.refusal ?? ahead?.knownRefusal;
  const limitError = request.kind.limitError?.(request.target, refusal?.replies ?? [], waitedMs);
  if (limitError !== undefined) return limitError;
  const isContended = refusal === undefined ? ahead !== undefined : refusal.kind === "contended";
  if (isContended || ahead?.holder !== undefined) {
    const holder = holderOf(call, ahead, refusal);
    const isHeld = ahead?.holder !== undefined || refusal?.isHeld === true;
    return new LockTimeoutError(names, waitedMs, holder, refusal?.failures ?? [], "acquired", isHeld);
  }
  return noQuorumError(call, waitedMs, refusal);
}

/** An acquisition does not wait if a majority refuses this client for good. */
function permanentError({ context, names, refusal }: AcquireCall): QuorumError {
  assert(refusal !== undefined, "an acquisition that was refused has a refusal");
  const { needed } = context.members.voters;
  const what = `waiting does not help, because too many instances cannot be used as they are set up: ${needed} are needed`;
  return new QuorumError(names, what, refusal.failures);
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
  const others = [...voters.members];
  let first: Error | undefined;
  for (const { instance, error } of failures) {
    const rejection = kind.rejection(target, error.message);
    if (rejection === undefined) continue;
    first ??= rejection;
    // Several members can have the same label.
    const at = others.findIndex(({ label }) => label === instance);
    if (at !== -1) others.splice(at, 1);
  }
  return voters.hasQuorum(maskOf(others)) ? undefined : first;
}

function holderOf(
  { context: { clock, isHeldHere }, names }: AcquireCall,
  ahead: Place | undefined,
  refusal: Refusal | undefined,
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

function noQuorumError(
  { context, names }: AcquireCall,
  waitedMs: number,
  refusal: Refusal | undefined,
): QuorumError {
  const { voters } = context.members;
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
