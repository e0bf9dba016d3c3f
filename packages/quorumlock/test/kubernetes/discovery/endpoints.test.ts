import { describe, expect, it } from "vitest";
import type {
  EndpointObject,
  EndpointSliceObject,
  ServiceObject,
} from "../../../src/kubernetes/discovery/api.ts";
import {
  type EndpointOptions,
  type Endpoints,
  readEndpoints,
} from "../../../src/kubernetes/discovery/endpoints.ts";

const PLAIN: EndpointOptions = { port: undefined, ordinalFrom: "pod", ipFamily: undefined };

const services = (...names: string[]): ReadonlyMap<string, ServiceObject> =>
  new Map(names.map((name) => [name, { metadata: { name } }]));

const endpoint = (pod: string, address: string, more: Partial<EndpointObject> = {}): EndpointObject => ({
  addresses: [address],
  targetRef: { kind: "Pod", name: pod, uid: `uid of ${pod}` },
  ...more,
});

const slice = (
  endpoints: EndpointObject[],
  more: Partial<EndpointSliceObject> & { readonly service?: string } = {},
): EndpointSliceObject => ({
  addressType: "IPv4",
  metadata: { labels: { "kubernetes.io/service-name": more.service ?? "redis" } },
  endpoints,
  ports: [{ name: "redis", port: 6379 }],
  ...more,
});

function read(
  slices: EndpointSliceObject[],
  options: Partial<EndpointOptions> = {},
  names = ["redis"],
): Endpoints {
  const byName = new Map(slices.map((each, index) => [`slice-${index}`, each]));
  return readEndpoints(services(...names), byName, { ...PLAIN, ...options });
}

const addresses = ({ found }: Endpoints): Record<string, string> =>
  Object.fromEntries([...found].map(([ordinal, { address }]) => [ordinal, address]));

describe("the identity of an endpoint", () => {
  it("is the ordinal of its pod, or of its hostname", () => {
    const hostname = { addresses: ["10.0.0.2"], hostname: "redis-11" };
    const endpoints = read([slice([endpoint("redis-0", "10.0.0.1"), hostname])]);
    expect(addresses(endpoints)).toEqual({ 0: "10.0.0.1:6379", 11: "10.0.0.2:6379" });
    expect(endpoints.mistakes).toEqual([]);
  });

  it("is the ordinal of its Service if that was chosen", () => {
    const one = slice([endpoint("redis-7d4b9c6f5-abcde", "10.0.0.1")], { service: "locks-1" });
    expect(addresses(read([one], { ordinalFrom: "service" }, ["locks-1"]))).toEqual({ 1: "10.0.0.1:6379" });
    const [mistake] = read([slice([endpoint("a-b", "10.0.0.1")])], { ordinalFrom: "service" }).mistakes;
    expect(mistake).toContain('the name of the Service must end with one, such as "redis-0"');
  });

  it("is missed with what to do", () => {
    const { found, mistakes } = read([slice([endpoint("redis-7d4b9c6f5-abcde", "10.0.0.1")])]);
    expect(found.size).toBe(0);
    expect(mistakes[0]).toContain('its pod is "redis-7d4b9c6f5-abcde"; run the servers in a StatefulSet');
    expect(read([slice([{ addresses: ["10.0.0.1"] }])]).mistakes[0]).toContain(
      "it has no pod and no hostname",
    );
  });

  it("belongs to one set of pods", () => {
    const { found, mistakes } = read([
      slice([endpoint("redis-0", "10.0.0.1"), endpoint("cache-0", "10.0.0.2")]),
    ]);
    expect(found.size).toBe(0);
    expect(mistakes).toEqual([
      'two endpoints have the ordinal 0: "cache-0" and "redis-0"; narrow the selector to the Services of one set of servers',
    ]);
  });

  it("ignores slices of other Services, and slices without endpoints or ports", () => {
    const other = slice([endpoint("web-0", "10.0.0.9")], { service: "web" });
    const empty: EndpointSliceObject = { ...slice([]), endpoints: null, ports: null };
    expect(read([other, empty])).toEqual({ found: new Map(), mistakes: [] });
  });
});

