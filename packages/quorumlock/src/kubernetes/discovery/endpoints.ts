import type { EndpointObject, EndpointSliceObject, ServiceObject } from "./api.ts";
import type { OrdinalSource } from "./options.ts";

/** Where a member is now. */
export interface FoundEndpoint {
  readonly ordinal: number;
  /** The pod, such as `redis-3`, or the Service if its name has the ordinal. */
  readonly name: string;
  /** An IP address or a host name. */
  readonly host: string;
  readonly port: number;
  /** `host:port`, with an IPv6 address in brackets. */
  readonly address: string;
  readonly isReady: boolean;
}

export interface EndpointOptions {
  /** The name or the number of the port; `undefined`: the only port of each slice. */
  readonly port: string | number | undefined;
  readonly ordinalFrom: OrdinalSource;
  /** `undefined`: the first family of the Service. */
  readonly ipFamily: string | undefined;
}

export interface Endpoints {
  /** By ordinal. An ordinal without an endpoint, or with contradictory ones, is missing. */
  readonly found: ReadonlyMap<number, FoundEndpoint>;
  /** What is wrong with the configuration, each with what to do. */
  readonly mistakes: readonly string[];
}

interface Candidate extends FoundEndpoint {
  readonly uid: string;
  readonly isTerminating: boolean;
  readonly isPreferredFamily: boolean;
}

const SERVICE_LABEL = "kubernetes.io/service-name";

/** Finds the endpoint of each ordinal in the slices of the Services. */
export function readEndpoints(
  services: ReadonlyMap<string, ServiceObject>,
  slices: ReadonlyMap<string, EndpointSliceObject>,
  options: EndpointOptions,
): Endpoints {
  const mistakes = new Set<string>();
  const byOrdinal = new Map<number, Candidate[]>();
  for (const slice of slices.values()) {
    const serviceName = slice.metadata?.labels?.[SERVICE_LABEL] ?? "";
    const service = services.get(serviceName);
    if (service === undefined || (slice.endpoints ?? []).length === 0) continue;
    const port = portOf(slice, serviceName, options.port);
    if (typeof port === "string") {
      mistakes.add(port);
      continue;
    }
    const family = options.ipFamily ?? service.spec?.ipFamilies?.[0];
    const isPreferredFamily = family === undefined || slice.addressType === family;
    for (const endpoint of slice.endpoints ?? []) {
      const name = options.ordinalFrom === "service" ? serviceName : podOf(endpoint);
      const ordinal = /-(\d{1,9})$/.exec(name)?.[1];
      const [host] = endpoint.addresses;
      if (host === undefined) continue;
      if (ordinal === undefined) {
        mistakes.add(noOrdinal(name, host, serviceName, options.ordinalFrom));
        continue;
      }
      const { ready = true, terminating = false } = endpoint.conditions ?? {};
      const candidate: Candidate = {
        ordinal: Number(ordinal),
        name,
        host,
        port,
        address: host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`,
        isReady: ready,
        isTerminating: terminating,
        isPreferredFamily,
        uid: endpoint.targetRef?.uid ?? "",
      };
      const list = byOrdinal.get(candidate.ordinal);
      if (list === undefined) byOrdinal.set(candidate.ordinal, [candidate]);
      else list.push(candidate);
    }
  }
  const found = new Map<number, FoundEndpoint>();
  for (const [ordinal, candidates] of byOrdinal) {
    const chosen = choose(ordinal, candidates, mistakes);
    if (chosen !== undefined) found.set(ordinal, chosen);
  }
  return { found, mistakes: [...mistakes] };
}

/**
 * The endpoint of an ordinal. A pod that terminates counts only if there is no other. If two pods of one name are there, the former one is
 * not yet removed, so the ready one counts.
 */
function choose(
  ordinal: number,
  candidates: readonly Candidate[],
  mistakes: Set<string>,
): FoundEndpoint | undefined {
  const names = [...new Set(candidates.map(({ name }) => name))].toSorted();
  if (names.length > 1) {
    mistakes.add(
      `two endpoints have the ordinal ${ordinal}: ${names.map((name) => JSON.stringify(name)).join(" and ")}; narrow the selector to the Services of one set of servers`,
    );
    return undefined;
  }
  const staying = prefer(candidates, ({ isTerminating }) => !isTerminating);
  const pods = new Set(staying.map(({ uid }) => uid));
  const ready = pods.size > 1 ? prefer(staying, ({ isReady }) => isReady) : staying;
  if (new Set(ready.map(({ uid }) => uid)).size > 1) {
    mistakes.add(
      `two pods are the endpoint ${JSON.stringify(names[0])}; until one of them has ended, its member stays where it is`,
    );
    return undefined;
  }
  const ports = new Set(ready.map(({ port }) => port));
  if (ports.size > 1) {
    mistakes.add(
      `${JSON.stringify(names[0])} is an endpoint with the ports ${[...ports].join(" and ")}, of different Services; narrow the selector, or set the option \`port\` to a number`,
    );
    return undefined;
  }
  const [chosen] = prefer(ready, ({ isPreferredFamily }) => isPreferredFamily).toSorted((a, b) =>
    a.address < b.address ? -1 : 1,
  );
  return chosen;
}

/** Those that fulfil the condition, or all if none does. */
function prefer<T>(list: readonly T[], condition: (item: T) => boolean): readonly T[] {
  const preferred = list.filter((item) => condition(item));
  return preferred.length > 0 ? preferred : list;
}

function podOf({ targetRef, hostname }: EndpointObject): string {
  const isPod = targetRef?.kind === undefined || targetRef.kind === "Pod";
  return (isPod ? targetRef?.name : undefined) ?? hostname ?? "";
}

function noOrdinal(name: string, host: string, service: string, ordinalFrom: OrdinalSource): string {
  const where = `the endpoint ${host} of the Service ${JSON.stringify(service)}`;
  if (ordinalFrom === "service")
    return `${where} has no ordinal: the name of the Service must end with one, such as "redis-0"`;
  const pod = name === "" ? "it has no pod and no hostname" : `its pod is ${JSON.stringify(name)}`;
  return `${where} has no ordinal: ${pod}; run the servers in a StatefulSet, or have one Service for each server, with a name such as "redis-0", and set ordinalFrom: "service"`;
}

/** The port of a slice, or what is wrong. */
function portOf(
  { ports }: EndpointSliceObject,
  service: string,
  wanted: string | number | undefined,
): number | string {
  if (typeof wanted === "number") return wanted;
  const known = (ports ?? []).filter(({ port }) => typeof port === "number");
  const fitting = wanted === undefined ? known : known.filter(({ name }) => name === wanted);
  const [first] = fitting;
  if (fitting.length === 1 && typeof first?.port === "number") return first.port;
  const list = known.map(({ name, port }) => (name ? `${JSON.stringify(name)} (${port})` : `${port}`));
  const has = list.length === 0 ? "no port" : `the ports ${list.join(", ")}`;
  const problem =
    wanted === undefined ? `has ${has}` : `has no port with the name ${JSON.stringify(wanted)}, but ${has}`;
  return `the Service ${JSON.stringify(service)} ${problem}; set the option \`port\` to a name or a number`;
}
