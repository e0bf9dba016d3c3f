/** The members of the metadata of a Lease that the library uses. All others are sent back as they were read. */
export interface LeaseMetadata {
  /** The name of the Lease. */
  name?: string | undefined;
  /** The namespace of the Lease. */
  namespace?: string | undefined;
  /** The identity of the Lease. A Lease that is created again under the same name has another one. */
  uid?: string | undefined;
  /** Changes with every write. A write with an old one is refused. */
  resourceVersion?: string | undefined;
  /** When the API server created the Lease, by its clock. */
  creationTimestamp?: Date | string | undefined;
}

/** The members of the spec of a Lease that the library uses. All others are sent back as they were read. */
export interface LeaseSpec {
  /** The token of the holder. Empty or missing if the Lease is free. */
  holderIdentity?: string | null | undefined;
  /** How long a taker must have seen the record unchanged, in whole seconds. */
  leaseDurationSeconds?: number | null | undefined;
  /** When the present holder acquired it, by the holder's clock. For people: the library never reads it. */
  acquireTime?: Date | string | null | undefined;
  /** When it was written last, by the writer's clock. For people: the library never reads it. */
  renewTime?: Date | string | null | undefined;
  /** Grows with every acquisition. It is the fencing token. */
  leaseTransitions?: number | null | undefined;
}

/** A Lease of `coordination.k8s.io/v1`, as far as the library uses it. */
export interface LeaseObject {
  /** `coordination.k8s.io/v1`. */
  apiVersion?: string | undefined;
  /** `Lease`. */
  kind?: string | undefined;
  /** Its name, identity and version. */
  metadata?: LeaseMetadata | undefined;
  /** Its holder. */
  spec?: LeaseSpec | undefined;
}

/**
 * The members of a `CoordinationV1Api` of `@kubernetes/client-node` that the library uses. Each rejects with an error whose `code`
 * is the HTTP status, if the server has answered.
 */
export interface CoordinationApi {
  /** Reads the latest state of a Lease. */
  readNamespacedLease(request: { name: string; namespace: string }, options?: object): Promise<LeaseObject>;
  /** Creates a Lease. Status 409 if it exists. */
  createNamespacedLease(
    request: { namespace: string; body: LeaseObject },
    options?: object,
  ): Promise<LeaseObject>;
  /** Replaces a Lease if it still has the `resourceVersion` and the `uid` of the body. Otherwise status 409. */
  replaceNamespacedLease(
    request: { name: string; namespace: string; body: LeaseObject },
    options?: object,
  ): Promise<LeaseObject>;
}
