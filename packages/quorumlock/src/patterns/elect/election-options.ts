import { checkWholeNumber } from "../../base/check-whole-number.ts";
import { formatValue } from "../../base/check-value.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkOptions, type ResolvedOptions } from "../../base/options.ts";
import type { Lockable } from "../../lockable.ts";
import type { Redlock } from "../../redlock.ts";
import { checkRecordStore } from "../records/check-record.ts";
import { recordsFor } from "../records/records-for.ts";
import type { RecordStore } from "../records/record-store.ts";
import { checkDescription } from "./leader.ts";

/** One time for which this process leads. */
export interface Term {
  /** Larger than that of every earlier leader. Hand it to what the leader writes, and let the target reject smaller numbers. */
  readonly number: number;
  /** Aborts when the term ends. */
  readonly signal: AbortSignal;
}

/**
 * Why a term has ended:
 *
 * - `lost`: the lock was lost. Another process may lead already.
 * - `resigned`: `resign` was called.
 * - `stopped`: `stop` was called.
 * - `failed`: `onElected` threw.
 */
export type TermEnd = "lost" | "resigned" | "stopped" | "failed";

/** Options of `elect`. Every duration is in milliseconds. */
export interface ElectOptions {
  /**
   * Called at the beginning of each term of this process. It may return at once, or work until `term.signal` aborts. This process is a
   * candidate again only when it has settled. If it throws, this process resigns, and pauses before it is a candidate again.
   */
  readonly onElected: (term: Term) => unknown;
  /** Called once at the end of each term for which `onElected` was called, and after that. `number`: of the term. @default none */
  readonly onLost?: ((reason: TermEnd, number: number) => unknown) | undefined;
  /**
   * How long the group has no leader after the leader has crashed, in ms: the ttl of the lock, which extends itself. A whole number from
   * 100 to the client's `ttl`.
   * @default the client's `ttl`
   */
  readonly ttl?: number | undefined;
  /** Who this candidate is, for observers. Any text. @default the client's `owner` */
  readonly id?: string | undefined;
  /** What observers need besides, for example an address: JSON. `id` and `data` have at most 1,000 bytes together. @default none */
  readonly data?: unknown;
  /** How long `onElected` may take to settle after its signal has aborted, before the lock is released. 0 to 600_000. @default 5_000 */
  readonly grace?: number | undefined;
  /** Where the leader is recorded. All candidates and observers of a group need the same. @default `lockRecords(redlock)` */
  readonly records?: RecordStore | undefined;
  /** Puts policies around the lock. @default none */
  readonly wrap?: ((lockable: Lockable) => Lockable) | undefined;
}

/** The options, checked and complete. */
export interface ResolvedElectOptions extends Pick<ElectOptions, "onElected" | "onLost"> {
  readonly ttlMs: number;
  readonly graceMs: number;
  readonly id: string;
  readonly data: unknown;
  readonly records: RecordStore;
  readonly wrap: ((lockable: Lockable) => Lockable) | undefined;
}

const MIN_TTL_MS = 100;
const MAX_GRACE_MS = 600_000;

const KNOWN: Readonly<Record<keyof ElectOptions, true>> = {
  onElected: true,
  onLost: true,
  ttl: true,
  id: true,
  data: true,
  grace: true,
  records: true,
  wrap: true,
};

/** @throws TypeError, RangeError for bad options, with the field and the value. */
export function resolveElectOptions(
  redlock: Redlock,
  client: ResolvedOptions,
  options: ElectOptions,
): ResolvedElectOptions {
  checkOptions(options);
  refuseUnknownOptions(options, KNOWN);
  const { onElected, onLost, data, wrap } = options;
  if (typeof onElected !== "function")
    throw new TypeError(`onElected: ${formatValue(onElected)} must be a function that leads`);
  for (const [field, value] of Object.entries({ onLost, wrap }))
    if (value !== undefined && typeof value !== "function")
      throw new TypeError(`${field}: ${formatValue(value)} must be a function`);
  const id = options.id ?? client.tokenSuffix.slice(1);
  checkDescription(id, data);
  if (options.records !== undefined) checkRecordStore("records", options.records);
  return {
    onElected,
    onLost,
    ttlMs: checkWholeNumber(
      "ttl",
      options.ttl ?? client.ttlMs,
      Math.min(MIN_TTL_MS, client.ttlMs),
      client.ttlMs,
    ),
    graceMs: checkWholeNumber("grace", options.grace ?? 5_000, 0, MAX_GRACE_MS),
    id,
    data,
    records: recordsFor(redlock, options.records, client.clock),
    wrap,
  };
}
