/**
 * Options for clients of servers that a test has just started or restarts on purpose. With the restart guard, these servers
 * would abstain for a ttl, although no lock was held before.
 */
export const FRESH = { restartGuard: false } as const;
