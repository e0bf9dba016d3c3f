import { MAX_TTL_MS } from "../plan/profiles.ts";

/** Longest wait of a caller without a limit after all faults have ended, in ms of real time. */
export const MAX_WAIT_MS = 30_000;
/** Longest time for which a name may be free while a caller waits and no fault is active. Allows some split votes. */
export const MAX_IDLE_MS = 700;
/**
 * Added to `MAX_IDLE_MS` if clock rates exceed the bound. A waiter with a slow clock then sleeps until long after the lock
 * has expired on servers with fast clocks.
 */
export const WILD_CLOCKS_IDLE_MS = MAX_TTL_MS;
/** A step of the clock, and the end of a sleep, are noticed within a second. */
export const MAX_SIGNAL_DELAY_MS = 1_100;
/** Time after the last fault for reconnections, restart guards and backoffs, by the slowest clock. */
export const RECOVERY_MS = 4_000;
/** Maximum number of requests from one client to one server for each reason: see `RequestCounts`. */
export const MAX_REQUESTS_PER_REASON = 6;
/** Shortest time between two requests of a client during an outage. */
export const MIN_OUTAGE_RETRY_MS = 25;

/**
 * How often a waiter in an enforced line may be overtaken, in histories without faults, by callers that came long after it. A waiter
 * that was named and does not come in time lets others pass.
 */
export const MAX_OVERTAKES = 2;
