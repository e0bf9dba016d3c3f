import { checkHistory, fencedMutex, fenceOrder, type Operation } from "@quorumlock/sim/history";
import { groupBy } from "../group-by.ts";
import type { WorkerRecord } from "../records.ts";
import type { Violation } from "./violation.ts";

/**
 * Whether what the workers saw can have happened: in one order, with one holder at a time and growing fencing tokens.
 * Where leases are outside of the guarantee, only the fencing tokens are looked at.
 */
export function checkOrder(records: readonly WorkerRecord[], leasesHold: boolean): readonly Violation[] {
  const history = toHistory(records);
  const verdict = leasesHold ? checkHistory(history, fencedMutex) : checkHistory(history, fenceOrder);
  if (verdict.valid === true) return [];
  const entries = verdict.valid === false ? verdict.operations : [];
  return [{ check: "history", message: `${verdict.resource}: ${verdict.reason}`, entries }];
}

/**
 * What the workers wrote down, as operations for the checker of histories.
 *
 * An acquisition that was called off or that too few instances answered granted nothing and says nothing about others:
 * it is left out. One that a killed process never heard of is unknown. A renewal that the lock made by itself took place
 * somewhere between two looks at it. Leases end with the time that their holder was told, so that a loss, which is
 * noticed later, is no operation; one that is noticed earlier ends the lease then.
 */
export function toHistory(records: readonly WorkerRecord[]): readonly Operation[] {
  const hands = groupBy(records, ({ hand }) => hand);
  return [...hands].flatMap(([hand, ofHand]) => new HandHistory(hand).read(ofHand));
}

interface HeldLock {
  readonly resource: string;
  readonly token: string;
  readonly fence: number;
  lookedAt: number;
}

class HandHistory {
  readonly #process: string;
  readonly #operations: Operation[] = [];
  readonly #lostAt = new Map<number, number>();
  readonly #locks = new Map<number, HeldLock>();
  /** What was begun and is not known to have ended. A hand does one thing after the other. */
  #open: Operation | undefined;

  constructor(hand: string) {
    this.#process = hand;
  }

  read(records: readonly WorkerRecord[]): readonly Operation[] {
    for (const record of records) if (record.event === "lost") this.#lostAt.set(record.lock, record.at);
    for (const record of records) this.#take(record);
    if (this.#open !== undefined) this.#operations.push(this.#open);
    return this.#operations;
  }

  #take(record: WorkerRecord): void {
    switch (record.event) {
      case "acquire":
        this.#begin("acquire", record.at, { resource: record.resource });
        break;
      case "acquired": {
        const { op, token, fence, heldUntil, at } = record;
        const resource = this.#open?.resource ?? "";
        this.#locks.set(op, { resource, token, fence, lookedAt: at });
        this.#end({ completedAt: at, outcome: "ok", token, fence, heldUntil: this.#until(op, heldUntil) });
        break;
      }
      case "not-acquired":
        if (record.why === "refused") this.#end({ completedAt: record.at, outcome: "refused" });
        else this.#open = undefined;
        break;
      case "extend":
      case "release":
        this.#begin(record.event, record.at, this.#lock(record.lock));
        break;
      case "extended":
        this.#end({
          completedAt: record.at,
          outcome: "ok",
          heldUntil: this.#until(record.lock, record.heldUntil),
        });
        this.#lock(record.lock).lookedAt = record.at;
        break;
      case "not-extended":
        this.#end(record.why === "lost" ? { completedAt: record.at, outcome: "refused" } : {});
        break;
      case "renewed": {
        const lock = this.#lock(record.lock);
        const { resource, token, fence } = lock;
        this.#operations.push({
          process: this.#process,
          kind: "extend",
          resource,
          token,
          fence,
          invokedAt: lock.lookedAt,
          completedAt: record.at,
          outcome: "ok",
          heldUntil: this.#until(record.lock, record.heldUntil),
        });
        lock.lookedAt = record.at;
        break;
      }
      case "released":
        if (record.how === "unconfirmed") this.#end({});
        else this.#end({ completedAt: record.at, outcome: record.how === "held" ? "ok" : "refused" });
        break;
      case "lost":
      case "broken":
        break;
    }
  }

  #begin(
    kind: Operation["kind"],
    invokedAt: number,
    what: { readonly resource: string; readonly token?: string; readonly fence?: number },
  ): void {
    const { resource, token, fence } = what;
    this.#open = {
      process: this.#process,
      kind,
      resource,
      invokedAt,
      outcome: "unknown",
      ...(token === undefined ? {} : { token }),
      ...(fence === undefined ? {} : { fence }),
    };
  }

  #end(how: Partial<Operation>): void {
    if (this.#open !== undefined) this.#operations.push({ ...this.#open, ...how });
    this.#open = undefined;
  }

  #until(lock: number, heldUntil: number): number {
    return Math.min(heldUntil, this.#lostAt.get(lock) ?? Infinity);
  }

  #lock(op: number): HeldLock {
    const lock = this.#locks.get(op);
    if (lock === undefined) throw new Error(`record of ${this.#process}: lock ${op} was never acquired`);
    return lock;
  }
}
