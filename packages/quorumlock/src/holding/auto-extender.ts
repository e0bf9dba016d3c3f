/**
 * The maximum number of automatic extensions in flight. After a pause of the process all locks are due at once. If all asked
 * together, no member could reply within the time limit of a request.
 */
const MAX_EXTENSIONS = 1_024;

/** No attempt to extend follows another one sooner. */
const MIN_GAP_MS = 10;
/** A failed attempt is repeated after a tenth of the ttl, but no later than this. */
const MAX_GAP_MS = 1_000;
/** The same while the voters change: a waiter may have asked the new members for this lock, which passes soon. */
const MAX_GAP_FOR_NEW_VOTERS_MS = 50;

/** A lock that extends itself. */
export interface Extendable {
  /** Begins an extension. The promise never rejects. `undefined`: it needs none any more. */
  beginExtension(): Promise<void> | undefined;
}

/** Begins the automatic extensions of all locks of one client: a bounded number at a time, in the order in which they were due. */
export class AutoExtender {
  readonly #maxInFlight: number;
  readonly #queued = new Set<Extendable>();
  #inFlight = 0;

  constructor(maxInFlight = MAX_EXTENSIONS) {
    this.#maxInFlight = maxInFlight;
  }

  /** Begins its extension now or later, once, however often it is requested. */
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

/** When the next extension begins after one that succeeded at `leaseStartedAt`: a third of the ttl later. */
export function nextExtensionAt(leaseStartedAt: number, ttlMs: number, now: number): number {
  return Math.max(leaseStartedAt + ttlMs / 3, now + MIN_GAP_MS);
}

/** When a failed extension is repeated. `isOutdated`: the voters have changed since the lock was granted. */
export function retryExtensionAt(ttlMs: number, isOutdated: boolean, now: number): number {
  const maxGapMs = isOutdated ? MAX_GAP_FOR_NEW_VOTERS_MS : MAX_GAP_MS;
  return now + Math.max(MIN_GAP_MS, Math.min(ttlMs / 10, maxGapMs));
}
