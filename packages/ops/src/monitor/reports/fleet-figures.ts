import { performance } from "node:perf_hooks";
import type { ProcessReport, ReportedClass, ReportedHistogram } from "quorumlock/observe";
import type { ClassFigures, Point } from "../api.ts";
import type { EventCounts } from "../history/event-log.ts";
import { BucketQuantiles, countLongWaits } from "./bucket-quantiles.ts";
import type { ReportReading } from "./report-reading.ts";
import {
  addBuckets,
  addCounts,
  type BucketCounts,
  type Counts,
  noCounts,
  SlidingCounts,
} from "./sliding-counts.ts";

/** A ratio of fewer attempts says nothing. */
const MIN_ATTEMPTS = 20;
/** A process whose figures are younger began while the monitor ran, so all of them count. */
const NEW_PROCESS_MS = 30_000;
const WINDOW_S = 300;
/** The class of all names for which there is no room. */
const OTHER = "other";
/** Classes of all processes together, without that one. */
const STANDARD_MAX_CLASSES = 200;
/** A process that reports no more may only be paused, so its latest counts are kept. After this time they may make room. */
const SILENT_MS = 60_000;
/** Classes of all processes for which the latest counts are kept. A fleet that reports more is kept as a whole. */
const MAX_KEPT_CLASSES = 20_000;
/** A rate of a process counts until its next report, and at most for so long. */
const RATE_FOR_MS = 15_000;

/** The counts and durations that came with one report. */
interface Delta {
  readonly counts: Counts;
  readonly waits: BucketCounts;
  readonly holds: BucketCounts;
}

interface KnownProcess {
  sequence: number;
  seenAt: number;
  readonly classes: Map<string, ReportedClass>;
  /** Per second, of the latest report. */
  rates: Counts;
  waits: BucketCounts;
}

/** Adds up what all processes report: by class for the last 5 minutes, and rates for the charts. */
export class FleetFigures {
  /** The one whose latest report is the oldest comes first. */
  readonly #processes = new Map<string, KnownProcess>();
  readonly #classes = new Map<string, SlidingCounts>();
  readonly #lostByMinute = new Map<number, number>();
  readonly #onCounts: (counts: EventCounts) => void;
  readonly #maxClasses: number;
  readonly #startedAt = performance.now();

  /** `onCounts` gets the exact number of events of each report. */
  constructor(onCounts: (counts: EventCounts) => void, maxClasses = STANDARD_MAX_CLASSES) {
    this.#onCounts = onCounts;
    this.#maxClasses = maxClasses;
  }

  /** Takes over the latest reports. A report that was seen before changes nothing. */
  accept(readings: readonly ReportReading[]): void {
    const now = performance.now();
    for (const { report } of readings) this.#acceptReport(report, now);
    this.#makeRoom(now);
  }

  #makeRoom(now: number): void {
    let kept = 0;
    for (const { classes } of this.#processes.values()) kept += 1 + classes.size;
    for (const [id, { seenAt, classes }] of this.#processes) {
      if (kept <= MAX_KEPT_CLASSES || now - seenAt < SILENT_MS) break;
      this.#processes.delete(id);
      kept -= 1 + classes.size;
    }
  }

