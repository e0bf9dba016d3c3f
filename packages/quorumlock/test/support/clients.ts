import { Cluster, Redis } from "ioredis";
import { Cluster as Cluster5, Redis as Redis5 } from "ioredis5";
import { createClient, createCluster } from "redis";
import { createClient as createClient5, createCluster as createCluster5 } from "redis5";
import type { InstanceSource } from "../../src/index.ts";

/** A client for a test, and the function that closes it. */
export interface TestClient {
  readonly source: InstanceSource;
  readonly close: () => void;
}

/** The user of a client. The default user has no password in most tests. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** One kind of client. It connects to the port of a server, or to the ports of a cluster. */
export interface ClientKind {
  readonly name: string;
  connect(ports: readonly number[], user?: Credentials): Promise<TestClient>;
}

function url(port: number | undefined, user?: Credentials): string {
  return `redis://${user === undefined ? "" : `${user.username}:${user.password}@`}127.0.0.1:${port}`;
}

function nodes(ports: readonly number[]): { host: string; port: number }[] {
  return ports.map((port) => ({ host: "127.0.0.1", port }));
}

/** A listener for errors of a client. The library under test handles them. */
function ignore(): void {}

function ignoringErrors(destroy: () => void): () => void {
  return () => {
    try {
      destroy();
    } catch {
      // The client was closed before.
    }
  };
}

/** Every supported client library and version, for a single server. */
export const singleKinds: readonly ClientKind[] = [
  {
    name: "ioredis 5",
    async connect([port], user) {
      const client = new Redis5(url(port, user));
      return { source: client, close: () => client.disconnect() };
    },
  },
  {
    name: "ioredis 6",
    async connect([port], user) {
      const client = new Redis(url(port, user));
      return { source: client, close: () => client.disconnect() };
    },
  },
  {
    name: "node-redis 5",
    async connect([port], user) {
      const client = createClient5({ url: url(port, user) });
      client.on("error", ignore);
      await client.connect();
      return { source: client, close: ignoringErrors(() => client.destroy()) };
    },
  },
  {
    name: "node-redis 6",
    async connect([port], user) {
      const client = createClient({ url: url(port, user) });
      client.on("error", ignore);
      await client.connect();
      return { source: client, close: ignoringErrors(() => client.destroy()) };
    },
  },
  {
    name: "URL",
    async connect([port], user) {
      return { source: url(port, user), close: ignore };
    },
  },
];

/** The cluster clients of the same libraries. */
export const clusterKinds: readonly ClientKind[] = [
  {
    name: "ioredis 5 cluster",
    async connect(ports, user) {
      const client = new Cluster5(nodes(ports), { redisOptions: { ...user } });
      return { source: client, close: () => client.disconnect() };
    },
  },
  {
    name: "ioredis 6 cluster",
    async connect(ports, user) {
      const client = new Cluster(nodes(ports), { redisOptions: { ...user } });
      return { source: client, close: () => client.disconnect() };
    },
  },
  {
    name: "node-redis 5 cluster",
    async connect(ports, user) {
      const client = createCluster5({
        rootNodes: ports.map((port) => ({ url: url(port) })),
        defaults: { ...user },
      });
      client.on("error", ignore);
      await client.connect();
      return { source: client, close: ignoringErrors(() => client.destroy()) };
    },
  },
  {
    name: "node-redis 6 cluster",
    async connect(ports, user) {
      const client = createCluster({
        rootNodes: ports.map((port) => ({ url: url(port) })),
        defaults: { ...user },
      });
      client.on("error", ignore);
      await client.connect();
      return { source: client, close: ignoringErrors(() => client.destroy()) };
    },
  },
];
