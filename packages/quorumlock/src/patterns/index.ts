export { PatternError, type PatternErrorCode, RecordStoreError, RunTimeoutError } from "./errors.ts";
export type { SkipReason, Skipped } from "./once/claim.ts";
export { lastRun, type LastRunOptions, once, type OnceResult } from "./once/once.ts";
export type { OnceOptions, RunOptions } from "./once/options.ts";
export type { Lost, Ran, Run, RunRoutine } from "./once/run-claimed.ts";
export type { LastRun, RunRecord, RunState } from "./once/run-record.ts";
export { lockRecords } from "./records/lock-records.ts";
export { memoryRecords, type MemoryRecordsOptions } from "./records/memory-records.ts";
export type { OpenedRecord, OpenOptions, RecordStore, StoredRecord } from "./records/record-store.ts";
export { redisRecords, type RedisRecords, type RedisRecordsOptions } from "./records/redis-records.ts";
export type { SqlClient, SqlConnection, SqlPool, SqlResult } from "./records/sql-client.ts";
export {
  sqlRecords,
  type SqlRecords,
  type SqlRecordsOptions,
  type TransactionalRecords,
  type TransactionResult,
} from "./records/sql-records.ts";
export { sqlRecordsSchema } from "./records/sql-statements.ts";
export type { CronCalculator } from "./schedule/calendar.ts";
export type { ScheduleEventName, ScheduleEvents } from "./schedule/events.ts";
export type { ScheduleOptions } from "./schedule/options.ts";
export { schedule, type Schedule, type StopOptions } from "./schedule/schedule.ts";
