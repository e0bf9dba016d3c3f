import { describe, expect, it } from "vitest";
import type { DiscoveryClients, WatchFunction } from "../../../src/kubernetes/discovery/api.ts";
import { startDiscovery } from "../../../src/kubernetes/discovery/discovery.ts";
import type { DiscoveryOptions } from "../../../src/kubernetes/index.ts";
import { MemoryInstance } from "../../../src/index.ts";
import { rejection } from "../../support/timing.ts";
import { settle, VirtualClock } from "../../support/virtual-clock.ts";

// The beginning and the pace of a discovery, in virtual time.

const OPTIONS: DiscoveryOptions = { namespace: "shop", selector: "app=redis", size: 3 };

const slice = (ordinal: number, address: string, set = "redis"): object => ({
  metadata: {
    name: `slice-${ordinal}`,
    resourceVersion: "2",
    labels: { "kubernetes.io/service-name": "redis" },
  },
  addressType: "IPv4",
  endpoints: [{ addresses: [address], targetRef: { kind: "Pod", name: `${set}-${ordinal}`, uid: address } }],
  ports: [{ name: "redis", port: 6379 }],
});

class Bed {
  readonly clock = new VirtualClock();
  /** Sends an event of the EndpointSlices. */
  send: (type: string, object: object) => void = () => undefined;
  readonly addresses: string[] = [];
  isDown = false;
  readonly clients: DiscoveryClients;

  constructor() {
    // A function instead of a class `Watch`.
    const watch: WatchFunction = async (path, _query, onEvent) => {
      if (path.endsWith("endpointslices")) this.send = onEvent;
      return { abort: () => undefined };
    };
    const list = async (items: object[]): Promise<{ items: never[]; metadata: object }> => {
      if (this.isDown) await new Promise(() => undefined);
      return { items: items as never[], metadata: { resourceVersion: "1" } };
    };
    this.clients = {
      core: { listNamespacedService: () => list([{ metadata: { name: "redis" } }]) },
      discovery: {
        listNamespacedEndpointSlice: () =>
          list([0, 1, 2].map((ordinal) => slice(ordinal, `10.0.0.${ordinal}`))),
      },
      watch,
    };
  }

  readonly connect: DiscoveryOptions["connect"] = ({ address }) => {
    this.addresses.push(address);
    return new MemoryInstance();
  };
}

describe("the pace", () => {
  it("is two moves of a member in a second, and the latest address counts", async () => {
    const bed = new Bed();
    const discovery = await startDiscovery(bed.clients, { ...OPTIONS, connect: bed.connect }, bed.clock);
    await settle();
    for (let round = 0; round < 200; round += 1) {
      bed.send("MODIFIED", slice(1, `10.1.0.${round}`));
      await bed.clock.advance(10);
    }
    expect(bed.addresses.length).toBeLessThan(3 + 6);
    await bed.clock.advance(1_000);
    expect(discovery.members[1]?.address).toBe("10.1.0.199:6379");
    await discovery.close();
  });

  it("has no timer after close, and none that keeps the process running", async () => {
    const bed = new Bed();
    const discovery = await startDiscovery(bed.clients, { ...OPTIONS, connect: bed.connect }, bed.clock);
    await settle();
    bed.send("MODIFIED", slice(1, "10.1.0.1"));
    expect(bed.clock.pending).toBeGreaterThan(0);
    expect(bed.clock.keepAliveTimers).toBe(0);
    await discovery.close();
    await discovery.close();
    await settle();
    expect(bed.clock.pending).toBe(0);
    bed.send("MODIFIED", slice(1, "10.1.0.2"));
    await bed.clock.advance(10_000);
    expect(bed.addresses.at(-1)).not.toBe("10.1.0.2:6379");
  });
});

