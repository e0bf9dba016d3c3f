import { badRequest, invalid, StatusError } from "./status.ts";

/** An object as JSON. Only its metadata is known to the server. */
export interface ApiObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    resourceVersion: string;
    creationTimestamp: string;
    labels?: Record<string, string>;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** What the server knows of a type of objects: where it is, and how the API server's own strategy for it decides. */
export interface ResourceType {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  /** A PUT of a name that does not exist creates the object. */
  readonly createsOnUpdate: boolean;
  /** A PUT without a resourceVersion replaces whatever is there. Otherwise it is refused as invalid. */
  readonly updatesUnconditionally: boolean;
  /** A deletion replies with the deleted object, not with a Status. */
  readonly deleteReturnsObject: boolean;
  /** Throws a StatusError if the object breaks a rule of its type. */
  readonly validate?: (object: ApiObject) => void;
}

/** A time with exactly six digits behind the point: the server's parser accepts nothing else. */
const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(?:Z|[+-]\d\d:\d\d)$/;

function validateLease(lease: ApiObject): void {
  const spec = (lease["spec"] ?? {}) as Record<string, unknown>;
  for (const field of ["acquireTime", "renewTime"]) {
    const time = spec[field];
    if (time !== undefined && time !== null && !(typeof time === "string" && MICRO_TIME.test(time)))
      throw badRequest(
        `Lease in version "v1" cannot be handled as a Lease: parsing time ${JSON.stringify(time)} as ` +
          `"2006-01-02T15:04:05.000000Z07:00": cannot parse`,
      );
  }
  const { name } = lease.metadata;
  const { leaseDurationSeconds: duration, leaseTransitions: transitions } = spec;
  checkInteger("leaseDurationSeconds", duration);
  checkInteger("leaseTransitions", transitions);
  if (typeof duration === "number" && duration <= 0)
    throw invalid(
      LEASES,
      name,
      "spec.leaseDurationSeconds",
      `Invalid value: ${duration}: must be greater than 0`,
    );
  if (typeof transitions === "number" && transitions < 0)
    throw invalid(
      LEASES,
      name,
      "spec.leaseTransitions",
      `Invalid value: ${transitions}: must be greater than or equal to 0`,
    );
}

function checkInteger(field: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (!Number.isInteger(value) || Math.abs(value as number) > 2 ** 31 - 1)
    throw badRequest(
      `Lease in version "v1" cannot be handled as a Lease: json: cannot unmarshal into Go struct field LeaseSpec.spec.${field} of type int32`,
    );
}

function validateSlice(slice: ApiObject): void {
  const endpoints = (slice["endpoints"] ?? []) as { addresses: string[] }[];
  for (const address of endpoints.flatMap(({ addresses }) => addresses)) {
    if (/^127\.|^::1$/.test(address))
      throw invalid(
        SLICES,
        slice.metadata.name,
        "endpoints[0].addresses[0]",
        `Invalid value: "${address}": may not be in the loopback range (127.0.0.0/8, ::1/128)`,
      );
  }
}

const SLICES: ResourceType = {
  group: "discovery.k8s.io",
  plural: "endpointslices",
  kind: "EndpointSlice",
  createsOnUpdate: false,
  updatesUnconditionally: true,
  deleteReturnsObject: false,
  validate: validateSlice,
};

export const LEASES: ResourceType = {
  group: "coordination.k8s.io",
  plural: "leases",
  kind: "Lease",
  createsOnUpdate: true,
  updatesUnconditionally: false,
  deleteReturnsObject: false,
  validate: validateLease,
};

const TYPES: readonly ResourceType[] = [
  LEASES,
  {
    group: "",
    plural: "services",
    kind: "Service",
    createsOnUpdate: true,
    updatesUnconditionally: true,
    deleteReturnsObject: true,
  },
  {
    group: "",
    plural: "pods",
    kind: "Pod",
    createsOnUpdate: false,
    updatesUnconditionally: true,
    deleteReturnsObject: true,
  },
  SLICES,
  {
    group: "apps",
    plural: "statefulsets",
    kind: "StatefulSet",
    createsOnUpdate: false,
    updatesUnconditionally: true,
    deleteReturnsObject: false,
  },
];

export function apiVersionOf(type: ResourceType): string {
  return type.group === "" ? "v1" : `${type.group}/v1`;
}

/** What a path names: a type, and perhaps a namespace and an object. Empty strings mean all. */
export interface Target {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
}

/** Reads `/api/v1/…` and `/apis/<group>/v1/…`. Throws a 404 for other paths. */
export function targetOf(path: string): Target {
  const match =
    /^\/(?:api|apis\/(?<group>[^/]+))\/v1(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?$/.exec(
      path,
    );
  const { group = "", namespace = "", plural = "", name = "" } = match?.groups ?? {};
  const type = TYPES.find((candidate) => candidate.group === group && candidate.plural === plural);
  if (type === undefined || (namespace === "" && name !== ""))
    throw new StatusError(404, "NotFound", "the server could not find the requested resource");
  return { type, namespace: decodeURIComponent(namespace), name: decodeURIComponent(name) };
}
