import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import type { DiscoveryOptions } from "../../../src/kubernetes/index.ts";
import { DiscoveryBed, NAMESPACE as namespace, untilState } from "../../support/discovery-bed.ts";
import { targetOf } from "../../support/kubernetes-api/resources.ts";
import { testServers } from "../../support/server-access.ts";
import { exitsOf, startProcess as startChild } from "../../support/test-processes.ts";
import { eventually } from "../../support/timing.ts";

// The real client of Kubernetes, and real servers as the pods.

const servers = await testServers(7);

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

let bed: DiscoveryBed;
beforeEach(async () => {
  bed = await DiscoveryBed.start(servers);
});
afterEach(() => bed.api[Symbol.asyncDispose]());

describe("members", () => {
  it("finds the pods of a service, each with the name of its ordinal", async () => {
    await bed.deploy(3);
    const { discovery, redlock } = await bed.startProcess();
    await redlock.using("order", () => undefined);
    const { configured, instances } = await redlock.health();
    expect(configured).toBe(3);
    expect(instances.map(({ instance }) => instance)).toEqual(["redis-0", "redis-1", "redis-2"]);
    expect(discovery.members[2]).toEqual({
      ordinal: 2,
      name: "redis-2",
      address: `10.99.0.3:${bed.portOf(2)}`,
    });
    expect(discovery.problems).toEqual([]);
  });

  it("reads all pages", async () => {
    const labels = { "kubernetes.io/service-name": "redis" };
    const target = targetOf(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`);
    for (let index = 0; index < 520; index += 1)
      bed.api.store.create(target, { metadata: { name: `a${index}`, labels }, addressType: "IPv4" } as never);
    await bed.deploy(3);
    const discovery = await bed.discover();
    expect(discovery.members.map(({ address }) => address?.slice(0, 9))).toEqual([
      "10.99.0.1",
      "10.99.0.2",
      "10.99.0.3",
    ]);
    expect(
      bed.api.requests.filter(({ verb, resource }) => verb === "list" && resource === "endpointslices"),
    ).toHaveLength(2);
  });

  it("keeps a member whose pod is not ready, has no endpoint, or was never there", async () => {
    await bed.deploy(2, 3);
    const { discovery, redlock } = await bed.startProcess();
    await bed.pods.set(1, { port: bed.portOf(1), ready: false });
    await bed.pods.remove(0);
    // It belongs to no declared member, and shows that everything before it was read.
    await bed.pods.set(9, { port: bed.portOf(6) });
    await eventually("the changes were read", () => discovery.problems.length > 0);
    expect(discovery.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        "there is no endpoint with the ordinal 0, 2, and redis-9 is none of the 3 declared",
      ),
    ]);
    await redlock.using("order", () => undefined);
    const { configured, quorum, voting, instances } = await redlock.health();
    expect({ configured, quorum, voting }).toEqual({ configured: 3, quorum: 2, voting: 2 });
    expect(instances[2]).toMatchObject({ instance: "redis-2", state: "no-answer" });
    expect(String(instances[2]?.error)).toContain("no endpoint of a Service is redis-2");
    expect(discovery.members).toHaveLength(3);
    // The pod starts at last.
    await bed.pods.set(2, { port: bed.portOf(2) });
    await eventually("all vote", async () => (await redlock.health()).voting === 3);
  });
});

describe("a pod that is scheduled again", () => {
  it("moves its member, and the new server is in quarantine by its run id", async () => {
    await bed.deploy(3);
    const { discovery, redlock } = await bed.startProcess({ restartGuard: 1_500, ttl: 1_000 });
    await eventually("all vote", async () => (await redlock.health()).voting === 3);
    const moves: unknown[] = [];
    discovery.on("moved", (event) => moves.push(event));
    const states = async (): Promise<string> => {
      const { instances } = await redlock.health();
      return instances.map(({ state }) => state).join(" ");
    };
    const seen: string[] = [];
    redlock.on("instance:restarted", ({ instance }) => {
      void states().then((text) => seen.push(`${instance}: ${text}`));
    });
    await servers[5]!.server.restart();
    await bed.pods.set(1, { port: bed.portOf(5) });
    await eventually("the member has moved", () => moves.length > 0);
    expect(moves).toEqual([
      { name: "redis-1", before: `10.99.0.2:${bed.portOf(1)}`, now: `10.99.0.2:${bed.portOf(5)}` },
    ]);
    await eventually("the new server was identified", () => seen.length > 0);
    expect(seen).toEqual(["redis-1: up quarantined up"]);
    await redlock.using("order", () => undefined);
    await eventually("it votes again", async () => (await states()) === "up up up");
    const { instances } = await redlock.health();
    expect(instances.map(({ instance }) => instance)).toEqual(["redis-0", "redis-1", "redis-2"]);
  });

  it("does not take the place of another member, until that one has moved", async () => {
    await bed.deploy(3);
    const { discovery, redlock } = await bed.startProcess();
    await redlock.using("order", () => undefined);
    await bed.pods.set(1, { port: bed.portOf(2) });
    await eventually("a problem", () => discovery.problems.length > 0);
    expect(discovery.problems[0]).toMatchObject({ name: "DiscoveryError", code: "CONNECT" });
    expect(discovery.problems[0]?.message).toContain("where redis-2 is already");
    await bed.pods.set(2, { port: bed.portOf(5) });
    await eventually("both have moved", () => discovery.problems.length === 0);
    expect(discovery.members.map(({ address }) => address?.split(":")[1])).toEqual(
      [bed.portOf(0), bed.portOf(2), bed.portOf(5)].map(String),
    );
    await eventually("all vote", async () => (await redlock.health()).voting === 3);
  });

  it("leaves a server that is another member's, and tries again", async () => {
    await bed.deploy(3);
    // The same server by two names.
    const connect: DiscoveryOptions["connect"] = ({ ordinal, port }) =>
      `redis://${ordinal === 1 ? "localhost" : "127.0.0.1"}:${port}`;
    const { discovery, redlock } = await bed.startProcess({}, { connect });
    await redlock.using("order", () => undefined);
    await bed.pods.set(1, { port: bed.portOf(2) });
    await eventually("a problem", () => discovery.problems.length > 0);
    expect(discovery.problems[0]?.message).toContain("leads to the same server as the instance");
    await eventually("each server votes once", async () => (await redlock.health()).voting === 2);
    await bed.pods.set(2, { port: bed.portOf(5) });
    await eventually("all vote", async () => (await redlock.health()).voting === 3);
    await eventually("no problem", () => discovery.problems.length === 0);
  });
});

describe("the declared size", () => {
  it("can be withdrawn while both sets decide", async () => {
    await bed.deploy(5, 3);
    const { discovery, redlock } = await bed.startProcess();
    await redlock.using("order", () => undefined);
    await bed.pods.annotate({ "quorumlock/next-size": "5" });
    await untilState(discovery, "joint", 5);
    await bed.pods.annotate({ "quorumlock/next-size": undefined });
    await untilState(discovery, "stable", 3);
    expect((await redlock.health()).configured).toBe(3);
  });

  it("keeps both sets if the step between was not declared", async () => {
    await bed.deploy(5, 3);
    const { discovery, redlock } = await bed.startProcess();
    await redlock.using("order", () => undefined);
    await bed.pods.annotate({ "quorumlock/size": "5" });
    await eventually("a problem", () => discovery.problems.length > 0);
    expect(discovery.state).toBe("joint");
    expect(discovery.problems[0]?.message).toContain(
      "this process was not joint when the size 5 was declared",
    );
    await redlock.using("order", () => undefined);
    await bed.pods.annotate({ "quorumlock/size": "3", "quorumlock/next-size": "5" });
    await eventually("no problem", () => discovery.problems.length === 0);
    await bed.pods.annotate({ "quorumlock/size": "5", "quorumlock/next-size": undefined });
    await untilState(discovery, "stable", 5);
  });

  it("stays when the annotation, the service or all endpoints are gone", async () => {
    await bed.deploy(3);
    const { discovery, redlock } = await bed.startProcess();
    await redlock.using("order", () => undefined);
    const problemOf = async (code: string): Promise<void> => {
      await eventually(code, () => discovery.problems.some((problem) => problem.code === code));
      const { configured, voting } = await redlock.health();
      expect({ configured, voting }).toEqual({ configured: 3, voting: 3 });
    };
    await bed.pods.annotate({ "quorumlock/size": undefined });
    await problemOf("SIZE");
    await bed.pods.annotate({ "quorumlock/size": "2x" });
    await problemOf("SIZE");
    await bed.pods.annotate({ "quorumlock/size": "3" });
    for (const ordinal of [0, 1, 2]) await bed.pods.remove(ordinal);
    await problemOf("ENDPOINTS");
    await bed.api.clients().core.deleteNamespacedService({ namespace, name: "redis" });
    await problemOf("NO_SERVICE");
    await redlock.using("order", () => undefined);
    expect(discovery.members.every(({ address }) => address !== undefined)).toBe(true);
  });

  it("makes one change at a time when it flaps, with pauses", async () => {
    await bed.deploy(5, 3);
    const { discovery, redlock } = await bed.startProcess();
    await redlock.using("order", () => undefined);
    const startedAt = performance.now();
    let changes = 0;
    discovery.on("membership", ({ state }) => (changes += Number(state === "preparing")));
    for (let round = 0; round < 30; round += 1) {
      await bed.pods.annotate({ "quorumlock/next-size": round % 2 === 0 ? "5" : "4" });
      await bed.pods.set(0, { port: bed.portOf(0), ready: round % 2 === 0 });
    }
    await bed.pods.annotate({ "quorumlock/next-size": undefined });
    await untilState(discovery, "stable", 3);
    // Each change is followed by a pause of at least half a second.
    expect(changes).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / 500);
    await expect(redlock.health()).resolves.toMatchObject({ configured: 3, voting: 3 });
  });
});

