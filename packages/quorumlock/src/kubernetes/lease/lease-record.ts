import type { LeaseObject, LeaseSpec } from "./coordination-api.ts";
import { MicroTime, momentOf } from "./micro-time.ts";

/** The largest `leaseTransitions`: the field has 32 bits, with a sign. */
const MAX_TRANSITIONS = 2 ** 31 - 1;
/** 2020-01-01T00:00:00Z, in seconds since 1970. Fencing tokens of a new Lease begin with the seconds since then. */
const FENCE_EPOCH_S = 1_577_836_800;

/** One state of a Lease. */
export interface LeaseRecord {
  /** The Lease as it was read. Fields that the library does not know are written back. */
  readonly object: LeaseObject;
  /** Identifies the state: the uid and the `resourceVersion`. */
  readonly version: string;
  /** The token of the holder. Empty if the Lease is free. */
  readonly holder: string;
  /** How long a taker must see this state unchanged, in ms. `undefined` if the holder has not said it. */
  readonly durationMs: number | undefined;
  /** The fencing token of the last holder. 0 if there was none. */
  readonly transitions: number;
  /** The seconds from 2020 to the creation of the Lease, by the clock of the API server. */
  readonly createdAtS: number;
}

/** @throws Error if the reply is no Lease that can be replaced safely. */
export function readRecord(object: LeaseObject): LeaseRecord {
  const { uid, resourceVersion, creationTimestamp } = object?.metadata ?? {};
  if (!isText(uid) || !isText(resourceVersion))
    throw new Error("the API server returned a Lease without uid or resourceVersion");
  const { holderIdentity, leaseDurationSeconds, leaseTransitions } = object.spec ?? {};
  const createdMs = momentOf(creationTimestamp) ?? 0;
  const createdAtS = Math.max(0, Math.floor(createdMs / 1_000) - FENCE_EPOCH_S);
  return {
    object,
    version: `${uid} ${resourceVersion}`,
    holder: holderIdentity ?? "",
    durationMs: isCount(leaseDurationSeconds) ? leaseDurationSeconds * 1_000 : undefined,
    transitions: isCount(leaseTransitions) ? leaseTransitions : 0,
    createdAtS,
  };
}

/**
 * The fencing token of the next holder: above that of the last one. A Lease that was deleted and created again begins above the tokens
 * that it had before, unless it had more than one holder a second from its creation to its deletion.
 */
export function nextFence({ transitions, createdAtS }: LeaseRecord): number | undefined {
  const fence = Math.max(transitions, createdAtS) + 1;
  return fence > MAX_TRANSITIONS ? undefined : fence;
}

/** A new Lease, that nobody holds. */
export function freeLease(namespace: string, name: string): LeaseObject {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace },
    spec: { holderIdentity: "" },
  };
}

/** The Lease with a new holder. */
export function acquired(record: LeaseRecord, token: string, fence: number, ttlMs: number, wallMs: number) {
  const now = new MicroTime(wallMs);
  return withSpec(record, {
    holderIdentity: token,
    leaseDurationSeconds: wholeSeconds(ttlMs),
    acquireTime: now,
    renewTime: now,
    leaseTransitions: fence,
  });
}

/**
 * The Lease with the same holder, for another `ttlMs`. Its duration never becomes shorter: if the outcome of this write is not known, the
 * holder relies on the lease that it had before.
 */
export function renewed(record: LeaseRecord, ttlMs: number, wallMs: number): LeaseObject {
  const leaseDurationSeconds = wholeSeconds(Math.max(ttlMs, record.durationMs ?? 0));
  return withSpec(record, { leaseDurationSeconds, renewTime: new MicroTime(wallMs) });
}

/** The Lease without a holder. It is never deleted, because the fencing token would be lost with it. */
export function released(record: LeaseRecord, wallMs: number): LeaseObject {
  return withSpec(record, { holderIdentity: "", renewTime: new MicroTime(wallMs) });
}

function withSpec({ object }: LeaseRecord, spec: LeaseSpec): LeaseObject {
  return { ...object, spec: { ...object.spec, ...spec } };
}

/** Takers wait for whole seconds, so at least for the ttl. */
function wholeSeconds(ttlMs: number): number {
  return Math.ceil(ttlMs / 1_000);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isCount(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
