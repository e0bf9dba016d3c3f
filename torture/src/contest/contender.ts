import type { AcquireOptions, Lock } from "quorumlock";
import type { Access, Hold } from "./hold.ts";

/** The kinds of lock that workers use. The summary counts the locks of each kind. */
export const LOCK_KINDS = [
  "mutex",
  "several names",
  "pool",
  "sharded",
  "read",
  "write",
  "tree",
  "shared tree",
  "modes",
  "fair",
  "semaphore",
  "tenant",
] as const;

export type LockKind = (typeof LOCK_KINDS)[number];

/** A lock that workers compete for, and what the checks must know about it. */
export interface Contender {
  readonly kind: LockKind;
  /** How often workers choose it, relative to the others. */
  readonly share: number;
  readonly acquire: (options: AcquireOptions) => Promise<Lock>;
  /** What the lock holds. Holds that clash must not overlap. Empty if only the granted lock knows it. */
  readonly claims: readonly Hold[];
  /** What the granted lock holds, if that is not known before. */
  readonly holdsOf?: (lock: Lock) => readonly Hold[];
  /** Nodes below those of the claims. The lock protects them too. */
  readonly below?: readonly { readonly node: string; readonly access: Access }[];
  /** How a holder converts the lock. It then holds the claims of another contender. */
  readonly conversion?: Conversion;
}

interface Conversion {
  readonly convert: (lock: Lock) => Promise<Lock>;
  readonly to: () => Contender;
}

/** All contenders of a phase. */
export interface Contest {
  /** Each hold takes a few ms. */
  readonly short: readonly Contender[];
  /** Each hold takes about a ttl, or ends when the holder loses the lock. */
  readonly long: readonly Contender[];
}