  /** The figures of every class that was used in the last 5 minutes, those with the most waiting first. */
  get classes(): readonly ClassFigures[] {
    const now = performance.now();
    const figures = [...this.#classes].flatMap(([name, counts]) =>
      counts.isEmpty(now) ? [] : [this.#figuresOf(name, counts, now)],
    );
    return figures.toSorted(
      (a, b) => b.waitingOnAverage - a.waitingOnAverage || (a.class < b.class ? -1 : 1),
    );
  }

  /** What was counted of each class since the monitor started. A class that was not used for long begins again at 0. */
  get totals(): ReadonlyMap<string, Readonly<Counts>> {
    return new Map([...this.#classes].map(([name, counts]) => [name, counts.total]));
  }

  figures(name: string): ClassFigures | undefined {
    const counts = this.#classes.get(name);
    return counts === undefined ? undefined : this.#figuresOf(name, counts, performance.now());
  }

  /** The sum of all classes. */
  get total(): { readonly success: number | undefined; readonly attempts: number; readonly skipped: number } {
    const now = performance.now();
    const sum = noCounts();
    for (const counts of this.#classes.values()) addCounts(sum, counts.read(now).counts);
    return { success: successOf(sum), attempts: attemptsOf(sum), skipped: sum.skipped };
  }

  /** Losses of the last hour, since the monitor started. */
  get lostLastHour(): number {
    const oldest = Math.floor(Date.now() / 60_000) - 60;
    let lost = 0;
    for (const [minute, count] of this.#lostByMinute) {
      if (minute <= oldest) this.#lostByMinute.delete(minute);
      else lost += count;
    }
    return lost;
  }

  /** The point of this second: the sum of the rates of all processes, and the waits of their latest reports. */
  point(): Point {
    const now = performance.now();
    const sum = noCounts();
    const waits: BucketCounts = new Map();
    for (const process of this.#processes.values()) {
      if (now - process.seenAt > RATE_FOR_MS) continue;
      addCounts(sum, process.rates);
      addBuckets(waits, process.waits);
    }
    const quantiles = new BucketQuantiles(waits);
    return {
      at: Date.now(),
      grantedPerS: sum.granted,
      timedOutPerS: sum.timedOut,
      noQuorumPerS: sum.noQuorum,
      waitP50Ms: quantiles.at(0.5),
      waitP95Ms: quantiles.at(0.95),
      waitP99Ms: quantiles.at(0.99),
    };
  }

  #acceptReport(report: ProcessReport, now: number): void {
    const known = this.#processes.get(report.id);
    if (known !== undefined && known.sequence >= report.sequence) return;
    const isNew =
      report.process.uptimeMs < Math.min(NEW_PROCESS_MS, now - this.#startedAt + NEW_PROCESS_MS / 2);
    const seconds = known === undefined ? report.process.uptimeMs / 1_000 : (now - known.seenAt) / 1_000;
    const process: KnownProcess = known ?? {
      sequence: 0,
      seenAt: now,
      classes: new Map(),
      rates: noCounts(),
      waits: new Map(),
    };
    const total = noCounts();
    const waits: BucketCounts = new Map();
    for (const reported of report.classes) {
      const before = process.classes.get(reported.resource);
      process.classes.set(reported.resource, reported);
      // The counts of a process that ran before the monitor did are the start of the differences.
      if (before === undefined && known === undefined && !isNew) continue;
      const delta = deltaOf(reported, before);
      this.#slidingOf(reported.resource).add(now, delta.counts, delta.waits, delta.holds);
      addCounts(total, delta.counts);
      addBuckets(waits, delta.waits);
    }
    process.sequence = report.sequence;
    process.seenAt = now;
    process.waits = waits;
    process.rates = perSecond(total, Math.max(1, seconds));
    this.#processes.delete(report.id);
    this.#processes.set(report.id, process);
    this.#count(total);
  }

  #count(total: Counts): void {
    if (total.lost > 0) {
      const minute = Math.floor(Date.now() / 60_000);
      this.#lostByMinute.set(minute, (this.#lostByMinute.get(minute) ?? 0) + total.lost);
    }
    this.#onCounts({
      granted: total.granted,
      released: total.released,
      lost: total.lost,
      "timed-out": total.timedOut,
      "no-quorum": total.noQuorum,
    });
  }

  #slidingOf(name: string): SlidingCounts {
    const known = this.#classes.get(name);
    if (known !== undefined) return known;
    const isFull = (): boolean => this.#classes.size - (this.#classes.has(OTHER) ? 1 : 0) >= this.#maxClasses;
    if (isFull()) {
      const now = performance.now();
      for (const [each, counts] of this.#classes) if (counts.isEmpty(now)) this.#classes.delete(each);
    }
    const kept = isFull() ? OTHER : name;
    const counts = this.#classes.get(kept) ?? new SlidingCounts();
    this.#classes.set(kept, counts);
    return counts;
  }

  #figuresOf(name: string, sliding: SlidingCounts, now: number): ClassFigures {
    const { counts, waits, holds } = sliding.read(now);
    const [wait, hold] = [new BucketQuantiles(waits), new BucketQuantiles(holds)];
    const coveredS = Math.min(WINDOW_S, Math.max(1, (now - this.#startedAt) / 1_000));
    return {
      class: name,
      granted: counts.granted,
      grantedPerS: counts.granted / coveredS,
      timedOut: counts.timedOut,
      noQuorum: counts.noQuorum,
      skipped: counts.skipped,
      lost: counts.lost,
      success: successOf(counts),
      waitP50Ms: wait.at(0.5),
      waitP95Ms: wait.at(0.95),
      waitP99Ms: wait.at(0.99),
      holdP50Ms: hold.at(0.5),
      holdP99Ms: hold.at(0.99),
      waitingOnAverage: counts.waitedMs / 1_000 / coveredS,
    };
  }
}

function attemptsOf({ granted, timedOut, noQuorum }: Readonly<Counts>): number {
  return granted + timedOut + noQuorum;
}

function successOf(counts: Readonly<Counts>): number | undefined {
  const attempts = attemptsOf(counts);
  return attempts < MIN_ATTEMPTS ? undefined : counts.granted / attempts;
}

function countsOf({ counts, waits }: ReportedClass): Counts {
  return {
    granted: counts.acquired,
    released: counts.releasedConfirmed + counts.releasedUnconfirmed,
    timedOut: counts.timedOut,
    noQuorum: counts.noQuorum,
    skipped: counts.contended,
    lost: counts.lost.expired + counts.lost.taken,
    extended: counts.extended,
    extensionsFailed: counts.extensionsFailed,
    longWaits: countLongWaits(waits?.buckets ?? []),
    waitedMs: waits?.sumMs ?? 0,
  };
}

/** What is new since the former report. Counts that went down are those of a process that started again. */
function deltaOf(now: ReportedClass, before: ReportedClass | undefined): Delta {
  const counts = countsOf(now);
  if (before !== undefined) {
    const former = countsOf(before);
    for (const field of Object.keys(counts) as (keyof Counts)[])
      counts[field] = Math.max(0, counts[field] - former[field]);
  }
  return {
    counts,
    waits: newBuckets(now.waits, before?.waits),
    holds: newBuckets(now.holds, before?.holds),
  };
}

function newBuckets(now: ReportedHistogram | undefined, before: ReportedHistogram | undefined): BucketCounts {
  const former = new Map(before?.buckets);
  const added: BucketCounts = new Map();
  for (const [bucket, count] of now?.buckets ?? []) {
    const more = count - (former.get(bucket) ?? 0);
    if (more > 0) added.set(bucket, more);
  }
  return added;
}

function perSecond(counts: Counts, seconds: number): Counts {
  const rates = noCounts();
  for (const field of Object.keys(rates) as (keyof Counts)[]) rates[field] = counts[field] / seconds;
  return rates;
}