describe("other servers", () => {
  it("do not take the place of the members, whose names they do not have", async () => {
    const bed = new Bed();
    const discovery = await startDiscovery(bed.clients, { ...OPTIONS, connect: bed.connect }, bed.clock);
    await settle();
    for (const ordinal of [0, 1, 2]) bed.send("MODIFIED", slice(ordinal, `10.1.0.${ordinal}`, "green"));
    await bed.clock.advance(1_000);
    expect(bed.addresses).toHaveLength(3);
    expect(discovery.members[1]?.address).toBe("10.0.0.1:6379");
    expect(discovery.problems.map(({ code }) => code)).toEqual(["ENDPOINTS", "ENDPOINTS", "ENDPOINTS"]);
    expect(discovery.problems[1]?.message).toContain("redis-1 is now green-1: these are other servers");
    for (const ordinal of [0, 1, 2]) bed.send("MODIFIED", slice(ordinal, `10.0.0.${ordinal}`));
    await bed.clock.advance(1_000);
    expect(discovery.problems).toEqual([]);
    await discovery.close();
  });
});

describe("a member that cannot be used", () => {
  it("is tried again with what connect has returned, and not with a new client each time", async () => {
    const bed = new Bed();
    const shared = new MemoryInstance();
    let hasMoved = false;
    const connect: DiscoveryOptions["connect"] = (member) => {
      bed.addresses.push(member.address);
      return hasMoved || member.ordinal === 2 ? shared : new MemoryInstance();
    };
    const discovery = await startDiscovery(bed.clients, { ...OPTIONS, connect }, bed.clock);
    await settle();
    hasMoved = true;
    bed.send("MODIFIED", slice(1, "10.1.0.1"));
    await bed.clock.advance(600_000);
    expect(discovery.problems.map(({ code }) => code)).toEqual(["CONNECT"]);
    expect(bed.addresses).toHaveLength(4);
    await discovery.close();
  });
});

describe("the beginning", () => {
  it("ends after the timeout, and leaves no timer", async () => {
    const bed = new Bed();
    bed.isDown = true;
    const failure = rejection(startDiscovery(bed.clients, { ...OPTIONS, timeout: 5_000 }, bed.clock));
    await bed.clock.advance(5_000);
    expect(String(await failure)).toBe(
      'DiscoveryError: the servers of "app=redis" were not found within 5000 ms',
    );
    await settle();
    expect(bed.clock.pending).toBe(0);
  });

  it.each<[string, object]>([
    ['namespace: "Shop!" is no name of a namespace', { namespace: "Shop!" }],
    ["namespace: undefined must be a string", { namespace: undefined }],
    ["selector: it is empty; set it to labels of the Services", { selector: " " }],
    ["size: 0 must be a whole number from 1 to 31", { size: 0 }],
    ["size.next: 32 must be a whole number from 1 to 31", { size: { current: 3, next: 32 } }],
    ["port: 70000 must be a whole number from 1 to 65535", { port: 70_000 }],
    ['ordinalFrom: "node" must be "pod" or "service"', { ordinalFrom: "node" }],
    ['ipFamily: "ipv4" must be "IPv4" or "IPv6"', { ipFamily: "ipv4" }],
    ["connect: 7 must be a function", { connect: 7 }],
    ["selektor: there is no such option; `selector` is probably meant", { selektor: "app=redis" }],
  ])("refuses %s", async (message, options) => {
    const failure = await rejection(
      startDiscovery(new Bed().clients, { ...OPTIONS, ...options }, new VirtualClock()),
    );
    expect(String(failure)).toContain(message);
  });

  it("refuses clients without the methods, and what connect must not return", async () => {
    const bed = new Bed();
    const start = async (clients: object, options: object = {}): Promise<string> =>
      String(
        await rejection(startDiscovery(clients as DiscoveryClients, { ...OPTIONS, ...options }, bed.clock)),
      );
    expect(await start({ ...bed.clients, core: {} })).toContain(
      "clients.core: an object (Object) must be a CoreV1Api",
    );
    expect(await start({ ...bed.clients, watch: {} })).toContain("must be a Watch or a function");
    expect(await start(bed.clients, { connect: () => 6379 })).toContain(
      "redis-0 at 10.0.0.0:6379 cannot be used: connect returned",
    );
    const same = await start(bed.clients, { connect: () => "redis://:secret@redis" });
    expect(same).toContain("where redis-0 is already; use the address of each member");
    expect(same).not.toContain("secret");
  });
});
