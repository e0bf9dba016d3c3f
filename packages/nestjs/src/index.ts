export { currentLock } from "./current-lock.ts";
export { RedlockHealthIndicator, type RedlockHealthResult } from "./health-indicator.ts";
export { LockExceptionFilter, type LockExceptionFilterOptions } from "./lock-exception-filter.ts";
export type { QuorumlockModuleExtras, QuorumlockModuleOptions } from "./options.ts";
export {
  type QuorumlockModuleAsyncOptions,
  QuorumlockModule,
  type QuorumlockOptionsFactory,
} from "./quorumlock-module.ts";
export { getRedlockToken, InjectRedlock } from "./tokens.ts";
export { UseLock } from "./use-lock.ts";
export type { LockKey, UseLockOptions } from "./use-lock-options.ts";
