/** What all workers have in common. */
export interface WorkerOptions {
  /** The time to live of every lock, in ms. */
  readonly ttlMs: number;
  /** How many locks a worker works for at a time. */
  readonly hands: number;
  readonly seed: number;
  /** Whether members that restarted without their memory abstain. */
  readonly restartGuard: boolean;
}
