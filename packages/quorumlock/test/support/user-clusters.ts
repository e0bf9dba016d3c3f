import { Cluster } from "ioredis";
import { Cluster as Cluster5 } from "ioredis5";
import { createCluster } from "redis";
import { createCluster as createCluster5 } from "redis5";
import type { InstanceSource } from "../../src/index.ts";

/** The cluster client of a user, with the few members that both client libraries have. */
export interface UserCluster {
  readonly source: InstanceSource;
  connect(): Promise<unknown>;
  /** Closes the client, whatever its state. */
  end(): void;
}

export interface UserClusterKind {
  readonly name: string;
  readonly isIoredis: boolean;
  /** Makes a client that is not connected. */
  create(ports: readonly number[]): UserCluster;
}

/** The pause before each reconnection. */
const RETRY_MS = 5;

function ignore(): void {}

function ioredis(Client: typeof Cluster): UserClusterKind["create"] {
  return (ports) => {
    const client = new Client(
      ports.map((port) => ({ host: "127.0.0.1", port })),
      { lazyConnect: true, clusterRetryStrategy: () => RETRY_MS },
    );
    client.on("error", ignore);
    return {
      source: client,
      connect: () => client.connect(),
      end: () => client.disconnect(),
    };
  };
}

function nodeRedis(create: typeof createCluster): UserClusterKind["create"] {
  return (ports) => {
    const client = create({
      rootNodes: ports.map((port) => ({ socket: { host: "127.0.0.1", port } })),
      defaults: { socket: { reconnectStrategy: () => RETRY_MS } },
    });
    client.on("error", ignore);
    return {
      source: client,
      connect: () => client.connect(),
      end() {
        if (client.isOpen) client.destroy();
      },
    };
  };
}

/** The cluster client of every supported client library and version. */
export const userClusters: readonly UserClusterKind[] = [
  { name: "a cluster of ioredis 5", isIoredis: true, create: ioredis(Cluster5 as never) },
  { name: "a cluster of ioredis 6", isIoredis: true, create: ioredis(Cluster) },
  { name: "a cluster of node-redis 5", isIoredis: false, create: nodeRedis(createCluster5 as never) },
  { name: "a cluster of node-redis 6", isIoredis: false, create: nodeRedis(createCluster) },
];
