import type { Clock } from "../base/clock.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { formatValue } from "../base/check-value.ts";
import { checkOptions } from "../base/options.ts";
import { clientOf, type ObservedClient } from "../client/client-of.ts";
import { ClientCourses, type Course, type EventSource } from "./client-courses.ts";
import type { ClassRecord } from "./class-record.ts";
import { ClassRecords } from "./class-records.ts";
import { type DurationListener, type DurationListeners, DURATIONS } from "./duration-listeners.ts";
import { durationStats } from "./duration-stats.ts";
import { Histogram } from "./histogram.ts";
import { type RecordReading, RECORDS } from "./record-reading.ts";
import { shortToken } from "./short-token.ts";
import {
  NO_DATA,
  type NamePercentiles,
  type NameStatistics,
  type NoData,
  percentilesInSeconds,
  snakeCaseOf,
} from "./source-fields.ts";
import type { ActiveCourse, ClassStats, WindowStats } from "./stats-shapes.ts";
import { coveredMs, emptySums, rateMs, WINDOW_FIELDS } from "./window-counts.ts";

/** Fewer acquisitions have no success ratio: one failure of three is no 67 %. */
const MIN_ATTEMPTS = 20;

/** The windows of `LockStats`, in minutes. */
export type WindowMinutes = 1 | 5 | 15;

/** A client that can be observed: a `Redlock` or a `MutexRedlock`. */
export type ObservableRedlock = ObservedClient & EventSource;

/** Options of `LockStats`. */
export interface LockStatsOptions {
  /**
   * The class of a name: names of one class share their figures. It must return few different texts, of at most 128 characters. If it
   * throws or returns something else, the class is `other`.
   * @default parts of the name that look like ids become `*`, so `order:42` is of the class `order:*`
   */
  readonly classOf?: ((name: string) => string) | undefined;
  /** The source of time. @default the clock of the first client */
  readonly clock?: Clock | undefined;
}

/**
 * The figures of the locks of one or several clients, by class of names (docs/observability.md). It listens to their events and keeps
 * bounded figures: at most 200 classes, and `other` for the rest.
 *
 * ```ts
 * import { LockStats } from "quorumlock/observe";
 * const stats = new LockStats(redlock);
 * console.log(stats.window(5).successRatio, stats.statistics("order:42"));
 * ```
 */
export class LockStats implements Disposable {
  /** The clients. */
  readonly clients: readonly ObservableRedlock[];
  /** When the figures began, in ms since 1970. */
  readonly startedAt: number;
  readonly #clock: Clock;
  readonly #records: ClassRecords;
  readonly #courses: readonly ClientCourses[];
  readonly #startedAtMonotonic: number;
  readonly #durations: DurationListeners = new Set();

  /**
   * @param redlocks a client, or a list of at least one.
   * @throws TypeError for something else than clients, and for bad options, with the field and the value.
   */
  constructor(redlocks: ObservableRedlock | readonly ObservableRedlock[], options: LockStatsOptions = {}) {
    checkOptions(options);
    refuseUnknownOptions(options, { classOf: true, clock: true });
    const { classOf, clock } = options;
    if (classOf !== undefined && typeof classOf !== "function")
      throw new TypeError(`classOf: ${formatValue(classOf)} must be a function`);
    this.clients = isList(redlocks) ? [...redlocks] : [redlocks];
    const [first] = this.clients.map(clientOf);
    if (first === undefined) throw new TypeError("redlocks: the list is empty; give at least one client");
    this.#clock = clock ?? first.clock;
    this.#records = new ClassRecords(classOf);
    this.startedAt = this.#clock.wall();
    this.#startedAtMonotonic = this.#clock.monotonic();
    this.#courses = [...new Set(this.clients)].map(
      (client) => new ClientCourses(client, this.#records, this.#clock, this.#durations),
    );
  }

