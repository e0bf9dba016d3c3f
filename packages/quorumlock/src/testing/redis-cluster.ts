import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../base/clock.ts";
import { SLOTS } from "../operations/hash-slot.ts";
import type { RedisServer, RedisServerOptions } from "./redis-server.ts";
import { startRedisServers } from "./redis-servers.ts";
import { respRequest } from "./resp-request.ts";

/** How long the nodes may take until all report a complete cluster. They usually take about 2 s. */
const COMPLETE_TIMEOUT_MS = 30_000;
const COMPLETE_POLL_MS = 50;

/** A Redis Cluster of masters without replicas. The nodes share the slots equally, in the order of `nodes`. */
export interface RedisCluster extends AsyncDisposable {
  /** The masters. */
  readonly nodes: readonly RedisServer[];
  /** Stops all nodes, as `RedisServer.stop()` does. */
  stop(): Promise<void>;
}

/** Options of a cluster. The server options apply to each node. */
export interface RedisClusterOptions extends Omit<RedisServerOptions, "port" | "clusterNode"> {
  /** Number of masters: a whole number of at least 1. @default 3 */
  readonly masters?: number | undefined;
}

/**
 * Starts a Redis Cluster and waits until every node reports that it is complete.
 *
 * @throws as `startRedisServers`.
 * @throws Error if a node refuses a command, or if the cluster is not complete after 30 s.
 */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const { masters = 3, signal, ...each } = options;
  const nodes = await startRedisServers(masters, { ...each, signal, clusterNode: true });
  try {
    await Promise.all(nodes.map((node, index) => assignSlots(node, index, masters)));
    await connectNodes(nodes);
    await Promise.all(nodes.map((node) => waitUntilComplete(node, masters, signal)));
  } catch (error) {
    await nodes.stop();
    throw error;
  }
  const stop = (): Promise<void> => nodes.stop();
  return { nodes, stop, [Symbol.asyncDispose]: stop };
}

/** Assigns a node its share of the slots, and its own epoch so that the nodes never compete for a slot. */
async function assignSlots(node: RedisServer, index: number, masters: number): Promise<void> {
  const from = Math.floor((index * SLOTS) / masters);
  const to = Math.floor(((index + 1) * SLOTS) / masters);
  // The command lists every slot, because ADDSLOTSRANGE needs Redis 7.
  const slots = Array.from({ length: to - from }, (_, offset) => from + offset);
  await clusterCommand(node, ["ADDSLOTS", ...slots]);
  await clusterCommand(node, ["SET-CONFIG-EPOCH", index + 1]);
}

/** Connects every node with the previous one. The nodes then find the other nodes by themselves. */
async function connectNodes(nodes: readonly RedisServer[]): Promise<void> {
  const ports = nodes.map((node) => node.port);
  const followers = nodes.slice(1);
  await Promise.all(
    followers.map((node, index) => clusterCommand(node, ["MEET", "127.0.0.1", String(ports[index])])),
  );
}

async function waitUntilComplete(
  node: RedisServer,
  masters: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = systemClock.monotonic() + COMPLETE_TIMEOUT_MS;
  const expectedLines = ["cluster_state:ok", `cluster_slots_ok:${SLOTS}`, `cluster_size:${masters}`];
  let info = "";
  while (systemClock.monotonic() < deadline) {
    signal?.throwIfAborted();
    info = await clusterCommand(node, ["INFO"]);
    const lines = info.split("\r\n");
    if (expectedLines.every((line) => lines.includes(line))) return;
    await sleep(COMPLETE_POLL_MS);
  }
  throw new Error(
    `the node on port ${node.port} has no complete cluster after ${COMPLETE_TIMEOUT_MS} ms; CLUSTER INFO:\n${info}`,
  );
}

async function clusterCommand(node: RedisServer, command: readonly (string | number)[]): Promise<string> {
  const answer = await respRequest(node.port, ["CLUSTER", ...command]);
  if (answer.kind === "value") return answer.text;
  throw new Error(`CLUSTER ${command[0]} failed on port ${node.port}: ${answer.text}`);
}