describe("the API server", () => {
  it("is not needed by locks: an outage changes nothing, and what came meanwhile is followed after it", async () => {
    await bed.deploy(5, 3);
    const { discovery, redlock } = await bed.startProcess();
    await redlock.using("order", () => undefined);
    await bed.api.beginOutage();
    await eventually("a problem", () => discovery.problems.length > 0);
    expect(discovery.problems[0]).toMatchObject({ code: "API" });
    await redlock.using("order", () => undefined);
    expect((await redlock.health()).configured).toBe(3);
    await bed.api.endOutage();
    await bed.pods.annotate({ "quorumlock/next-size": "5" });
    // The history is gone, so the lists are read again.
    bed.api.compact();
    await untilState(discovery, "joint", 5);
    await eventually("no problem", () => discovery.problems.length === 0);
  });

  it("forgets versions: 410 Gone as an event and as a status leads to a new list", async () => {
    await bed.deploy(3);
    const { discovery } = await bed.startProcess();
    for (const kind of ["event", "status"]) {
      await bed.api.until(({ watchCount }) => watchCount === 2);
      if (kind === "status") bed.api.addFault({ verb: "watch", effect: { kind: "gone" } });
      const lists = bed.api.requests.filter(({ verb }) => verb === "list").length;
      bed.api.endWatches("cut");
      await bed.pods.set(1, { port: bed.portOf(kind === "event" ? 5 : 6) });
      bed.api.compact();
      await eventually(
        "the lists are read again",
        () => bed.api.requests.filter(({ verb }) => verb === "list").length >= lists + 2,
      );
      const port = bed.portOf(kind === "event" ? 5 : 6);
      await eventually("the member has moved", () => discovery.members[1]?.address === `10.99.0.2:${port}`);
    }
    await eventually("no problem", () => discovery.problems.length === 0);
  });

  it("continues at the version of a bookmark", async () => {
    await bed.deploy(3);
    const { discovery } = await bed.startProcess();
    await bed.api.until(({ watchCount }) => watchCount === 2);
    for (let count = 0; count < 10; count += 1) bed.api.store.advance();
    bed.api.sendBookmarks();
    const version = bed.api.store.version;
    bed.api.endWatches("regular");
    const isLater = ({ verb, query }: { verb: string; query: Readonly<Record<string, string>> }): boolean =>
      verb === "watch" && Number(query["resourceVersion"]) >= version;
    await bed.api.until(({ requests }) => requests.filter(isLater).length === 2);
    expect(discovery.problems).toEqual([]);
    expect(bed.api.requests.filter(({ verb }) => verb === "list")).toHaveLength(2);
  });

  it("may forbid a watch later: the problem names verb, resource and manifest", async () => {
    await bed.deploy(3);
    const { discovery, redlock } = await bed.startProcess();
    await bed.api.until(({ watchCount }) => watchCount === 2);
    bed.api.addFault({ verb: "watch", resource: "services", effect: { kind: "status", status: 403 } });
    bed.api.endWatches("cut");
    await eventually("a problem", () => discovery.problems.some(({ code }) => code === "FORBIDDEN"));
    const { message } = discovery.problems.find(({ code }) => code === "FORBIDDEN")!;
    expect(message).toContain("forbids to watch services in the namespace");
    expect(message).toContain("deploy/kubernetes/rbac/discovery.yaml");
    await redlock.using("order", () => undefined);
  });
});

