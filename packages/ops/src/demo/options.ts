export interface DemoOptions {
  /** Number of items to sell. */
  readonly items: number;
  readonly workers: number;
  /** Run in memory, even if there is a server binary. */
  readonly memory: boolean;
}

/**
 * At least 20 items, because the workers would sell fewer before all faults happen. At least two workers, because one of
 * them is killed.
 */
export const LIMITS = {
  items: { min: 20, max: 100_000, default: 1_000 },
  workers: { min: 2, max: 32, default: 8 },
} as const;

/** A majority of five is three, so two servers may fail. */
export const SERVERS = 5;

/** The name of the lock. */
export const RESOURCE = "shop:stock";

/** After a holder is killed, the other workers wait until its lock expires: at most so long. In ms. */
export const TTL_MS = 1_500;

/** How long a request to one server may take, in ms. */
export const REQUEST_TIMEOUT_MS = 100;

/** Time between the read and the write of the stock, in ms. */
export const READ_TO_WRITE_MS = 1;

/** Maximum time of a worker between two sales, without the lock. In ms. */
export const MAX_IDLE_MS = 20;
