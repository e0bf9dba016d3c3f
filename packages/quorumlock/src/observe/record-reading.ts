import type { ClassRecord } from "./class-record.ts";

/** The method of `LockStats` for the exporters of this library. Both builds of the library use the same symbol. */
export const RECORDS: unique symbol = Symbol.for("quorumlock.records") as never;

/** The record of a class, and what of it is under way. */
export interface RecordReading {
  readonly resource: string;
  readonly record: ClassRecord;
  /** How long the oldest waiter has waited, in ms. 0 if none waits. */
  readonly oldestWaitMs: number;
  /** How long the lock that is held longest has been held, in ms. 0 if none is held. */
  readonly longestHoldMs: number;
}
