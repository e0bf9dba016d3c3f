import type { Clock } from "../base/clock.ts";
import type { LockEventName, LockEvents, LockKindName, LockListener, SharingMode } from "../base/events.ts";
import type { ClassRecord } from "./class-record.ts";
import type { ClassRecords } from "./class-records.ts";
import type { DurationListeners } from "./duration-listeners.ts";

/** A client, as far as figures need it. */
export interface EventSource {
  on<Name extends LockEventName>(name: Name, listener: LockListener<Name>): () => void;
}

/**
 * One acquisition and its lock, from the first event to the last one. Its states:
 *
 * - calling: `grantedAt` is `undefined`. It waits if `waitingSince` is set.
 * - held: `grantedAt` is set.
 *
 * The call of a pool or of a condition has no start event. Its course lasts only while it waits.
 */
export interface Course {
  readonly names: readonly string[];
  readonly resource: string;
  readonly record: ClassRecord;
  readonly hasStarted: boolean;
  kind: LockKindName | undefined;
  mode: SharingMode | undefined;
  token: string | undefined;
  fence: number | undefined;
  ttlMs: number | undefined;
  /** By the monotonic clock. */
  waitingSince: number | undefined;
  grantedAt: number | undefined;
}

type Ended = LockEvents["lock:released" | "lock:detached" | "lock:lost"];

/**
 * Counts the events of one client. It keeps an entry for each acquisition that is under way and for each held lock, and nothing after
 * that. So its size is bounded by what the process does at the same time.
 */
export class ClientCourses {
  readonly #clock: Clock;
  readonly #records: ClassRecords;
  readonly #durations: DurationListeners;
  readonly #courses = new Map<number, Course>();
  readonly #stops: readonly (() => void)[];

