export type { OpenTelemetryApi } from "./api.ts";
export { type LockMeters, meterLocks, type MeterLocksOptions } from "./meter-locks.ts";
export { traceLocks, type TraceLocksOptions } from "./trace-locks.ts";
