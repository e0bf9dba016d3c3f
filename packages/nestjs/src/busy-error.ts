import { LockError, type LockErrorCode } from "quorumlock";

/** Other callers hold the lock, or all permits or places. The same call can succeed later. */
const BUSY: ReadonlySet<LockErrorCode> = new Set([
  "LOCK_TIMEOUT",
  "LOCK_TENANT_LIMIT",
  "LOCK_POOL_FULL",
  "LOCK_CONDITION",
]);

export function isBusyError(error: unknown): boolean {
  return error instanceof LockError && BUSY.has(error.code);
}
