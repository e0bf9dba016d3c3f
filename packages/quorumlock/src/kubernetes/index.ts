export type { CoordinationApi, LeaseMetadata, LeaseObject, LeaseSpec } from "./lease/coordination-api.ts";
export { leaseLock, type LeaseLockable, type LeaseTarget } from "./lease/lease-lock.ts";
export { leaseNameOf } from "./lease/lease-name.ts";
export type { LeaseLockOptions } from "./lease/lease-options.ts";
export type {
  DiscoveryClients,
  EndpointObject,
  EndpointSliceObject,
  EndpointSlicesApi,
  ListRequest,
  ObjectList,
  ServiceObject,
  ServicesApi,
  WatchFunction,
} from "./discovery/api.ts";
export { type DiscoveredMember, discoverInstances, type Discovery } from "./discovery/discovery.ts";
export { DiscoveryError, type DiscoveryErrorCode } from "./discovery/errors.ts";
export type { DiscoveryEvents, Membership } from "./discovery/events.ts";
export type { MembershipState, ReconfigurableClient } from "./discovery/membership-follower.ts";
export type { DiscoveryOptions, MemberAddress, OrdinalSource } from "./discovery/options.ts";
