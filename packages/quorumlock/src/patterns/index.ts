export { PatternError, type PatternErrorCode, RecordStoreError, RunTimeoutError } from "./errors.ts";
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
