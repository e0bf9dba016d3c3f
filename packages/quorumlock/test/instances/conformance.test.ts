import { Cluster, type Redis } from "ioredis";
import { afterAll, afterEach, describe, test } from "vitest";
import { MemoryInstance } from "../../src/index.ts";
import { MovableInstance } from "../../src/instances/movable.ts";
import { checkSource } from "../../src/instances/sources.ts";
import { type ConformanceSubject, instanceConformance, startRedisCluster } from "../../src/testing/index.ts";
import { type ClientKind, clusterKinds, singleKinds, type TestClient } from "../support/clients.ts";
import { glideClusterKind, glideKind, restKinds } from "../support/further-clients.ts";
import { testServers } from "../support/server-access.ts";

const [single] = await testServers(1);
const cluster = await startRedisCluster();
const clusterPorts = cluster.nodes.map(({ port }) => port);
const clusterAdmin = new Cluster(clusterPorts.map((port) => ({ host: "127.0.0.1", port })));
const clients: TestClient[] = [];

afterEach(() => clients.splice(0).forEach((client) => client.close()));
afterAll(async () => {
  clusterAdmin.disconnect();
  await cluster.stop();
});

function subjectOf(kind: ClientKind, ports: readonly number[], admin: Redis | Cluster): ConformanceSubject {
  return {
    async connect() {
      const client = await kind.connect(ports);
      clients.push(client);
      return client.source;
    },
    write: (key, value) => admin.set(key, value),
    remaining: (key) => admin.pttl(key),
  };
}

function memorySubject(): ConformanceSubject {
  const instance = new MemoryInstance();
  return {
    connect: () => instance,
    write: (key, value) => instance.set(key, value),
    remaining: (key) => instance.remaining(key),
  };
}

function conforms(kind: string, subject: () => ConformanceSubject): void {
  describe(kind, () => {
    for (const { name, run } of instanceConformance) test(name, () => run(subject()));
  });
}

/** An instance that was moved from a server that is gone to the one of the suite. */
function movedSubject(kind: ClientKind): ConformanceSubject {
  const subject = subjectOf(kind, [single!.server.port], single!.admin);
  return {
    ...subject,
    async connect() {
      const former = new MemoryInstance();
      const instance = new MovableInstance({ source: former, open: () => former });
      const source = await subject.connect();
      instance.move({ source, open: checkSource(source, "source") });
      return instance;
    },
  };
}

conforms("memory", memorySubject);
for (const kind of [...singleKinds, glideKind])
  conforms(kind.name, () => subjectOf(kind, [single!.server.port], single!.admin));
for (const kind of restKinds)
  conforms(kind.name, () => ({
    ...subjectOf(kind, [single!.server.port], single!.admin),
    hasSubscriptions: false,
  }));
for (const kind of singleKinds) conforms(`moved to ${kind.name}`, () => movedSubject(kind));
for (const kind of [...clusterKinds, glideClusterKind])
  conforms(kind.name, () => subjectOf(kind, clusterPorts, clusterAdmin));
