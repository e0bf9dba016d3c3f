import { groupBy } from "../group-by.ts";
import type { WorkerRecord } from "../worker/records.ts";

/** A time interval. The end is excluded. Monotonic, in ms. */
export interface Interval {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** One lock, from its acquisition to its end. */
export interface Grant {
  /** Name of the worker, such as "4711.0". */
  readonly holder: string;
  readonly resource: string;
  readonly token: string;
  readonly fence: number;
  readonly invokedAt: number;
  readonly completedAt: number;
  readonly releaseInvokedAt: number | undefined;
  readonly lostAt: number | undefined;
  /**
   * The leases: one for the acquisition and one for each extension, in order of time. A lease ends early if the worker
   * releases or loses the lock.
   */
  readonly leases: readonly Interval[];
}

/** Builds one grant from all records of a lock. */
export function grantsOf(records: readonly WorkerRecord[]): readonly Grant[] {
  const acquisitions = new Map<string, AcquireRecord>();
  const builders = new Map<string, GrantBuilder>();
  for (const record of records) {
    if (record.event === "acquire") acquisitions.set(keyOf(record.worker, record.operationId), record);
    if (record.event === "acquired") {
      const key = keyOf(record.worker, record.operationId);
      const acquire = acquisitions.get(key);
      if (acquire === undefined)
        throw new Error(`worker ${record.worker}: operation ${record.operationId} has no "acquire" record`);
      builders.set(key, new GrantBuilder(acquire, record));
    }
    if ("lockId" in record) builders.get(keyOf(record.worker, record.lockId))?.add(record);
  }
  return [...builders.values()].map((builder) => builder.build());
}

/** Groups grants by their resource. */
export function byResource(grants: readonly Grant[]): ReadonlyMap<string, readonly Grant[]> {
  return groupBy(grants, ({ resource }) => resource);
}

type AcquireRecord = Extract<WorkerRecord, { event: "acquire" }>;
type AcquiredRecord = Extract<WorkerRecord, { event: "acquired" }>;
type LockRecord = Extract<WorkerRecord, { lockId: number }>;

class GrantBuilder {
  readonly #acquire: AcquireRecord;
  readonly #acquired: AcquiredRecord;
  readonly #leases: Interval[];
  #releaseInvokedAt: number | undefined;
  #lostAt: number | undefined;

  constructor(acquire: AcquireRecord, acquired: AcquiredRecord) {
    this.#acquire = acquire;
    this.#acquired = acquired;
    this.#leases = [{ startsAt: acquired.at, endsAt: acquired.heldUntil }];
  }

  add(record: LockRecord): void {
    if (record.event === "extended" || record.event === "auto-extended")
      this.#leases.push({ startsAt: record.at, endsAt: record.heldUntil });
    if (record.event === "release") this.#releaseInvokedAt = record.at;
    if (record.event === "lost") this.#lostAt = record.at;
  }

  build(): Grant {
    const { worker: holder, token, fence, at: completedAt } = this.#acquired;
    const endedAt = Math.min(this.#releaseInvokedAt ?? Infinity, this.#lostAt ?? Infinity);
    const leases = this.#leases
      .map(({ startsAt, endsAt }) => ({ startsAt, endsAt: Math.min(endsAt, endedAt) }))
      .filter(({ startsAt, endsAt }) => startsAt < endsAt);
    return {
      holder,
      resource: this.#acquire.resource,
      token,
      fence,
      invokedAt: this.#acquire.at,
      completedAt,
      releaseInvokedAt: this.#releaseInvokedAt,
      lostAt: this.#lostAt,
      leases,
    };
  }
}

function keyOf(worker: string, operationId: number): string {
  return `${worker}/${operationId}`;
}
