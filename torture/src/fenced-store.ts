import { nowMs } from "./monotonic.ts";
import type { Write } from "./processes/messages.ts";

/** A write as the store saw it. */
export interface StoredWrite extends Write {
  readonly arrivedAt: number;
  readonly isAccepted: boolean;
}

/** The largest fencing tokens that the store has accepted for one node. */
interface Seen {
  exclusive: { readonly fence: number; readonly lock: string } | undefined;
  shared: number;
}

/**
 * The data that the locks protect, such as a database. It does not know locks, leases or clocks.
 *
 * - Exclusive: accepted if the fencing token is larger than every token before it. The same lock may repeat its token, until a
 *   reader has used the data with that token.
 * - Shared: accepted if the fencing token is not smaller than that of any writer before it. Readers at the same time can have
 *   different tokens, so they are not compared.
 */
export class FencedStore {
  readonly #seen = new Map<string, Seen>();
  #writes: StoredWrite[] = [];

  /** Returns whether the store accepted the write. */
  write(write: Write): boolean {
    const seen = this.#seen.get(write.node) ?? { exclusive: undefined, shared: -1 };
    this.#seen.set(write.node, seen);
    const isAccepted = isAllowed(write, seen);
    if (isAccepted && write.access === "exclusive") seen.exclusive = { fence: write.fence, lock: write.lock };
    if (isAccepted && write.access === "shared") seen.shared = Math.max(seen.shared, write.fence);
    this.#writes.push({ ...write, arrivedAt: nowMs(), isAccepted });
    return isAccepted;
  }

  /** Returns all writes since the last call, in the order of their arrival. */
  takeWrites(): readonly StoredWrite[] {
    return this.#writes.splice(0);
  }
}

function isAllowed({ access, fence, lock }: Write, { exclusive, shared }: Seen): boolean {
  if (access === "shared") return fence >= (exclusive?.fence ?? -1);
  if (fence <= shared) return false;
  return (
    exclusive === undefined ||
    fence > exclusive.fence ||
    (fence === exclusive.fence && lock === exclusive.lock)
  );
}
