export type { CacheEvents, CacheListener } from "./cached/cache-events.ts";
export type { CacheStore } from "./cached/cache-store.ts";
export { type Cached, cached, type CacheGetOptions } from "./cached/cached.ts";
export type { CachedOptions } from "./cached/cached-options.ts";
export type { Compute, ComputeContext } from "./cached/computation.ts";
export { keyvStore, type KeyvLike } from "./cached/keyv-store.ts";
export { mapStore, type MapEntry, type MapStoreOptions } from "./cached/map-store.ts";
export {
  type IoredisCacheClient,
  type NodeRedisCacheClient,
  redisStore,
  type RedisStoreOptions,
} from "./cached/redis-store.ts";
export { elect, type Election, type ElectionEvents, type ElectionState } from "./elect/elect.ts";
export type { ElectOptions, Term, TermEnd } from "./elect/election-options.ts";
export type { Leader } from "./elect/leader.ts";
export { type Observation, type ObservationEvents, observe, type ObserveOptions } from "./elect/observe.ts";
export {
  ComputeError,
  IdempotencyMismatchError,
  PatternError,
  type PatternErrorCode,
  QueueClosedError,
  RecordStoreError,
  type RemoteError,
  RunTimeoutError,
} from "./errors.ts";
export type { SkipReason, Skipped } from "./once/claim.ts";
export { lastRun, type LastRunOptions, once, type OnceResult } from "./once/once.ts";
export type { OnceOptions, RunOptions } from "./once/options.ts";
export type { Lost, Ran, Run, RunRoutine } from "./once/run-claimed.ts";
export type { LastRun, RunRecord, RunState } from "./once/run-record.ts";
export type { AttemptOptions, FailurePolicy, ProcessOptions } from "./process-once/options.ts";
export { processOnce } from "./process-once/process-once.ts";
export type {
  ProcessResult,
  Task,
  TaskDone,
  TaskFailed,
  TaskRoutine,
  TaskRunning,
} from "./process-once/task.ts";
export { lockRecords } from "./records/lock-records.ts";
export { memoryRecords, type MemoryRecordsOptions } from "./records/memory-records.ts";
export type { OpenedRecord, OpenOptions, RecordStore, StoredRecord } from "./records/record-store.ts";
export { redisRecords, type RedisRecords, type RedisRecordsOptions } from "./records/redis-records.ts";
export type { SqlClient, SqlConnection, SqlPool, SqlResult } from "./records/sql-client.ts";
export { sqlRecords, type SqlRecords, type SqlRecordsOptions } from "./records/sql-records.ts";
export { sqlRecordsSchema } from "./records/sql-statements.ts";
export type { TransactionalRecords, TransactionResult } from "./records/transactional-records.ts";
export type { CronCalculator } from "./schedule/calendar.ts";
export type { ScheduleEventName, ScheduleEvents } from "./schedule/events.ts";
export type { ScheduleOptions } from "./schedule/options.ts";
export { schedule, type Schedule, type StopOptions } from "./schedule/schedule.ts";
export type { BullmqModule } from "./task-queue/bullmq.ts";
export type { QueueRoutine, QueueTask } from "./task-queue/job-processing.ts";
export type { TaskQueueOptions, TaskWorkerOptions } from "./task-queue/options.ts";
export type {
  TaskCompleted,
  TaskDelayed,
  TaskEnd,
  TaskGivenUp,
  TaskQueueEvents,
} from "./task-queue/task-end.ts";
export { type Enqueued, TaskQueue, type TaskWork } from "./task-queue/task-queue.ts";
