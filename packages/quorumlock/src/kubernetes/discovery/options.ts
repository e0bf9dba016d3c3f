import { formatValue } from "../../base/check-value.ts";
import { checkWholeNumber } from "../../base/check-whole-number.ts";
import { MAX_TIMER_MS } from "../../base/clock.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { type InstanceSource, MAX_INSTANCES } from "../../instances/sources.ts";
import type { DeclaredSize } from "./declared-size.ts";

/** Where the ordinal of a member is: at the end of the name of its pod, or of its Service. */
export type OrdinalSource = "pod" | "service";

/** A member, as `connect` gets it. */
export interface MemberAddress {
  /** The number that makes it the same member wherever it runs. */
  readonly ordinal: number;
  /** The name of the pod, such as `redis-3`, or of the Service. It is the label of the member in errors and events. */
  readonly name: string;
  /** An IP address or a host name, without brackets. */
  readonly host: string;
  /** The port of the server. */
  readonly port: number;
  /** `host:port`, with an IPv6 address in brackets, for a URL. */
  readonly address: string;
}

/** Options of `discoverInstances`. */
export interface DiscoveryOptions {
  /** The namespace of the Services. */
  readonly namespace: string;
  /** Labels of the Services, such as `app=redis-locks`. All Services with these labels are the servers of one set. */
  readonly selector: string;
  /**
   * How many members there are: a whole number from 1 to 31, or both numbers while a deploy changes it. The members are those with as many
   * ordinals from `firstOrdinal` on, whether they run or not.
   * @default the annotation `quorumlock/size` of the Services, and `quorumlock/next-size` during a change
   */
  readonly size?: number | { readonly current: number; readonly next: number } | undefined;
  /**
   * The ordinal of the first member. A whole number of at least 0, as `.spec.ordinals.start` of a StatefulSet. It must be the same in all
   * processes, because it says which servers are the set. @default 0
   */
  readonly firstOrdinal?: number | undefined;
  /** The port of the servers: its name in the Services, or its number from 1 to 65535. @default the only port of the Services */
  readonly port?: string | number | undefined;
  /**
   * Where the ordinal is. `"service"` is for one Service for each server, such as `redis-0`, with pods of any name. Each server must then
   * be a StatefulSet of size 1: a Deployment can run two pods at once, and processes that see one each could both have a majority.
   * @default "pod"
   */
  readonly ordinalFrom?: OrdinalSource | undefined;
  /** The family of the addresses, if endpoints have both. @default the first family of the Service */
  readonly ipFamily?: "IPv4" | "IPv6" | undefined;
  /**
   * Returns how a member is reached: a URL, or a client of a single server. Called when a member is first found and each time that its
   * address has changed, not for each try. The client stays open, and the user closes it; a URL needs no such care.
   * @default a URL without a password
   */
  readonly connect?: ((member: MemberAddress) => InstanceSource) | undefined;
  /** How long to wait for the first answers of the API server, in ms. From 1 to 2_147_483_647. @default 30_000 */
  readonly timeout?: number | undefined;
  /** Cancels the wait for the first answers. @default none */
  readonly signal?: AbortSignal | undefined;
}

/** The options, checked and complete. */
export interface ResolvedDiscoveryOptions {
  readonly namespace: string;
  readonly selector: string;
  /** `undefined`: the annotations decide. */
  readonly size: DeclaredSize | undefined;
  readonly firstOrdinal: number;
  readonly port: string | number | undefined;
  readonly ordinalFrom: OrdinalSource;
  readonly ipFamily: string | undefined;
  readonly connect: (member: MemberAddress) => InstanceSource;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

const KNOWN: Readonly<Record<keyof DiscoveryOptions, true>> = {
  namespace: true,
  selector: true,
  size: true,
  firstOrdinal: true,
  port: true,
  ordinalFrom: true,
  ipFamily: true,
  connect: true,
  timeout: true,
  signal: true,
};

const MAX_PORT = 65_535;
const MAX_ORDINAL = 999_999_999;

/** @throws TypeError, RangeError with the field and the value. */
export function resolveDiscoveryOptions(options: DiscoveryOptions): ResolvedDiscoveryOptions {
  if (typeof options !== "object" || options === null)
    throw new TypeError(`options: ${formatValue(options)} must be an object with namespace and selector`);
  refuseUnknownOptions(options, KNOWN);
  const { namespace, selector, firstOrdinal = 0, port, ordinalFrom = "pod", ipFamily } = options;
  const { connect = ({ address }) => `redis://${address}`, timeout = 30_000, signal } = options;
  checkFilled("namespace", namespace, "the namespace of the Services");
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace))
    throw new RangeError(`namespace: ${formatValue(namespace)} is no name of a namespace`);
  // An empty selector means all Services of the namespace.
  checkFilled("selector", selector, "labels of the Services, such as app=redis-locks");
  checkWholeNumber("firstOrdinal", firstOrdinal, 0, MAX_ORDINAL);
  if (typeof port === "number") checkWholeNumber("port", port, 1, MAX_PORT);
  else if (port !== undefined) checkFilled("port", port, "the name or the number of a port");
  checkOneOf("ordinalFrom", ordinalFrom, ["pod", "service"]);
  if (ipFamily !== undefined) checkOneOf("ipFamily", ipFamily, ["IPv4", "IPv6"]);
  if (typeof connect !== "function")
    throw new TypeError(`connect: ${formatValue(connect)} must be a function`);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new TypeError(`signal: ${formatValue(signal)} must be an AbortSignal`);
  const timeoutMs = checkWholeNumber("timeout", timeout, 1, MAX_TIMER_MS);
  const size = resolveSize(options.size);
  return { namespace, selector, size, firstOrdinal, port, ordinalFrom, ipFamily, connect, timeoutMs, signal };
}

function resolveSize(size: DiscoveryOptions["size"]): DeclaredSize | undefined {
  if (size === undefined) return undefined;
  if (typeof size !== "object" || size === null)
    return { size: checkWholeNumber("size", size, 1, MAX_INSTANCES), next: undefined };
  const current = checkWholeNumber("size.current", size.current, 1, MAX_INSTANCES);
  const next = checkWholeNumber("size.next", size.next, 1, MAX_INSTANCES);
  return { size: current, next: next === current ? undefined : next };
}

function checkFilled(field: string, value: unknown, what: string): void {
  if (typeof value !== "string")
    throw new TypeError(`${field}: ${formatValue(value)} must be a string, ${what}`);
  if (value.trim() === "") throw new RangeError(`${field}: it is empty; set it to ${what}`);
}

function checkOneOf(field: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.includes(value as string)) return;
  const list = allowed.map((text) => JSON.stringify(text)).join(" or ");
  throw new RangeError(`${field}: ${formatValue(value)} must be ${list}`);
}
