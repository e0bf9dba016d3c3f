export type { Clock, Timer } from "./clock.ts";
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
  LockReentrantError,
  LockTimeoutError,
  QuorumError,
  ReconfigurationError,
} from "./errors.ts";
export type { LockEventName, LockEvents, LockListener, UnsafeCause } from "./events.ts";
export type { InstanceSource } from "./instances/index.ts";
export { MemoryInstance, type MemoryInstanceOptions } from "./instances/memory.ts";
export type { Lock, Lockable, Routine } from "./lockable.ts";
export type { AcquireOptions, RedlockOptions } from "./options.ts";
export type { MembershipChange } from "./reconfiguration.ts";
export { type JointInstances, type MemoryOptions, type ReconfigureOptions, Redlock } from "./redlock.ts";
