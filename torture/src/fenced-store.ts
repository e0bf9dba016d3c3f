import { nowMs } from "./monotonic.ts";
import type { Write } from "./processes/messages.ts";

/** A write as the store saw it. */
export interface StoredWrite extends Write {
  readonly arrivedAt: number;
  readonly isAccepted: boolean;
}

/**
 * The resource that the locks protect, such as a database. It accepts a write if its fencing token is larger than every
 * token before it, or if the same holder repeats its token. The store does not know locks, leases or clocks.
 */
export class FencedStore {
  readonly #last = new Map<string, { readonly fence: number; readonly token: string }>();
  #writes: StoredWrite[] = [];

  /** Returns whether the store accepted the write. */
  write(write: Write): boolean {
    const last = this.#last.get(write.resource);
    const isAccepted =
      last === undefined ||
      write.fence > last.fence ||
      (write.fence === last.fence && write.token === last.token);
    if (isAccepted) this.#last.set(write.resource, { fence: write.fence, token: write.token });
    this.#writes.push({ ...write, arrivedAt: nowMs(), isAccepted });
    return isAccepted;
  }

  /** Returns all writes since the last call, in the order of their arrival. */
  takeWrites(): readonly StoredWrite[] {
    return this.#writes.splice(0);
  }
}
