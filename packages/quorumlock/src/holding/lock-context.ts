import type { Clock, Instant } from "../base/clock.ts";
import type { Deadlines } from "../base/deadlines.ts";
import type { LockError, LockLostError } from "../base/errors.ts";
import type { Events } from "../base/events.ts";
import type { RegistryEntry } from "../base/registry.ts";
import type { LockWatch } from "../diagnostics/lock-watch.ts";
import type { RestorableMembers } from "../members/retry-when-restored.ts";
import type { Hold } from "../quorum/hold.ts";
import type { Lease } from "../quorum/lease.ts";
import type { LocalQueue } from "../waiting/local-queue.ts";
import type { Place } from "../waiting/place.ts";
import type { AutoExtender } from "./auto-extender.ts";

/** The parts of the client that a held lock uses. */
export interface LockContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly events: Events;
  readonly driftFactor: number;
  readonly members: RestorableMembers;
  readonly queue: LocalQueue;
  readonly extender: AutoExtender;
  /** Notes a ttl that is used, because the restart guard needs the longest one. */
  recordTtl(ttlMs: number): void;
  /** Notes the clocks at the start of a lease, so that a later step of the wall clock is noticed. */
  recordLease(startedAt: Instant): void;
  /** Notes a token that instances may keep although its lock was not released. Errors name this process as its holder. */
  recordLeftover(token: string): void;
  /** Whether a lock of this process holds one of the names with this token, or left it on the instances. */
  readonly isHeldHere: (names: readonly string[], token: string) => boolean;
  register(lock: RegistryEntry): void;
  unregister(lock: RegistryEntry): void;
  /** Called when a lock was extended or has ended. */
  onLockChanged(): void;
}

export interface LockInit {
  /** In the events of the lock. */
  readonly id: number;
  readonly hold: Hold;
  readonly lease: Lease;
  readonly ttlMs: number;
  readonly autoExtend: boolean;
  readonly place: Place;
  /** Set only with `diagnostics: true`. */
  readonly watch: LockWatch | undefined;
  /** The controller of the signal that it shares with the lock from which it was converted. */
  readonly controller?: AbortController | undefined;
  /** When that lock was granted, by the monotonic clock. @default now */
  readonly grantedAt?: number | undefined;
}

/** State that most locks never need. Allocated on first use, so that a held lock stays small. */
export interface RareState {
  /** The extension or conversion in flight. The next one waits for it. */
  extension?: Promise<unknown> | undefined;
  /** Whether the automatic extension is due and waits in the extender. */
  isQueued?: boolean;
  /** When the next automatic extension begins, if not after a third of the ttl. */
  retryAt?: number | undefined;
  /** The error of the latest extension, if it failed. */
  lastFailure?: LockError | undefined;
  lossError?: LockLostError;
  isDetached?: boolean;
  /** Made when `signal` is first read, because most locks are released without that. */
  controller?: AbortController | undefined;
}