describe("a beginning that fails", () => {
  it("says what to do", async () => {
    await expect(bed.discover()).rejects.toThrow(
      `no Service in the namespace "shop" has the labels "app=redis"; check the option \`selector\``,
    );
    await bed.pods.createService();
    await expect(bed.discover()).rejects.toThrow("kubectl annotate service redis quorumlock/size=3");
    await bed.pods.annotate({ "quorumlock/size": "99" });
    await expect(bed.discover()).rejects.toThrow(`"redis" is "99"; it must be a whole number from 1 to 31`);
    await bed.pods.annotate({ "quorumlock/size": "3" });
    await bed.pods.set(0, { port: bed.portOf(0) });
    const { discovery: slices } = bed.api.clients();
    const slice = await slices.readNamespacedEndpointSlice({ namespace, name: "redis-0" });
    slice.metadata = { name: "other", labels: slice.metadata?.labels ?? {} };
    slice.endpoints[0]!.targetRef!.name = "cache-0";
    await slices.createNamespacedEndpointSlice({ namespace, body: slice });
    await expect(bed.discover()).rejects.toThrow(
      'two endpoints have the ordinal 0: "cache-0" and "redis-0"; narrow the selector',
    );
  });

  it("names a forbidden verb at once, and wrong credentials", async () => {
    await bed.deploy(3);
    const remove = bed.api.addFault({
      resource: "endpointslices",
      verb: "list",
      effect: { kind: "status", status: 403 },
    });
    await expect(bed.discover()).rejects.toThrow(
      'the API server forbids to list endpointslices.discovery.k8s.io in the namespace "shop"; give the service account',
    );
    remove();
    bed.api.addFault({ effect: { kind: "status", status: 401 } });
    await expect(bed.discover()).rejects.toThrow("does not accept the credentials (401) to list services");
  });

  it("waits for a server that is not there, up to the timeout, and for a signal", async () => {
    await bed.api.beginOutage();
    await expect(bed.discover({ timeout: 300 })).rejects.toThrow(
      /were not found within 300 ms: list services .*ECONNREFUSED/,
    );
    const abort = new AbortController();
    const waiting = bed.discover({ signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toMatchObject({ name: "LockAbortedError" });
    await bed.api.endOutage();
    await bed.deploy(3);
    await bed.api.beginOutage();
    const late = bed.discover();
    await bed.api.endOutage();
    expect((await late).members).toHaveLength(3);
  });
});

describe("the rights of the manifest", () => {
  it("are those that the discovery uses, and no others", async () => {
    const manifest = readFileSync(
      new URL("../../../../../deploy/kubernetes/rbac/discovery.yaml", import.meta.url),
      "utf8",
    );
    const role = parseAllDocuments(manifest)
      .map((document) => document.toJS() as { kind: string; rules: Rule[] })
      .find(({ kind }) => kind === "Role");
    await bed.deploy(5, 3);
    bed.api.requests.length = 0;
    const { redlock, discovery } = await bed.startProcess();
    await redlock.using("order", () => undefined);
    await bed.api.until(({ watchCount }) => watchCount === 2);
    bed.api.compact();
    bed.api.endWatches("cut");
    await bed.api.until(({ requests }) => requests.filter(({ verb }) => verb === "list").length === 4);
    await eventually("watches again", () => bed.api.watchCount === 2);
    const used = new Set(bed.api.requests.map(({ verb, resource }) => `${verb} ${resource}`));
    const granted = role!.rules.flatMap(({ resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
    );
    expect([...used].toSorted()).toEqual(granted.toSorted());
    expect(role!.rules.map(({ apiGroups }) => apiGroups)).toEqual([[""], ["discovery.k8s.io"]]);
    expect(discovery.problems).toEqual([]);
  });
});

describe("a process", () => {
  it("ends after close", async () => {
    await bed.deploy(3);
    const child = startChild(new URL("../../support/discovery-process.ts", import.meta.url), [
      bed.api.url,
      namespace,
    ]);
    expect(await exitsOf([child])).toEqual([0]);
  });
});
