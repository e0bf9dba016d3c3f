export type { CoordinationApi, LeaseMetadata, LeaseObject, LeaseSpec } from "./lease/coordination-api.ts";
export { leaseLock, type LeaseLockable, type LeaseTarget } from "./lease/lease-lock.ts";
export { leaseNameOf } from "./lease/lease-name.ts";
export type { LeaseLockOptions } from "./lease/lease-options.ts";