describe("one of several endpoints of a pod", () => {
  it("is that of the pod that does not terminate", () => {
    const former = endpoint("redis-0", "10.0.0.1", { conditions: { terminating: true, ready: false } });
    const next = endpoint("redis-0", "10.0.0.2", {
      targetRef: { kind: "Pod", name: "redis-0", uid: "next" },
    });
    expect(addresses(read([slice([former]), slice([next])]))).toEqual({ 0: "10.0.0.2:6379" });
    expect(addresses(read([slice([former])]))).toEqual({ 0: "10.0.0.1:6379" });
    // It serves until it has ended, while the next one is not ready yet.
    const serving = { ...former, conditions: { terminating: true, ready: true } };
    const starting = { ...next, conditions: { ready: false } };
    expect(addresses(read([slice([serving, starting])]))).toEqual({ 0: "10.0.0.2:6379" });
  });

  it("is that of the ready pod, if the former one is not yet removed", () => {
    const former = endpoint("redis-0", "10.0.0.1", { conditions: { ready: false } });
    const next = endpoint("redis-0", "10.0.0.2", {
      targetRef: { kind: "Pod", name: "redis-0", uid: "next" },
    });
    expect(addresses(read([slice([former, next])]))).toEqual({ 0: "10.0.0.2:6379" });
    const both = read([slice([{ ...former, conditions: { ready: true } }, next])]);
    expect(both.found.size).toBe(0);
    expect(both.mistakes[0]).toContain('two pods are the endpoint "redis-0"');
  });

  it("is that of a pod that is not ready, if there is no other", () => {
    const { found } = read([slice([endpoint("redis-0", "10.0.0.1", { conditions: { ready: false } })])]);
    expect(found.get(0)).toMatchObject({ address: "10.0.0.1:6379", isReady: false });
  });

  it("has the family that the Service prefers, or that was chosen", () => {
    const dual = [
      slice([endpoint("redis-0", "10.0.0.1")]),
      slice([endpoint("redis-0", "fd00::1")], { addressType: "IPv6" }),
    ];
    const byName = new Map(dual.map((each, index) => [`${index}`, each]));
    for (const [families, ipFamily, address] of [
      [["IPv6", "IPv4"], undefined, "[fd00::1]:6379"],
      [["IPv4", "IPv6"], undefined, "10.0.0.1:6379"],
      [["IPv4", "IPv6"], "IPv6", "[fd00::1]:6379"],
    ] as const) {
      const service: ServiceObject = { spec: { ipFamilies: families } };
      const endpoints = readEndpoints(new Map([["redis", service]]), byName, { ...PLAIN, ipFamily });
      expect(addresses(endpoints)).toEqual({ 0: address });
      expect(endpoints.mistakes).toEqual([]);
    }
  });

  it("is the same in a second Service of the same pods", () => {
    const two = [
      slice([endpoint("redis-0", "10.0.0.1")]),
      slice([endpoint("redis-0", "10.0.0.1")], { service: "redis-headless" }),
    ];
    const endpoints = read(two, {}, ["redis", "redis-headless"]);
    expect(addresses(endpoints)).toEqual({ 0: "10.0.0.1:6379" });
    expect(endpoints.mistakes).toEqual([]);
  });

  it("has one port", () => {
    const two = [
      slice([endpoint("redis-0", "10.0.0.1")]),
      slice([endpoint("redis-0", "10.0.0.1")], { service: "metrics", ports: [{ name: "http", port: 9121 }] }),
    ];
    const { found, mistakes } = read(two, {}, ["redis", "metrics"]);
    expect(found.size).toBe(0);
    expect(mistakes[0]).toContain('"redis-0" is an endpoint with the ports 6379 and 9121');
  });
});

describe("the port", () => {
  const ports = [
    { name: "redis", port: 6379 },
    { name: "metrics", port: 9121 },
  ];
  const two = slice([endpoint("redis-0", "10.0.0.1")], { ports });

  it("is found by its name or its number", () => {
    expect(addresses(read([two], { port: "metrics" }))).toEqual({ 0: "10.0.0.1:9121" });
    expect(addresses(read([two], { port: 7000 }))).toEqual({ 0: "10.0.0.1:7000" });
  });

  it("is missed with the ports that are there", () => {
    expect(read([two]).mistakes).toEqual([
      'the Service "redis" has the ports "redis" (6379), "metrics" (9121); set the option `port` to a name or a number',
    ]);
    expect(read([two], { port: "tls" }).mistakes[0]).toContain(
      'has no port with the name "tls", but the ports',
    );
  });
});
