import { ComputeError, type RemoteError, RunTimeoutError } from "../errors.ts";
import { readRemoteError, remoteErrorOf } from "../remote-error.ts";

/**
 * How a computation has ended that left no entry. Those who waited for its holder read it, and nobody else: the next caller computes
 * anew.
 */
export interface Outcome {
  /** The mark of the holder's token. */
  readonly by: string;
  /** `undefined` if the computation found nothing. */
  readonly error: RemoteError | undefined;
  /** Set if the computation took longer than this time, in ms. */
  readonly limitMs: number | undefined;
}

/** How long an outcome is kept, in ms. Those who wait read it at once when the lock is released. */
export const OUTCOME_KEEP_MS = 10_000;

export function encodeFailure(by: string, thrown: unknown): string {
  return JSON.stringify({
    by,
    error: remoteErrorOf(thrown),
    limitMs: thrown instanceof RunTimeoutError ? thrown.limit : undefined,
  });
}

export function encodeNotFound(by: string): string {
  return JSON.stringify({ by });
}

/** Reads the text of a store; `undefined` if it is no outcome. */
export function decodeOutcome(text: string | null | undefined): Outcome | undefined {
  try {
    const { by, error, limitMs } = JSON.parse(text ?? "") as Partial<Outcome>;
    if (typeof by !== "string") return undefined;
    return { by, error: error === undefined ? undefined : readRemoteError(error), limitMs };
  } catch {
    return undefined;
  }
}

/** The error for a caller that waited for the computation of another process. */
export function errorOf(key: string, { error, limitMs }: Outcome & { readonly error: RemoteError }): Error {
  return limitMs === undefined ? new ComputeError(key, error) : new RunTimeoutError(key, limitMs);
}
