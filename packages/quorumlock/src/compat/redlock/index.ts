export { ExecutionError, ResourceLockedError } from "./errors.ts";
export type { RedlockAbortSignal } from "./keeper.ts";
export { Lock, Redlock, Redlock as default } from "./redlock.ts";
export type { RedlockSettings, Settings } from "./settings.ts";
export type { ClientExecutionResult, ExecutionResult, ExecutionStats, RedlockClient } from "./stats.ts";
