import { nowMs } from "./monotonic.ts";
import type { Write } from "./messages.ts";

/** A write as the store saw it. */
export interface StoredWrite extends Write {
  readonly arrivedAt: number;
  readonly accepted: boolean;
}

/**
 * What the locks protect, a database for instance. It takes a write only when its fence is larger than all it has seen for
 * the key, or the same from the same holder. It knows nothing of locks, leases or clocks.
 */
export class FencedStore {
  readonly #last = new Map<string, { readonly fence: number; readonly token: string }>();
  #writes: StoredWrite[] = [];

  write(write: Write): boolean {
    const last = this.#last.get(write.resource);
    const accepted =
      last === undefined ||
      write.fence > last.fence ||
      (write.fence === last.fence && write.token === last.token);
    if (accepted) this.#last.set(write.resource, { fence: write.fence, token: write.token });
    this.#writes.push({ ...write, arrivedAt: nowMs(), accepted });
    return accepted;
  }

  /** All writes since the last time, in the order of their arrival. */
  takeWrites(): readonly StoredWrite[] {
    return this.#writes.splice(0);
  }
}
