import type { Clock } from "../../base/clock.ts";
import { MemoryInstance } from "../../instances/memory.ts";
import type { RecordStore } from "./record-store.ts";
import { redisRecords } from "./redis-records.ts";

/** Options of `memoryRecords`. */
export interface MemoryRecordsOptions {
  /** The source of time. @default the clock of the system */
  readonly clock?: Clock | undefined;
}

/**
 * Records in this process, for tests and for programs with one process. They end with the process.
 * @throws TypeError for bad options, with the field and the value.
 */
export function memoryRecords(options: MemoryRecordsOptions = {}): RecordStore {
  const { clock } = options;
  return redisRecords(new MemoryInstance(clock === undefined ? {} : { clock }), options);
}
