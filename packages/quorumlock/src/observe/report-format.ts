import type { LockKindName, SharingMode } from "../base/events.ts";
import type { CircuitState } from "../policies/circuit-breaker.ts";
import type { ClassCounts } from "./class-record.ts";
import type { BucketCount } from "./histogram.ts";

/** The version of the form of a report. Readers skip reports of another version. */
export const REPORT_SCHEMA = 1;

/**
 * What one process says about itself: every 5 s to all instances, where it expires after 15 s. All times are durations in ms, so that
 * the clocks of processes need not agree. They are of the moment of the report; `ageMs` of a reading is to be added.
 */
export interface ProcessReport {
  /** The version of the form. */
  readonly schema: typeof REPORT_SCHEMA;
  /** 32 random hexadecimal digits of this reporter. */
  readonly id: string;
  /** The number of the report, from 1. The highest one of an id is the newest. */
  readonly sequence: number;
  /** The process. */
  readonly process: ReportedProcess;
  /** The client, and its servers as it sees them. */
  readonly client: ReportedClient;
  /** The state of each circuit breaker, by the name that its process gave it. */
  readonly breakers: Readonly<Record<string, CircuitState>>;
  /** Classes, those with the most acquisitions and waiters first. */
  readonly classes: readonly ReportedClass[];
  /** Held locks, the oldest first. At most 50. */
  readonly holds: readonly ReportedHold[];
  /** Waiting acquisitions, the oldest first. At most 50. */
  readonly waits: readonly ReportedWait[];
  /** Notable events, the newest first. At most 20. */
  readonly events: readonly ReportedEvent[];
  /** What did not fit into the report. */
  readonly omitted: OmittedCounts;
}

/** The process in a report. */
export interface ReportedProcess {
  /** Its number on its host. */
  readonly pid: number;
  /** The owner label, usually `host:pid`. It is in the tokens of the locks. */
  readonly owner: string;
  /** The name of the host. */
  readonly host: string;
  /** The version of the library. */
  readonly version: string;
  /** How long the figures have been kept, in ms. */
  readonly uptimeMs: number;
}

/** The client in a report. */
export interface ReportedClient {
  /** Its name in the lines of waiters on the instances: 8 hexadecimal digits. */
  readonly id: string;
  /** The start of its keys, at most 200 bytes. */
  readonly prefix: string;
  /** How much faster one clock may run than another. */
  readonly driftFactor: number;
  /** The default ttl, in ms. */
  readonly ttlMs: number;
  /** How long an instance abstains after a restart, in ms. 0 if it votes at once. */
  readonly restartWindowMs: number;
  /** How many instances must vote. */
  readonly quorum: number;
  /**
   * The same for processes whose servers are the same ones, by their run ids and in any order. `undefined` while this process does not
   * know all run ids.
   */
  readonly fingerprint: string | undefined;
  /** The instances, at most 20. */
  readonly servers: readonly ReportedServer[];
}

/** A server as this process sees it. */
export interface ReportedServer {
  /** The label of the instance. */
  readonly label: string;
  /** The first 8 digits of its run id. `undefined` if not known. */
  readonly runId: string | undefined;
  /** Whether it answers this process. */
  readonly isAnswering: boolean;
}

/** The figures of one class in a report. */
export interface ReportedClass {
  /** The class. */
  readonly resource: string;
  /** Counts since the start of the process. */
  readonly counts: ClassCounts;
  /** Locks that are held. */
  readonly active: number;
  /** Acquisitions that wait. */
  readonly waiters: number;
  /** 0 if none waits. */
  readonly oldestWaitMs: number;
  /** 0 if none is held. */
  readonly longestHoldMs: number;
  /** The votes of the latest grant. */
  readonly votes: number;
  /** The waits since the start. `undefined` if the histogram did not fit. */
  readonly waits: ReportedHistogram | undefined;
  /** The holds since the start. `undefined` if the histogram did not fit. */
  readonly holds: ReportedHistogram | undefined;
}

/** Buckets as in `Histogram`: readers of all processes can add them up. */
export interface ReportedHistogram {
  /** The sum of all durations, in ms. */
  readonly sumMs: number;
  /** The longest duration, in ms. */
  readonly maxMs: number;
  /** The buckets with at least one duration. */
  readonly buckets: readonly BucketCount[];
}

/** A held lock in a report. */
export interface ReportedHold {
  /** The locked names, sorted. */
  readonly names: readonly string[];
  /** The kind of lock. */
  readonly kind: LockKindName | undefined;
  /** Whether others can hold it too. */
  readonly mode: SharingMode | undefined;
  /** How long it has been held, in ms. */
  readonly durationMs: number;
  /** The fencing token. */
  readonly fence: number;
  /** The first 8 digits of the token. */
  readonly tokenId: string;
  /** The ttl of its latest extension, in ms. */
  readonly ttlMs: number;
}

/** A waiting acquisition in a report. */
export interface ReportedWait {
  /** The names, sorted. */
  readonly names: readonly string[];
  /** `undefined` for a call that waits for a pool or a condition. */
  readonly kind: LockKindName | undefined;
  /** Whether others can hold it too. `undefined` under the same condition. */
  readonly mode: SharingMode | undefined;
  /** How long it has waited, in ms. */
  readonly durationMs: number;
}

/**
 * The kind of a notable event:
 *
 * - `lost`: a lock was lost. `detail`: the cause.
 * - `extend-failed`: an attempt to extend failed.
 * - `timed-out`, `no-quorum`: an acquisition failed.
 * - `slow`: an acquisition waited for more than 10 s, and got the lock.
 * - `unconfirmed`: no quorum confirmed a release.
 * - `instance-down`, `instance-up`, `instance-restarted`, `instance-unsafe`: of an instance. `detail` of the last: the cause.
 * - `quorum-lost`, `quorum-restored`: a health check found it.
 */
export type ReportedEventKind =
  | "lost"
  | "extend-failed"
  | "timed-out"
  | "no-quorum"
  | "slow"
  | "unconfirmed"
  | "instance-down"
  | "instance-up"
  | "instance-restarted"
  | "instance-unsafe"
  | "quorum-lost"
  | "quorum-restored";

/** A notable event in a report. */
export interface ReportedEvent {
  /** The number of the event in its process, from 1. A reader that has seen a number has seen this event. */
  readonly number: number;
  /** What happened. */
  readonly kind: ReportedEventKind;
  /** The first name of the lock, or the label of the instance. "" for events of the quorum. */
  readonly subject: string;
  /** More about it. "" if there is nothing to say. */
  readonly detail: string;
  /** How long ago it was, in ms. */
  readonly agoMs: number;
}

/** How many of each did not fit into a report. */
export interface OmittedCounts {
  /** Classes. */
  readonly classes: number;
  /** Held locks. */
  readonly holds: number;
  /** Waiting acquisitions. */
  readonly waits: number;
  /** Events since the start of the process. */
  readonly events: number;
  /** Servers of the client. */
  readonly servers: number;
  /** Circuit breakers. */
  readonly breakers: number;
}
