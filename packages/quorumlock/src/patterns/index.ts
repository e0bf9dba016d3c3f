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
export {
  ComputeError,
  PatternError,
  type PatternErrorCode,
  RecordStoreError,
  type RemoteError,
  RunTimeoutError,
} from "./errors.ts";
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
