import { ownerOf } from "../../base/token.ts";
import type { Lock } from "../../lockable.ts";
import { markOf } from "../token-mark.ts";
import { fieldsIn } from "../record-body.ts";
import type { StoredRecord } from "../records/record-store.ts";

/**
 * What is recorded of one instant of a job:
 *
 * - `running`: a worker has claimed it. If its lock is free, the worker has died.
 * - `withdrawn`: the claim was taken back before the routine began. It counts as if there was no claim.
 * - `done`: the routine has ended.
 * - `failed`: the routine threw or was too slow, or the worker died and no attempt is left.
 * - `lost`: the worker lost its lock while the routine ran.
 * - `skipped`: it came due while the run before it was at work.
 */
export type RunState = "running" | "withdrawn" | "done" | "failed" | "lost" | "skipped";

/** What is recorded of one instant of a job. */
export interface RunRecord {
  /** The instant, in ms since 1970. */
  readonly scheduledAt: number;
  /** What became of it. */
  readonly state: RunState;
  /** How many runs of this instant have begun, this one included. */
  readonly attempt: number;
  /** The owner label of the worker's lock, by default `host:pid`. */
  readonly by: string;
  /** When the claim was made, by the clock of the store, in ms since 1970. */
  readonly startedAt: number;
  /** When it ended, by the clock of the store, in ms since 1970. `undefined` while it runs. */
  readonly finishedAt: number | undefined;
  /** Why it failed, at most 500 characters. `undefined` if it did not. */
  readonly error: string | undefined;
}

/** The latest run of a job that has ended. */
export interface LastRun {
  /** Its instant, in ms since 1970. */
  readonly scheduledAt: number;
  /** How it ended. */
  readonly state: "done" | "failed" | "lost";
  /** When it began, by the clock of the store, in ms since 1970. */
  readonly startedAt: number;
  /** How long it took, in ms. Not known if the worker died: then it is the time until another one found out. */
  readonly durationMs: number;
  /** The owner label of the worker's lock, by default `host:pid`. */
  readonly by: string;
  /** Why it failed, at most 500 characters. `undefined` if it did not. */
  readonly error: string | undefined;
}

/** A record of an instant with the claim that wrote it, which is a mark of the worker's lock. */
export interface ClaimedRun extends RunRecord {
  readonly claim: string;
}

const MAX_ERROR_LENGTH = 500;
const STATES: readonly string[] = ["running", "withdrawn", "done", "failed", "lost", "skipped"];

/** The text of an error in a record. */
export function errorText({ name, message }: Error): string {
  return `${name}: ${message}`.slice(0, MAX_ERROR_LENGTH);
}

export function encodeRun({ scheduledAt: _scheduledAt, ...fields }: ClaimedRun): string {
  return JSON.stringify(fields);
}

/** The run in a record; `undefined` for a body that this library did not write. */
export function runIn(record: StoredRecord | undefined, scheduledAt: number): ClaimedRun | undefined {
  const fields = fieldsIn(record);
  const { state, attempt, by, startedAt, finishedAt, error, claim } = fields ?? {};
  if (typeof state !== "string" || !STATES.includes(state) || typeof attempt !== "number") return undefined;
  return {
    scheduledAt,
    state: state as RunState,
    attempt,
    by: String(by),
    startedAt: Number(startedAt),
    finishedAt: typeof finishedAt === "number" ? finishedAt : undefined,
    error: typeof error === "string" ? error : undefined,
    claim: String(claim),
  };
}

/** What the holder of a lock writes about itself. */
export function claimFields({ token }: Lock): Pick<ClaimedRun, "by" | "claim"> {
  return { by: ownerOf(token) ?? "unknown", claim: markOf(token) };
}

/** A run without the claim, which is of use to its worker only. */
export function publicRun({ claim: _claim, ...run }: ClaimedRun): RunRecord {
  return run;
}

/** The last run in its record; `undefined` for a body that this library did not write. */
export function lastRunIn(record: StoredRecord | undefined): LastRun | undefined {
  const { scheduledAt, state, startedAt, durationMs, by, error } = fieldsIn(record) ?? {};
  if (typeof scheduledAt !== "number" || typeof state !== "string") return undefined;
  return {
    scheduledAt,
    state: state as LastRun["state"],
    startedAt: Number(startedAt),
    durationMs: Number(durationMs),
    by: String(by),
    error: typeof error === "string" ? error : undefined,
  };
}

/** The time after which another instant may begin, in a record; 0 if there is none. */
export function holdIn(record: StoredRecord | undefined): {
  readonly scheduledAt: number;
  readonly until: number;
} {
  const { scheduledAt, until } = fieldsIn(record) ?? {};
  return { scheduledAt: Number(scheduledAt ?? 0), until: Number(until ?? 0) };
}
