import { checkHistory, fencedMutex, fenceOrder, type Operation } from "@quorumlock/sim/history";
import { groupBy } from "../group-by.ts";
import type { WorkerRecord } from "../worker/records.ts";
import type { Violation } from "./violation.ts";

/**
 * Checks that a correct lock can give the recorded results. There must be an order of all operations with one holder at a
 * time and increasing fencing tokens. If leases are not guaranteed, checks only the fencing tokens.
 */
export function checkOrder(
  records: readonly WorkerRecord[],
  areLeasesGuaranteed: boolean,
): readonly Violation[] {
  const history = toHistory(records);
  const result = areLeasesGuaranteed ? checkHistory(history, fencedMutex) : checkHistory(history, fenceOrder);
  if (result.valid === true) return [];
  const entries = result.valid === false ? result.operations : [];
  return [{ check: "history", message: `${result.resource}: ${result.reason}`, entries }];
}

/**
 * Converts records to operations for the history checker.
 *
 * - An acquisition that was aborted or got no quorum is left out. It granted no lock, and does not show that another
 *   worker held the lock.
 * - An operation without a result has the outcome "unknown". That happens if its process was killed.
 * - An automatic extension took place between two checks of the worker, so it is an operation with these times.
 * - A lease ends at its recorded time, or when the worker noticed the loss, if that is earlier.
 */
export function toHistory(records: readonly WorkerRecord[]): readonly Operation[] {
  const byWorker = groupBy(records, ({ worker }) => worker);
  return [...byWorker].flatMap(([worker, ofWorker]) => new WorkerHistory(worker).convert(ofWorker));
}

interface HeldLock {
  readonly resource: string;
  readonly token: string;
  readonly fence: number;
  /** When the worker last read the lease. */
  checkedAt: number;
}

/** The operations of one worker. A worker runs one operation at a time. */
class WorkerHistory {
  readonly #worker: string;
  readonly #operations: Operation[] = [];
  readonly #lostAt = new Map<number, number>();
  readonly #locks = new Map<number, HeldLock>();
  /** The operation that has begun and has no result yet. */
  #pending: Operation | undefined;

  constructor(worker: string) {
    this.#worker = worker;
  }

  convert(records: readonly WorkerRecord[]): readonly Operation[] {
    for (const record of records) if (record.event === "lost") this.#lostAt.set(record.lockId, record.at);
    for (const record of records) this.#add(record);
    if (this.#pending !== undefined) this.#operations.push(this.#pending);
    return this.#operations;
  }

  #add(record: WorkerRecord): void {
    switch (record.event) {
      case "acquire":
        this.#begin("acquire", record.at, { resource: record.resource });
        break;
      case "acquired": {
        const { operationId, token, fence, at } = record;
        const resource = this.#pending?.resource ?? "";
        this.#locks.set(operationId, { resource, token, fence, checkedAt: at });
        const heldUntil = this.#leaseEnd(operationId, record.heldUntil);
        this.#end({ completedAt: at, outcome: "ok", token, fence, heldUntil });
        break;
      }
      case "not-acquired":
        if (record.reason === "timed-out") this.#end({ completedAt: record.at, outcome: "refused" });
        else this.#pending = undefined;
        break;
      case "extend":
      case "release":
        this.#begin(record.event, record.at, this.#lock(record.lockId));
        break;
      case "extended": {
        const heldUntil = this.#leaseEnd(record.lockId, record.heldUntil);
        this.#end({ completedAt: record.at, outcome: "ok", heldUntil });
        this.#lock(record.lockId).checkedAt = record.at;
        break;
      }
      case "not-extended":
        this.#end(record.reason === "lost" ? { completedAt: record.at, outcome: "refused" } : {});
        break;
      case "auto-extended": {
        const lock = this.#lock(record.lockId);
        const { resource, token, fence } = lock;
        this.#operations.push({
          process: this.#worker,
          kind: "extend",
          resource,
          token,
          fence,
          invokedAt: lock.checkedAt,
          completedAt: record.at,
          outcome: "ok",
          heldUntil: this.#leaseEnd(record.lockId, record.heldUntil),
        });
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
    lock: { readonly resource: string; readonly token?: string; readonly fence?: number },
  ): void {
    const { resource, token, fence } = lock;
    this.#pending = {
      process: this.#worker,
      kind,
      resource,
      invokedAt,
      outcome: "unknown",
      ...(token === undefined ? {} : { token }),
      ...(fence === undefined ? {} : { fence }),
    };
  }

  #end(result: Partial<Operation>): void {
    if (this.#pending !== undefined) this.#operations.push({ ...this.#pending, ...result });
    this.#pending = undefined;
  }

  #leaseEnd(lockId: number, heldUntil: number): number {
    return Math.min(heldUntil, this.#lostAt.get(lockId) ?? Infinity);
  }

  #lock(lockId: number): HeldLock {
    const lock = this.#locks.get(lockId);
    if (lock === undefined)
      throw new Error(`worker ${this.#worker}: operation ${lockId} has no "acquired" record`);
    return lock;
  }
}
