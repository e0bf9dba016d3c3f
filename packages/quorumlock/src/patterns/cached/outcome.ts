import { ComputeError, type RemoteError, RunTimeoutError } from "../errors.ts";
import { readRemoteError, remoteErrorOf } from "../remote-error.ts";

/**
 * How a computation has ended that left no entry. Only callers that waited for its holder use it: the next caller computes anew.
 */
export interface Outcome {
  /** The mark of the holder's token. */
  readonly by: string;
  /**
   * The version of the entry that its holder saw before it computed; `undefined` if there was none. If the key has another entry by now,
   * this outcome is from before a change or a deletion.
   */
  readonly version: string | undefined;
  /** `undefined` if the computation found nothing. */
  readonly error: RemoteError | undefined;
  /** Set if the computation took longer than this time, in ms. */
  readonly limitMs: number | undefined;
}

/** How long an outcome is kept, in ms. Those who wait read it at once when the lock is released. */
export const OUTCOME_KEEP_MS = 10_000;

export function encodeFailure({ by, version }: Pick<Outcome, "by" | "version">, thrown: unknown): string {
  return JSON.stringify({
    by,
    version,
    error: remoteErrorOf(thrown),
    limitMs: thrown instanceof RunTimeoutError ? thrown.limit : undefined,
  });
}

export function encodeNotFound({ by, version }: Pick<Outcome, "by" | "version">): string {
  return JSON.stringify({ by, version });
}

/** Reads the text of a store; `undefined` if it is no outcome. */
export function decodeOutcome(text: string | null | undefined): Outcome | undefined {
  try {
    const { by, version, error, limitMs } = JSON.parse(text ?? "") as Partial<Outcome>;
    if (typeof by !== "string") return undefined;
    return { by, version, error: error === undefined ? undefined : readRemoteError(error), limitMs };
  } catch {
    return undefined;
  }
}

/** The error for a caller that waited for the computation of another process. */
export function errorOf(key: string, { error, limitMs }: Outcome & { readonly error: RemoteError }): Error {
  return limitMs === undefined ? new ComputeError(key, error) : new RunTimeoutError(key, limitMs);
}
