import type { WaitingContext } from "../acquiring/origin.ts";
import { readSummary, summaryIn, writeSummary } from "../operations/hold-summary.ts";
import { keySpaceOf } from "../operations/keys.ts";
import { HoldTimes } from "./hold-times.ts";

/** How long a summary lasts after its latest write, in ms: a day, for processes that start every night. */
const LIFE_MS = 86_400_000;
/** The mean time between two writes of a class by one process, in ms. The servers refuse to write more often than in half of it. */
const WRITE_EVERY_MS = 60_000;
/** The minimum time between two writes of a process, whatever the classes, in ms. */
const MIN_WRITE_PAUSE_MS = 1_000;
/** The time after which a class without a summary is read again, in ms. */
const READ_EVERY_MS = 60_000;
/** Maximum number of reads of a process in `READ_EVERY_MS`. A `classOf` that makes a class of each name must not double the requests. */
const MAX_READS = 200;
/** A class with a longer name is not shared. */
const MAX_CLASS_LENGTH = 256;
/** How many classes a process writes. A `classOf` that makes a class of each name must not fill the servers. */
const MAX_WRITTEN_CLASSES = 200;
/** A summary: a version, and 10 to 20 hold times in ms. */
const SUMMARY = /^1:(\d{1,10}(?:,\d{1,10}){9,19})$/;

/** When the summary of a class may be read and written, by the monotonic clock. */
interface Schedule {
  readAt: number;
  writeAt: number;
}

/**
 * Shares hold times with other processes by a summary of each class on the instances. It is only a hint: no acquisition waits for it,
 * errors are dropped, and the ttl stays within its limits whatever the instances return.
 */
export class SharedHoldTimes {
  readonly #schedules = new WeakMap<HoldTimes, Schedule>();
  readonly #written = new Set<string>();
  #writeAt = -Infinity;
  /** Until when `#reads` counts, by the monotonic clock. */
  #readsUntil = -Infinity;
  #reads = 0;

  /** A lock of the class was granted. If the hold times of the class are not known yet, they are read. */
  onGranted(resource: string, times: HoldTimes, context: WaitingContext): void {
    const schedule = this.#scheduleOf(times);
    const now = context.clock.monotonic();
    if (!times.isBlind || now < schedule.readAt || !canBeShared(resource) || !this.#mayRead(now)) return;
    schedule.readAt = now + READ_EVERY_MS;
    const summaries: (readonly number[])[] = [];
    const instances = context.sendHint(readSummary(keyOf(context, resource)), (reply) => {
      const summary = parseSummary(summaryIn(reply));
      if (summary === undefined) return;
      summaries.push(summary);
      times.others = middleOf(summaries, instances) ?? times.others;
    });
  }

  /** A hold of the class has ended. */
  onRecorded(resource: string, times: HoldTimes, context: WaitingContext): void {
    const { clock } = context;
    const schedule = this.#scheduleOf(times);
    const now = clock.monotonic();
    const summary = times.summary();
    if (summary === undefined || now < Math.max(schedule.writeAt, this.#writeAt)) return;
    if (!canBeShared(resource) || !this.#mayWrite(resource)) return;
    schedule.writeAt = now + WRITE_EVERY_MS * (0.5 + clock.random());
    this.#writeAt = now + MIN_WRITE_PAUSE_MS;
    const text = `1:${summary.join(",")}`;
    context.sendHint(
      writeSummary(keyOf(context, resource), text, LIFE_MS, WRITE_EVERY_MS / 2),
      () => undefined,
    );
  }

  #mayRead(now: number): boolean {
    if (now >= this.#readsUntil) {
      this.#readsUntil = now + READ_EVERY_MS;
      this.#reads = 0;
    }
    if (this.#reads >= MAX_READS) return false;
    this.#reads += 1;
    return true;
  }

  #mayWrite(resource: string): boolean {
    if (this.#written.size < MAX_WRITTEN_CLASSES) this.#written.add(resource);
    return this.#written.has(resource);
  }

  #scheduleOf(times: HoldTimes): Schedule {
    const known = this.#schedules.get(times);
    if (known !== undefined) return known;
    const schedule = { readAt: -Infinity, writeAt: -Infinity };
    this.#schedules.set(times, schedule);
    return schedule;
  }
}

/**
 * The summary with the middle recommendation. An instance without a summary recommends the smallest ttl. So a minority of instances
 * with wrong values never makes a ttl longer than the others would. `undefined` if the middle one has no summary.
 */
function middleOf(
  summaries: readonly (readonly number[])[],
  instances: number,
): readonly number[] | undefined {
  const sorted = summaries
    .map((summary) => ({ summary, needMs: HoldTimes.needMs(summary) }))
    .toSorted((a, b) => a.needMs - b.needMs);
  const missing = instances - sorted.length;
  return sorted[Math.floor((instances - 1) / 2) - missing]?.summary;
}

/** A client library would replace a half of a surrogate pair, so different classes could get one key. */
function canBeShared(resource: string): boolean {
  return resource.length <= MAX_CLASS_LENGTH && !/\p{Surrogate}/u.test(resource);
}

function keyOf({ prefix }: WaitingContext, resource: string): string {
  return keySpaceOf(prefix).holdSummary(resource);
}

/** `undefined` if the text is no summary. Anybody with access to the servers could have written it. */
function parseSummary(text: string): readonly number[] | undefined {
  const [, list] = SUMMARY.exec(text) ?? [];
  return list?.split(",").map(Number);
}
