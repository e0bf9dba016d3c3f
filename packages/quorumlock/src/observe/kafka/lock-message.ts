import type { LockKindName, LossCause, SharingMode } from "../../base/events.ts";
import { MAX_NAME_LENGTH } from "../../base/names.ts";

/** The version of the form of a message. Fields can be added within a version. */
export const MESSAGE_SCHEMA = 1;

/** What happened to a lock. */
export type LockMessageType = "lock_acquired" | "lock_extended" | "lock_released" | "lock_lost";

/**
 * The value of a message, written as JSON. A lock on several names has one message for each name. All messages of one hold have the same
 * `hold_id`.
 */
export interface LockMessage {
  /** The version of this form: 1. */
  readonly schema: 1;
  /** The id of the message. A message that is sent twice has the same id both times. */
  readonly event_id: string;
  /** What happened. */
  readonly event_type: LockMessageType;
  /** The name of the lock, which is the key of the message too. */
  readonly resource: string;
  /** The owner label in the token of the lock, by default `host:pid`. */
  readonly holder: string;
  /** When it happened, by the clock of the process that holds the lock, in ms since 1970. */
  readonly timestamp: number;
  /**
   * The largest ttl of the hold so far, in ms. The hold ends at `timestamp` + `ttl` at the latest, unless it is extended. `null` in
   * the end of a lock that was acquired before `publishLocks` was called.
   */
  readonly ttl: number | null;
  /** The fencing token. */
  readonly fence: number;
  /** The id of one hold: the first 8 digits of its token, and a hash of the token. It gives no right to release the lock. */
  readonly hold_id: string;
  /** The prefix of the keys of the client. Locks of one name with other prefixes are other locks. */
  readonly prefix: string;
  /** The kind of the lock. `null` if it was acquired before `publishLocks` was called. */
  readonly kind: LockKindName | null;
  /** Whether others can hold the name at the same time. `null` as for `kind`. */
  readonly mode: SharingMode | null;
  /** How many names the lock has. */
  readonly name_count: number;
  /** `local` if only this process knows the lock: it is of the fallback tier `local`. Never set by a client of one server. */
  readonly tier?: "local";
  /**
   * Why, if it is not obvious. Of `lock_lost`: the cause of the loss. `converted`: one hold ends and another one begins, because a
   * read lock became a write lock, or the other way round. `attached`: another process took the hold over, and renewed it.
   */
  readonly cause?: LossCause | "converted" | "attached";
  /** Of `lock_released`: whether a quorum confirmed the release. If not, the keys may stay until they expire. */
  readonly confirmed?: boolean;
  /** Of `lock_released` and `lock_lost`: time from the grant to the end, in ms. */
  readonly held_ms?: number;
  /** Of `lock_lost`: the owner label of the next holder, if instances have reported it. */
  readonly taken_by?: string;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isShort =
  (maxLength: number): Check =>
  (value) =>
    typeof value === "string" && value.length <= maxLength;
const isTextOrMissing: Check = (value) => value === undefined || isText(value);
const isAmount: Check = (value) => typeof value === "number" && value >= 0 && Number.isFinite(value);
const isWhole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isOneOf =
  (...allowed: readonly unknown[]): Check =>
  (value) =>
    allowed.includes(value);

/** Of the ids, and of the owner label. The texts that are kept are bounded, and so is the memory for one entry. */
const MAX_ID_LENGTH = 128;
const MAX_PREFIX_LENGTH = 1_024;

const CHECKS: Readonly<Record<keyof LockMessage, Check>> = {
  schema: isOneOf(MESSAGE_SCHEMA),
  event_id: (value) => isShort(MAX_ID_LENGTH)(value) && value !== "",
  event_type: isOneOf("lock_acquired", "lock_extended", "lock_released", "lock_lost"),
  resource: isShort(MAX_NAME_LENGTH),
  holder: isShort(MAX_ID_LENGTH),
  timestamp: isAmount,
  ttl: (value) => value === null || isAmount(value),
  fence: isWhole,
  hold_id: (value) => isShort(MAX_ID_LENGTH)(value) && value !== "",
  prefix: isShort(MAX_PREFIX_LENGTH),
  kind: isOneOf(null, "mutex", "modes", "fair", "semaphore"),
  mode: isOneOf(null, "exclusive", "shared"),
  name_count: isWhole,
  tier: isOneOf(undefined, "local"),
  cause: isTextOrMissing,
  confirmed: isOneOf(undefined, true, false),
  held_ms: (value) => value === undefined || isAmount(value),
  taken_by: isTextOrMissing,
};
const FIELDS = Object.keys(CHECKS) as readonly (keyof LockMessage)[];

/** Longer values are not read. The longest name of a lock needs less than a fifth of that. */
const MAX_VALUE_BYTES = 65_536;

/**
 * Reads the value of a message. It checks every field, so the result can be trusted to have the form of a `LockMessage`.
 * @param value the bytes or the text.
 * @returns `undefined` for anything else than a `LockMessage`, also for `null`. It does not throw.
 */
export function readLockMessage(value: Uint8Array | string | null | undefined): LockMessage | undefined {
  try {
    if (typeof value !== "string" && !(value instanceof Uint8Array)) return undefined;
    if (value.length > MAX_VALUE_BYTES) return undefined;
    const text = typeof value === "string" ? value : Buffer.from(value).toString();
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null) return undefined;
    const fields = parsed as Readonly<Record<keyof LockMessage, unknown>>;
    return FIELDS.every((field) => CHECKS[field](fields[field])) ? (parsed as LockMessage) : undefined;
  } catch {
    return undefined;
  }
}
