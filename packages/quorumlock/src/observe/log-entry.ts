import { safeText } from "./safe-text.ts";
import { shortToken } from "./short-token.ts";

/** The levels of `logLocks`, which every usual logger has. */
export type LogLevel = "info" | "warn" | "error";

/** One entry of the log. `JSON.stringify` writes all of it. */
export interface LockLogEntry {
  /** The time of the event, as an ISO 8601 text in UTC. */
  readonly timestamp: string;
  /** What happened, such as `lock_acquisition`, `lock_release`, `lock_timeout` or `lock_lost` (docs/observability.md). */
  readonly event: string;
  /** The name of the lock, or the names with commas; the label of an instance. */
  readonly resource?: string;
  /** Whether the acquisition or extension succeeded. */
  readonly success?: boolean;
  /** From the call to the result, in ms. */
  readonly duration_ms?: number;
  /** From the grant to the end of the lock, in ms. */
  readonly hold_time_ms?: number;
  /** How long the acquisition has waited, in ms: of an acquisition that timed out, and at the end of a wait. */
  readonly wait_time_ms?: number;
  /** Everything else. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What an event becomes: a level, and an entry without its time. */
export type Described = readonly [level: LogLevel, entry: Omit<LockLogEntry, "timestamp">];

/** How much of a text of an error or of a list of names is logged. */
const MAX_TEXT = 2_000;

/** The names of a lock in one text. */
export function resourceText(names: readonly string[]): string {
  return cut(names.join(","));
}

/** An error in a log: its text without passwords and whole tokens. */
export function errorFields(error: Error & { readonly code?: unknown }): Readonly<Record<string, unknown>> {
  const text = cut(safeText(error.message));
  return { error: text, ...(typeof error.code === "string" && { code: error.code }) };
}

/** A token in a log. */
export function tokenField(token: string): string {
  return `${shortToken(token)}…`;
}

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}
