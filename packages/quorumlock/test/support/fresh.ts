/**
 * For clients of servers that a test has only just started, or restarts on purpose: they would abstain for a ttl, though
 * nobody held a lock before.
 */
export const FRESH = { restartGuard: false } as const;
