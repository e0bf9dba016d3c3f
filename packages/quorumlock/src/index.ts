export type { Clock, Timer } from "./base/clock.ts";
export {
  DuplicateInstanceError,
  type Holder,
  InstanceError,
  type InstanceErrorCode,
  type InstanceFailure,
  LockAbortedError,
  LockClosedError,
  LockError,
  type LockErrorCode,
  LockLostError,
  LockReleasedError,
  LockReentrantError,
  LockTimeoutError,
  LockUpgradeError,
  QuorumError,
  ReconfigurationError,
} from "./base/errors.ts";
export type { LockEventName, LockEvents, LockListener, UnsafeCause } from "./base/events.ts";
export type { InstanceSource } from "./instances/sources.ts";
export { MemoryInstance, type MemoryInstanceOptions } from "./instances/memory.ts";
export type { Lock, Lockable, Routine, TryResult } from "./lockable.ts";
export type { FairLockable, FairOptions, LinePosition } from "./primitives/fair.ts";
export type { HierarchyLockable } from "./primitives/hierarchy.ts";
export type { ReadLock, ReadWriteLock, WriteLock } from "./primitives/read-write.ts";
export type { AcquireOptions, RedlockOptions } from "./base/options.ts";
export type { MembershipChange } from "./client/reconfiguration.ts";
export type { JointInstances } from "./client/membership.ts";
export { type MemoryOptions, type ReconfigureOptions, Redlock } from "./redlock.ts";
