/**
 * The maximum number of automatic extensions in flight. After a pause of the process all locks are due at once. If all were
 * extended together, no member could reply within the time limit of a request.
 */
const MAX_EXTENSIONS = 1_024;

/** Minimum time between two automatic extensions of one lock. */
const MIN_GAP_MS = 10;
/** A failed extension is retried after a tenth of the ttl, but after this time at the latest. */
const MAX_GAP_MS = 1_000;
/** The same limit while the voters change. A waiter may hold the token on new members for a moment, so a retry succeeds soon. */
const MAX_GAP_FOR_NEW_VOTERS_MS = 50;

/** A lock that extends itself. */
export interface Extendable {
  /** Begins an extension. The promise never rejects. `undefined` if the lock needs no extension any more. */
  beginExtension(): Promise<void> | undefined;
}

/** Begins the automatic extensions of one client, in the order in which they are due, with a maximum number in flight. */
export class AutoExtender {
  readonly #maxInFlight: number;
  readonly #queued = new Set<Extendable>();
  #inFlight = 0;

  constructor(maxInFlight = MAX_EXTENSIONS) {
    this.#maxInFlight = maxInFlight;
  }

  /** Queues the lock. Its extension begins when fewer than the maximum are in flight. A queued lock is not queued twice. */
  request(lock: Extendable): void {
    this.#queued.add(lock);
    this.#beginNext();
  }

  cancel(lock: Extendable): void {
    this.#queued.delete(lock);
  }

  #beginNext(): void {
    for (const lock of this.#queued) {
      if (this.#inFlight >= this.#maxInFlight) return;
      this.#queued.delete(lock);
      const extension = lock.beginExtension();
      if (extension === undefined) continue;
      this.#inFlight += 1;
      void extension.then(() => {
        this.#inFlight -= 1;
        this.#beginNext();
      });
    }
  }
}

/** When the next automatic extension begins: a third of the ttl after the start of the present lease. */
export function nextExtensionAt(leaseStartedAt: number, ttlMs: number, now: number): number {
  return Math.max(leaseStartedAt + ttlMs / 3, now + MIN_GAP_MS);
}

/** When a failed extension is retried. `isOutdated`: the voters have changed since the lock was granted. */
export function retryExtensionAt(ttlMs: number, isOutdated: boolean, now: number): number {
  const maxGapMs = isOutdated ? MAX_GAP_FOR_NEW_VOTERS_MS : MAX_GAP_MS;
  return now + Math.max(MIN_GAP_MS, Math.min(ttlMs / 10, maxGapMs));
}
