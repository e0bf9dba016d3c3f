import type { Mode } from "@quorumlock/sim/history";
import type { LockKind } from "../contest/contender.ts";
import type { Hold } from "../contest/hold.ts";
import type { WorkerRecord } from "../worker/records.ts";

/** A time interval. The end is excluded. Monotonic, in ms. */
export interface Interval {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** One lock, from its acquisition or conversion to its end. */
export interface Grant {
  /** Name of the worker, such as "4711.0". */
  readonly holder: string;
  /** The worker and the id of the lock, such as "4711.0/17". */
  readonly lock: string;
  readonly kind: LockKind;
  readonly isLong: boolean;
  readonly holds: readonly Hold[];
  /** Whether the lock was converted from another one. */
  readonly isConversion: boolean;
  readonly token: string;
  readonly fence: number;
  readonly invokedAt: number;
  readonly completedAt: number;
  readonly releaseInvokedAt: number | undefined;
  readonly lostAt: number | undefined;
  /**
   * The leases: one for the acquisition and one for each extension, in order of time. A lease ends early if the worker
   * releases, converts or loses the lock.
   */
  readonly leases: readonly Interval[];
}

/** A grant, and the mode in which it holds one node. */
export interface NodeGrant {
  readonly grant: Grant;
  readonly hold: Hold;
  readonly mode: Mode;
}

/** Groups grants by the nodes that they hold. A lock on several nodes is in several groups. */
export function byNode(grants: readonly Grant[]): ReadonlyMap<string, readonly NodeGrant[]> {
  const nodes = new Map<string, NodeGrant[]>();
  for (const grant of grants) {
    for (const hold of grant.holds) {
      const ofNode = nodes.get(hold.node);
      const entry = { grant, hold, mode: hold.mode };
      if (ofNode === undefined) nodes.set(hold.node, [entry]);
      else ofNode.push(entry);
    }
  }
  return nodes;
}

/** Builds one grant from all records of a lock. */
export function grantsOf(records: readonly WorkerRecord[]): readonly Grant[] {
  const requests = new Map<string, AcquireRecord | ConvertRecord>();
  const builders = new Map<string, GrantBuilder>();
  const builderOf = (worker: string, lockId: number): GrantBuilder => {
    const builder = builders.get(keyOf(worker, lockId));
    if (builder === undefined)
      throw new Error(`worker ${worker}: operation ${lockId} has no record of its success`);
    return builder;
  };
  for (const record of records) {
    const { event, worker } = record;
    if (event === "acquire" || event === "convert") requests.set(keyOf(worker, record.operationId), record);
    if ("lockId" in record) builderOf(worker, record.lockId).add(record);
    if (event !== "acquired" && event !== "converted") continue;
    const key = keyOf(worker, record.operationId);
    const request = requests.get(key);
    if (request === undefined)
      throw new Error(`worker ${worker}: operation ${record.operationId} has no record of its start`);
    const isLong = request.event === "acquire" ? request.isLong : builderOf(worker, request.lockId).isLong;
    builders.set(key, new GrantBuilder(request, record, isLong));
  }
  return [...builders.values()].map((builder) => builder.build());
}

type RecordOf<Event extends WorkerRecord["event"]> = Extract<WorkerRecord, { event: Event }>;
type AcquireRecord = RecordOf<"acquire">;
type ConvertRecord = RecordOf<"convert">;
type LockRecord = Extract<WorkerRecord, { lockId: number }>;

class GrantBuilder {
  readonly isLong: boolean;
  readonly #request: AcquireRecord | ConvertRecord;
  readonly #granted: RecordOf<"acquired"> | RecordOf<"converted">;
  readonly #leases: Interval[];
  /** What ended the lock, each at the first time: then the worker no longer relies on it. */
  #releaseInvokedAt: number | undefined;
  #convertedAt: number | undefined;
  #lostAt: number | undefined;

  constructor(
    request: AcquireRecord | ConvertRecord,
    granted: RecordOf<"acquired"> | RecordOf<"converted">,
    isLong: boolean,
  ) {
    this.isLong = isLong;
    this.#request = request;
    this.#granted = granted;
    this.#leases = [{ startsAt: granted.at, endsAt: granted.heldUntil }];
  }

  add(record: LockRecord): void {
    if (record.event === "extended" || record.event === "auto-extended")
      this.#leases.push({ startsAt: record.at, endsAt: record.heldUntil });
    if (record.event === "release") this.#releaseInvokedAt = record.at;
    if (record.event === "lost") this.#lostAt = record.at;
    // A writer does not rely on its lock as soon as it downgrades. A reader does so until it is a writer.
    if (record.event === "convert" && record.kind === "read") this.#convertedAt ??= record.at;
    if (record.event === "converted") this.#convertedAt ??= record.at;
  }

  build(): Grant {
    const { worker: holder, token, fence, at: completedAt, operationId } = this.#granted;
    const { kind } = this.#request;
    const ends = [this.#releaseInvokedAt, this.#convertedAt, this.#lostAt];
    const endedAt = Math.min(...ends.map((end) => end ?? Infinity));
    const leases = this.#leases
      .map(({ startsAt, endsAt }) => ({ startsAt, endsAt: Math.min(endsAt, endedAt) }))
      .filter(({ startsAt, endsAt }) => startsAt < endsAt);
    return {
      holder,
      lock: keyOf(holder, operationId),
      kind,
      isLong: this.isLong,
      holds:
        this.#granted.event === "acquired" ? this.#granted.holds : (this.#request as ConvertRecord).holds,
      isConversion: this.#request.event === "convert",
      token,
      fence,
      invokedAt: this.#request.at,
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