  /** The classes that have figures, in the order of their first use. */
  get classes(): readonly string[] {
    return [...this.#records.entries()].map(([resource]) => resource);
  }

  /** The figures of each class since the start. */
  snapshot(): readonly ClassStats[] {
    const oldest = this.#oldest();
    return [...this.#records.entries()].map(([resource, record]) => statsOf(resource, record, oldest));
  }

  /**
   * The figures of the latest minutes: sliding windows.
   * @param minutes 1, 5 or 15. @default 5
   * @param resource a class. @default all classes together
   * @throws RangeError for another window.
   */
  window(minutes: WindowMinutes = 5, resource?: string): WindowStats {
    if (![1, 5, 15].includes(minutes))
      throw new RangeError(`minutes: ${formatValue(minutes)} must be 1, 5 or 15`);
    const windowMs = minutes * 60_000;
    const now = this.#clock.monotonic();
    const found = resource === undefined ? undefined : this.#records.find(resource)?.[1];
    const records =
      resource === undefined
        ? [...this.#records.entries()].map(([, record]) => record)
        : found === undefined
          ? []
          : [found];
    return this.#windowOf(records, now, windowMs);
  }

  /** The held locks, the oldest first. */
  holds(): readonly ActiveCourse[] {
    return this.#active(({ grantedAt }) => grantedAt);
  }

  /** The waiting acquisitions, the oldest first. */
  waits(): readonly ActiveCourse[] {
    return this.#active(({ waitingSince }) => waitingSince);
  }

  /**
   * The figures of the class of a name since the start, with the field names of `ClassStats` (milliseconds) and those in snake case
   * (seconds).
   * @param name a name, or a class.
   */
  statistics(name: string): NameStatistics | NoData {
    const [resource, record] = this.#records.find(name) ?? [];
    if (resource === undefined || record === undefined) return NO_DATA;
    return { ...statsOf(resource, record, this.#oldest()), ...snakeCaseOf(record) };
  }

  /**
   * The percentiles of the waits and holds of the class of a name since the start.
   * @param name a name, or a class.
   */
  percentiles(name: string): NamePercentiles | NoData {
    const [resource, record] = this.#records.find(name) ?? [];
    if (resource === undefined || record === undefined) return NO_DATA;
    const { waits, holds } = record;
    return {
      resource,
      wait: durationStats(waits),
      hold: durationStats(holds),
      wait_time_percentiles: percentilesInSeconds(waits),
      hold_time_percentiles: percentilesInSeconds(holds),
    };
  }

  /** How many entries the figures keep now: classes, acquisitions and locks that are under way, and numbers of histograms. */
  get size(): { readonly classes: number; readonly courses: number; readonly buckets: number } {
    const records = [...this.#records.entries()].map(([, record]) => record);
    return {
      classes: records.length,
      courses: this.#courses.reduce((total, { size }) => total + size, 0),
      buckets: records.reduce((total, { size }) => total + size, 0),
    };
  }

  /** Removes all listeners. The figures stay; what is under way is no longer known. */
  stop(): void {
    for (const courses of this.#courses) courses.stop();
  }

  /** As `stop()`. */
  [Symbol.dispose](): void {
    this.stop();
  }

  /** For the exporters of this library: the records themselves, and how long ago the oldest wait and hold of each began. */
  [RECORDS](): readonly RecordReading[] {
    const oldest = this.#oldest();
    return [...this.#records.entries()].map(([resource, record]) => {
      const { waitMs = 0, holdMs = 0 } = oldest.get(record) ?? {};
      return { resource, record, oldestWaitMs: waitMs, longestHoldMs: holdMs };
    });
  }

  /** For exporters that keep histograms of their own. The returned function removes the listener. */
  [DURATIONS](listener: DurationListener): () => void {
    this.#durations.add(listener);
    return () => void this.#durations.delete(listener);
  }

  #windowOf(records: readonly ClassRecord[], now: number, windowMs: number): WindowStats {
    const counts = emptySums();
    const [waits, holds] = [new Histogram(), new Histogram()];
    for (const record of records) {
      const { window, windowWaits, windowHolds } = record;
      record.accountTime(now);
      const sums = window.sums(now, windowMs);
      for (const field of WINDOW_FIELDS) counts[field] += sums[field];
      windowWaits.addTo(waits, now, windowMs);
      windowHolds.addTo(holds, now, windowMs);
    }
    const covered = coveredMs(now, this.#startedAtMonotonic, windowMs);
    const perSecond = emptySums();
    for (const field of WINDOW_FIELDS) perSecond[field] = (counts[field] * 1_000) / rateMs(covered);
    const attempts = counts.acquired + counts.timedOut + counts.noQuorum;
    return {
      windowMs,
      coveredMs: covered,
      counts,
      attempts,
      successRatio: attempts < MIN_ATTEMPTS ? undefined : counts.acquired / attempts,
      perSecond,
      meanWaiters: counts.waitedMs / covered,
      wait: durationStats(waits),
      hold: durationStats(holds),
    };
  }

  /** How long the oldest wait and the longest hold of each class last, in one pass over what is under way. */
  #oldest(): ReadonlyMap<ClassRecord, Oldest> {
    const now = this.#clock.monotonic();
    const oldest = new Map<ClassRecord, { waitMs: number; holdMs: number }>();
    for (const { courses } of this.#courses) {
      for (const { record, waitingSince = now, grantedAt = now } of courses) {
        let entry = oldest.get(record);
        if (entry === undefined) oldest.set(record, (entry = { waitMs: 0, holdMs: 0 }));
        entry.waitMs = Math.max(entry.waitMs, now - waitingSince);
        entry.holdMs = Math.max(entry.holdMs, now - grantedAt);
      }
    }
    return oldest;
  }

  #active(sinceOf: (course: Course) => number | undefined): readonly ActiveCourse[] {
    const now = this.#clock.monotonic();
    const found: ActiveCourse[] = [];
    for (const { courses } of this.#courses) {
      for (const course of courses) {
        const since = sinceOf(course);
        if (since === undefined) continue;
        const { names, resource, kind, mode, token, fence, ttlMs } = course;
        const tokenId = token === undefined ? undefined : shortToken(token);
        found.push({ names, resource, kind, mode, tokenId, fence, ttlMs, durationMs: now - since });
      }
    }
    return found.toSorted((a, b) => b.durationMs - a.durationMs);
  }
}

interface Oldest {
  readonly waitMs: number;
  readonly holdMs: number;
}

function statsOf(
  resource: string,
  record: ClassRecord,
  oldest: ReadonlyMap<ClassRecord, Oldest>,
): ClassStats {
  const { counts, active, waiters, votes, firstAt, lastAt, waits, holds, waitBuckets } = record;
  const { waitMs = 0, holdMs = 0 } = oldest.get(record) ?? {};
  return {
    resource,
    counts: { ...counts, lost: { ...counts.lost } },
    active,
    waiters,
    oldestWaitMs: waitMs,
    longestHoldMs: holdMs,
    longWaits: waits.count - (waitBuckets.cumulative().at(-1)?.[1] ?? 0),
    votes,
    firstAt,
    lastAt,
    wait: durationStats(waits),
    hold: durationStats(holds),
  };
}

function isList(
  redlocks: ObservableRedlock | readonly ObservableRedlock[],
): redlocks is readonly ObservableRedlock[] {
  return Array.isArray(redlocks);
}
