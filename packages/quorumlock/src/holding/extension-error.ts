import { type LockError, QuorumError } from "../base/errors.ts";
import type { Refusal } from "../quorum/refusal.ts";

/** The error of an extension that failed. */
export function extensionError(
  names: readonly string[],
  { kind, replies, failures, holder }: Refusal,
): LockError {
  const by = holder === undefined ? "" : `; the holder is ${holder.token}`;
  const what =
    kind === "no-quorum"
      ? "not extended: too few instances answered"
      : `not extended: ${replies.length} instances refused it${by}`;
  return new QuorumError(names, what, failures);
}
