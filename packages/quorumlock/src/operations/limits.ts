/**
 * Every number that the Lua and the TypeScript of an operation share. The generator puts the values into the Lua, so that no
 * number is written twice.
 */

/**
 * The largest fencing token. It is below 2^53, above which numbers are not exact, so tokens could repeat. As microseconds since
 * 1970 it is in the year 2255.
 */
export const MAX_FENCE = 9_000_000_000_000_000;

/**
 * Fencing counters start at a time that is rounded to a multiple of this, in µs. So servers whose clocks agree, and servers that get
 * their floors from different clients, start with the same number, and the first grant of a hash slot needs one round.
 *
 * A carry-over raises the counter of a hash slot to such a multiple, too. The counter of a semaphore's slot counts as at least the
 * last multiple that the counter of its hash slot has reached, so the carry-over raises it as well (protocol §10).
 */
export const FENCE_GRAIN_US = 16_384;

/** The maximum number of clients in one line of waiters. */
export const MAX_LINE_LENGTH = 256;

/** The minimum time that a client stays in line after its last attempt, in ms: longer than the pause between two attempts. */
export const MIN_STAY_MS = 20_000;

/** The maximum number of notes of sets on one server. Those that were renewed longest ago are dropped. */
export const MAX_NOTES = 16;

/** The maximum time that the note of a set lasts after its latest renewal, in ms. */
export const MAX_NOTE_LIFE_MS = 3_600_000;

/** The maximum length of a summary of hold times: 20 numbers of at most 10 digits, and their commas and version. */
export const MAX_SUMMARY_LENGTH = 256;

/** The time that a waiter keeps its place in the enforced line of a node after its last attempt, in ms. */
export const PLACE_MS = 3_000;

/** How long a waiter that was named may take to come, in ms. After that, its place keeps nobody out until it tries again. */
export const GRACE_MS = 50;

/** The maximum number of permits of a semaphore. A map of its slots has one byte for each. */
export const MAX_PERMITS = 10_000;

/** How long the fencing counters and the changed size of a semaphore are kept after the last use, in ms: 7 days. */
export const KEEP_MS = 604_800_000;

/** A changed size that is in use is written again after this time, in ms. So it may last for so much longer than `KEEP_MS`. */
export const DAY_MS = 86_400_000;

/** The maximum number of dead holders of a semaphore that one request removes. The next request removes more. */
export const MAX_FORGOTTEN = 1_000;

/** The maximum number of holders of a semaphore that a refusal looks at, to say when enough permits could be free. */
export const MAX_LOOKED_AT = 64;

/** The maximum number of reports of processes that a server stores. */
export const MAX_REPORTS = 1_000;

/** The maximum number of further processes that a server counts. */
export const MAX_SURPLUS_REPORTS = 10_000;

/** The maximum length of a report, in bytes. */
export const MAX_REPORT_LENGTH = 8_192;

/** How long a report lasts, in ms. */
export const MAX_REPORT_LIFE_MS = 15_000;

/** The maximum length of the body of a record, in bytes. Lock servers must never be full, because a full one grants no locks. */
export const MAX_RECORD_LENGTH = 4_096;

/** The maximum time that a record is kept after its latest write, in ms: 35 days. */
export const MAX_RECORD_KEEP_MS = 3_024_000_000;
