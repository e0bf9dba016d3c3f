export type {
  WebLock,
  WebLockCallback,
  WebLockInfo,
  WebLockManager,
  WebLockMode,
  WebLockOptions,
  WebLockQueryOptions,
  WebLockSnapshot,
} from "./types.ts";
export { webLocks } from "./web-locks.ts";
export type { WebLocksOptions } from "./web-locks-options.ts";