  constructor(source: EventSource, records: ClassRecords, clock: Clock, durations: DurationListeners) {
    this.#durations = durations;
    this.#records = records;
    this.#clock = clock;
    this.#stops = [
      source.on("lock:acquire:started", (event) => void this.#begin(event.id, event, true)),
      source.on("lock:wait:started", (event) => this.#onWaitStarted(event)),
      source.on("lock:wait:ended", ({ id }) => this.#onWaitEnded(id)),
      source.on("lock:acquire:succeeded", (event) => this.#onSucceeded(event)),
      source.on("lock:acquire:failed", (event) => this.#onFailed(event)),
      source.on("lock:attached", (event) => this.#onAttached(event)),
      source.on("lock:handed-over", (event) => this.#onHandedOver(event)),
      source.on("lock:extended", (event) => this.#onExtended(event)),
      source.on("lock:extend:failed", (event) => this.#onExtendFailed(event)),
      source.on("lock:converted", (event) => this.#onConverted(event)),
      source.on("lock:released", (event) => this.#onReleased(event)),
      source.on("lock:detached", (event) => void (this.#end(event).counts.detached += 1)),
      source.on("lock:lost", (event) => this.#onLost(event)),
    ];
  }

  get courses(): IterableIterator<Course> {
    return this.#courses.values();
  }

  /** How many acquisitions are under way, and locks are held. */
  get size(): number {
    return this.#courses.size;
  }

  /** Removes all listeners. What is under way is no longer known. */
  stop(): void {
    for (const stop of this.#stops) stop();
    const now = this.#clock.monotonic();
    for (const { record, waitingSince, grantedAt } of this.#courses.values()) {
      if (waitingSince !== undefined) record.changeWaiters(now, -1);
      if (grantedAt !== undefined) record.changeActive(now, -1);
    }
    this.#courses.clear();
  }

  #begin(
    id: number,
    event: Pick<Course, "names"> & Partial<Pick<Course, "kind" | "mode" | "ttlMs">>,
    hasStarted: boolean,
  ): Course {
    const { names, kind, mode, ttlMs } = event;
    const [resource, record] = this.#records.of(names, this.#clock.monotonic());
    const course: Course = {
      names,
      resource,
      record,
      hasStarted,
      kind,
      mode,
      token: undefined,
      fence: undefined,
      ttlMs,
      waitingSince: undefined,
      grantedAt: undefined,
    };
    this.#courses.set(id, course);
    return course;
  }

  #onWaitStarted({ id, names }: LockEvents["lock:wait:started"]): void {
    const course = this.#courses.get(id) ?? this.#begin(id, { names }, false);
    if (course.waitingSince !== undefined) return;
    const now = this.#clock.monotonic();
    course.waitingSince = now;
    course.record.changeWaiters(now, 1);
  }

  #onWaitEnded(id: number): void {
    const course = this.#courses.get(id);
    if (course?.waitingSince === undefined) return;
    course.waitingSince = undefined;
    course.record.changeWaiters(this.#clock.monotonic(), -1);
    if (!course.hasStarted) this.#courses.delete(id);
  }

  #onSucceeded(event: LockEvents["lock:acquire:succeeded"]): void {
    const { id, waitMs, waitedMs, votes } = event;
    const now = this.#clock.monotonic();
    const course = this.#courses.get(id) ?? this.#begin(id, event, true);
    this.#hold(course, event, now);
    course.record.recordGrant(now, this.#clock.wall(), votes);
    if (waitMs > 0) this.#recordWait(course.resource, course.record, now, waitedMs);
  }

  #onAttached(event: LockEvents["lock:attached"]): void {
    const course = this.#begin(event.id, event, true);
    this.#hold(course, event, this.#clock.monotonic());
    course.record.counts.attached += 1;
  }

  #hold(
    course: Course,
    { token, fence, ttlMs }: { token: string; fence: number; ttlMs: number },
    now: number,
  ): void {
    course.token = token;
    course.fence = fence;
    course.ttlMs = ttlMs;
    course.grantedAt = now;
    course.record.changeActive(now, 1);
  }

  #onFailed({ id, names, reason, error, waitMs, waitedMs }: LockEvents["lock:acquire:failed"]): void {
    const now = this.#clock.monotonic();
    const [resource, record] = this.#classOf(id, names);
    this.#courses.delete(id);
    const { counts, window } = record;
    switch (reason) {
      case "contended":
        counts[waitMs > 0 ? "timedOut" : "contended"] += 1;
        window.add(now, waitMs > 0 ? "timedOut" : "skipped");
        break;
      case "no-quorum":
        counts.noQuorum += 1;
        window.add(now, "noQuorum");
        break;
      default:
        counts[reason] += 1;
        return;
    }
    // A circuit breaker refuses a call without a wait. Many calls of 0 ms would hide the waits of the others.
    if (waitMs > 0 && error.code !== "LOCK_CIRCUIT_OPEN") this.#recordWait(resource, record, now, waitedMs);
  }

  #onHandedOver({ id, names }: LockEvents["lock:handed-over"]): void {
    const record = this.#recordOf(id, names);
    record.counts.handedOver += 1;
    record.window.add(this.#clock.monotonic(), "handedOver");
  }

  #onExtended({ id, names, ttlMs }: LockEvents["lock:extended"]): void {
    const course = this.#courses.get(id);
    if (course !== undefined) course.ttlMs = ttlMs;
    const record = this.#recordOf(id, names);
    record.counts.extended += 1;
    record.window.add(this.#clock.monotonic(), "extended");
  }

  #onExtendFailed({ id, names }: LockEvents["lock:extend:failed"]): void {
    const record = this.#recordOf(id, names);
    record.counts.extensionsFailed += 1;
    record.window.add(this.#clock.monotonic(), "extensionsFailed");
  }

  #onConverted({ id, mode, token, fence }: LockEvents["lock:converted"]): void {
    const course = this.#courses.get(id);
    if (course !== undefined) Object.assign(course, { mode, token, fence });
  }

  #onReleased(event: LockEvents["lock:released"]): void {
    const { counts, window } = this.#end(event);
    counts[event.confirmed ? "releasedConfirmed" : "releasedUnconfirmed"] += 1;
    window.add(this.#clock.monotonic(), "released");
  }

  #onLost(event: LockEvents["lock:lost"]): void {
    const { counts, window } = this.#end(event);
    counts.lost[event.cause] += 1;
    // A lock that ends because its client is closed was not lost to anybody.
    if (event.cause !== "closed") window.add(this.#clock.monotonic(), "lost");
  }

  #end({ id, names, heldMs }: Ended): ClassRecord {
    const course = this.#courses.get(id);
    const [resource, record] = this.#classOf(id, names);
    const now = this.#clock.monotonic();
    if (course?.grantedAt !== undefined) record.changeActive(now, -1);
    this.#courses.delete(id);
    record.recordHold(now, heldMs);
    for (const listener of this.#durations) listener.onHold(resource, heldMs);
    return record;
  }

  #recordWait(resource: string, record: ClassRecord, now: number, waitedMs: number): void {
    record.recordWait(now, waitedMs);
    for (const listener of this.#durations) listener.onWait(resource, waitedMs);
  }

  #recordOf(id: number, names: readonly string[]): ClassRecord {
    return this.#classOf(id, names)[1];
  }

  /** A lock that was acquired before the figures began has no course. */
  #classOf(id: number, names: readonly string[]): readonly [resource: string, record: ClassRecord] {
    const course = this.#courses.get(id);
    if (course !== undefined) return [course.resource, course.record];
    return this.#records.of(names, this.#clock.monotonic());
  }
}
