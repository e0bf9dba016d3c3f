/** The options that all worker processes share. */
export interface WorkerOptions {
  /** The ttl of every lock, in ms. */
  readonly ttlMs: number;
  readonly workersPerProcess: number;
  readonly seed: number;
  /** Whether a server that restarted without its data abstains for a while. */
  readonly restartGuard: boolean;
}
