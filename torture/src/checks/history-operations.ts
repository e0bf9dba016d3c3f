import type { Mode, Operation } from "@quorumlock/sim/history";
import type { Hold } from "../contest/hold.ts";
import { groupBy } from "../group-by.ts";
import type { WorkerRecord } from "../worker/records.ts";

/** What a lock is in a history: one operation for each of its parts. */
export interface Part {
  readonly resource: string;
  readonly mode?: Mode;
  readonly permits?: number;
}

/**
 * Converts records to operations for the history checker. `partsOf` says what the holds of a lock are in the history.
 *
 * - An acquisition that was aborted or got no quorum is left out. It granted no lock, and does not show that another
 *   worker held the lock.
 * - An operation without a result has the outcome "unknown". That happens if its process was killed.
 * - A conversion is an operation of the first lock. If it got no quorum, it is "refused": the reader still reads.
 * - An automatic extension took place between two checks of the worker, so it is an operation with these times.
 * - A lease ends at its recorded time, or when the worker noticed the loss, if that is earlier.
 */
export function toHistory(
  records: readonly WorkerRecord[],
  partsOf: (holds: readonly Hold[]) => readonly Part[],
): readonly Operation[] {
  const byWorker = groupBy(records, ({ worker }) => worker);
  return [...byWorker].flatMap(([worker, ofWorker]) => new WorkerHistory(worker, partsOf).convert(ofWorker));
}

interface HeldLock {
  readonly parts: readonly Part[];
  /** The token of the acquisition. It names the lock also after a conversion. */
  readonly token: string;
  readonly fence: number;
  /** When the worker last read the lease. */
  checkedAt: number;
}

/** The operations of one call. All parts have the same times. */
type PendingOperation = Omit<Operation, "process" | "resource" | "mode" | "permits">;

/** The operations of one worker. A worker runs one operation at a time. */
class WorkerHistory {
  readonly #worker: string;
  readonly #partsOf: (holds: readonly Hold[]) => readonly Part[];
  readonly #operations: Operation[] = [];
  readonly #lostAt = new Map<number, number>();
  readonly #locks = new Map<number, HeldLock>();
  /** The operation that has begun and has no result yet. */
  #pending: { readonly parts: readonly Part[]; readonly operation: PendingOperation } | undefined;

  constructor(worker: string, partsOf: (holds: readonly Hold[]) => readonly Part[]) {
    this.#worker = worker;
    this.#partsOf = partsOf;
  }

  convert(records: readonly WorkerRecord[]): readonly Operation[] {
    for (const record of records) if (record.event === "lost") this.#lostAt.set(record.lockId, record.at);
    for (const record of records) this.#add(record);
    this.#end({});
    return this.#operations;
  }

  #add(record: WorkerRecord): void {
    switch (record.event) {
      case "acquire":
        this.#begin("acquire", record.at, this.#partsOf(record.claims));
        break;
      case "acquired": {
        const { operationId, token, fence, at } = record;
        const parts = this.#partsOf(record.holds);
        this.#locks.set(operationId, { parts, token, fence, checkedAt: at });
        const heldUntil = this.#leaseEnd(operationId, record.heldUntil);
        this.#end({ completedAt: at, outcome: "ok", token, fence, heldUntil }, parts);
        break;
      }
      case "not-acquired":
        if (record.reason === "timed-out") this.#end({ completedAt: record.at, outcome: "refused" });
        else this.#pending = undefined;
        break;
      case "extend":
      case "release": {
        const { parts, token, fence } = this.#lock(record.lockId);
        this.#begin(record.event, record.at, parts, { token, fence });
        break;
      }
      case "extended": {
        const heldUntil = this.#leaseEnd(record.lockId, record.heldUntil);
        this.#end({ completedAt: record.at, outcome: "ok", heldUntil });
        this.#lock(record.lockId).checkedAt = record.at;
        break;
      }
      case "not-extended":
        this.#end(record.reason === "lost" ? { completedAt: record.at, outcome: "refused" } : {});
        break;
      case "convert":
        this.#begin("convert", record.at, this.#partsOf(record.holds), {
          token: this.#lock(record.lockId).token,
        });
        break;
      case "converted": {
        const { operationId, fence, at } = record;
        const { token } = this.#lock(record.lockId);
        this.#locks.set(operationId, { parts: this.#pending?.parts ?? [], token, fence, checkedAt: at });
        const heldUntil = this.#leaseEnd(operationId, record.heldUntil);
        this.#end({ completedAt: at, outcome: "ok", fence, heldUntil });
        break;
      }
      case "not-converted":
        this.#end(record.reason === "lost" ? {} : { completedAt: record.at, outcome: "refused" });
        break;
      case "auto-extended": {
        const lock = this.#lock(record.lockId);
        const { parts, token, fence, checkedAt: invokedAt } = lock;
        const heldUntil = this.#leaseEnd(record.lockId, record.heldUntil);
        const times = { invokedAt, completedAt: record.at, heldUntil };
        this.#push(parts, { kind: "extend", token, fence, outcome: "ok", ...times });
        lock.checkedAt = record.at;
        break;
      }
      case "released":
        if (record.outcome === "no-quorum") this.#end({});
        else this.#end({ completedAt: record.at, outcome: record.outcome === "released" ? "ok" : "refused" });
        break;
      case "lost":
      case "unexpected-error":
        break;
    }
  }

  #begin(
    kind: Operation["kind"],
    invokedAt: number,
    parts: readonly Part[],
    lock: { readonly token?: string; readonly fence?: number } = {},
  ): void {
    this.#pending = { parts, operation: { kind, invokedAt, outcome: "unknown", ...lock } };
  }

  #end(result: Partial<PendingOperation>, parts = this.#pending?.parts ?? []): void {
    if (this.#pending !== undefined) this.#push(parts, { ...this.#pending.operation, ...result });
    this.#pending = undefined;
  }

  #push(parts: readonly Part[], operation: PendingOperation): void {
    for (const part of parts) this.#operations.push({ process: this.#worker, ...part, ...operation });
  }

  #leaseEnd(lockId: number, heldUntil: number): number {
    return Math.min(heldUntil, this.#lostAt.get(lockId) ?? Infinity);
  }

  #lock(lockId: number): HeldLock {
    const lock = this.#locks.get(lockId);
    if (lock === undefined)
      throw new Error(`worker ${this.#worker}: operation ${lockId} has no record of its success`);
    return lock;
  }
}
