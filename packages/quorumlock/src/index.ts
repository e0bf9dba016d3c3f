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
  LockKindError,
  LockLostError,
  LockReleasedError,
  LockReentrantError,
  LockTimeoutError,
  LockUpgradeError,
  QuorumError,
  ReconfigurationError,
  TenantLimitError,
} from "./base/errors.ts";
export type {
  AcquireFailure,
  FailureReason,
  InstanceState,
  LockEventName,
  LockEvents,
  LockKindName,
  LockListener,
  LossCause,
  SharingMode,
  UnsafeCause,
} from "./base/events.ts";
export { LockConditionError, LockPoolFullError } from "./compositions/errors.ts";
export type { LockSource } from "./compositions/lock-source.ts";
export { type LockPool, pool, type PoolOptions, type PoolStats } from "./compositions/pool.ts";
export { sharded, type ShardedLock, type ShardedOptions } from "./compositions/sharded.ts";
export type { Subscribe, Unsubscribe } from "./compositions/change-feed.ts";
export { type Condition, when, type WhenOptions } from "./compositions/when.ts";
export {
  type AdaptiveLockable,
  AdaptiveTtl,
  type AdaptiveTtlOptions,
  type HoldStatistics,
  withAdaptiveTtl,
} from "./policies/adaptive-ttl.ts";
export { calculateTtl, type CalculateTtlOptions } from "./policies/calculate-ttl.ts";
export {
  CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitChange,
  type CircuitState,
} from "./policies/circuit-breaker.ts";
export { CircuitOpenError } from "./policies/errors.ts";
export {
  type FallbackLockable,
  type FallbackOptions,
  type FallbackTier,
  type TierChange,
  type TierInfo,
  withFallback,
} from "./policies/fallback.ts";
export {
  constant,
  decorrelatedJitter,
  exponential,
  type ExponentialOptions,
  fullJitter,
  type JitterOptions,
  linear,
  type LinearOptions,
  type RetryState,
  type RetryStrategy,
} from "./policies/retry-strategies.ts";
export { attemptsOf, type RetryEvent, type RetryOptions, withRetry } from "./policies/retry.ts";
export { withCircuitBreaker } from "./policies/with-circuit-breaker.ts";
export type { Wrapped } from "./policies/wrapped.ts";
export type { InstanceSource } from "./instances/sources.ts";
export { MemoryInstance, type MemoryInstanceOptions } from "./instances/memory.ts";
export type {
  DescribedTenant,
  DescriptionOf,
  Lock,
  Lockable,
  LockDescription,
  LockHolder,
  LockState,
  Routine,
  TryResult,
} from "./lockable.ts";
export type { Mode } from "./operations/mode.ts";
export type { FairLockable, FairOptions, LinePosition } from "./primitives/fair.ts";
export type { HierarchyLockable } from "./primitives/hierarchy.ts";
export type { NameInMode } from "./primitives/modes.ts";
export type { ReadLock, ReadWriteLock, WriteLock } from "./primitives/read-write.ts";
export type {
  PermitLock,
  PermitOptions,
  Semaphore,
  SemaphoreOptions,
  SemaphoreState,
} from "./primitives/semaphore.ts";
export type { Tenant, TenantOptions, TenantUsage } from "./primitives/tenant.ts";
export type { AttachedLock } from "./primitives/attachable-kinds.ts";
export type { UntilFreeOptions } from "./acquiring/until-free.ts";
export type { AcquireOptions, MutexRedlockOptions } from "./base/options.ts";
export type { Health, InstanceHealth, VotingCount } from "./client/health.ts";
export type {
  HealthOptions,
  InstanceResolver,
  RedlockOptions,
  SilentInstance,
} from "./client/health-options.ts";
export type { AttachOptions } from "./primitives/attach.ts";
export type { MembershipChange } from "./client/reconfiguration.ts";
export type { JointInstances } from "./client/membership.ts";
export { MutexRedlock, type ReconfigureOptions } from "./mutex-redlock.ts";
export { type MemoryOptions, Redlock } from "./redlock.ts";
