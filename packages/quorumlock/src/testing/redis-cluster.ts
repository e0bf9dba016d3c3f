import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../base/clock.ts";
import type { RedisServer, RedisServerOptions } from "./redis-server.ts";
import { startRedisServers } from "./redis-servers.ts";
import { respRequest } from "./resp-request.ts";

const SLOTS = 16_384;

/** How long the nodes may take to agree that their cluster is up; about 2 s is usual. */
const AGREE_TIMEOUT_MS = 30_000;
const AGREE_POLL_MS = 50;

/** A Redis Cluster of masters without replicas, which share the slots in the order of `nodes`. */
export interface RedisCluster extends AsyncDisposable {
  readonly nodes: readonly RedisServer[];
  /** Ends all nodes for good, as `RedisServer.stop()` does. */
  stop(): Promise<void>;
}

/** How to start a cluster: each node is started with these. */
export interface RedisClusterOptions extends Omit<RedisServerOptions, "port" | "clusterNode"> {
  /** Number of masters. Default 3. */
  readonly masters?: number | undefined;
}

/**
 * Starts a Redis Cluster and waits until every node says that it is whole.
 *
 * @throws what `startRedisServers` throws, and an Error when a node refuses a command or the nodes do not
 * agree in 30 s.
 */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const { masters = 3, signal, ...each } = options;
  const nodes = await startRedisServers(masters, { ...each, signal, clusterNode: true });
  try {
    await Promise.all(nodes.map((node, index) => assignSlots(node, index, masters)));
    await introduce(nodes);
    await Promise.all(nodes.map((node) => untilWhole(node, masters, signal)));
  } catch (error) {
    await nodes.stop();
    throw error;
  }
  const stop = (): Promise<void> => nodes.stop();
  return { nodes, stop, [Symbol.asyncDispose]: stop };
}

/** Gives a node its share of the slots, and an epoch of its own so that no two claims are ever equal. */
async function assignSlots(node: RedisServer, index: number, masters: number): Promise<void> {
  const from = Math.floor((index * SLOTS) / masters);
  const to = Math.floor(((index + 1) * SLOTS) / masters);
  // One by one rather than with ADDSLOTSRANGE, which came only with Redis 7.
  const slots = Array.from({ length: to - from }, (_, offset) => from + offset);
  await order(node, ["ADDSLOTS", ...slots]);
  await order(node, ["SET-CONFIG-EPOCH", index + 1]);
}

/** Tells every node of the one before it; the nodes pass on whom they know. */
async function introduce(nodes: readonly RedisServer[]): Promise<void> {
  const ports = nodes.map((node) => node.port);
  const known = nodes.slice(1);
  await Promise.all(known.map((node, index) => order(node, ["MEET", "127.0.0.1", String(ports[index])])));
}

async function untilWhole(
  node: RedisServer,
  masters: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = systemClock.monotonic() + AGREE_TIMEOUT_MS;
  const whole = ["cluster_state:ok", `cluster_slots_ok:${SLOTS}`, `cluster_size:${masters}`];
  let info = "";
  while (systemClock.monotonic() < deadline) {
    signal?.throwIfAborted();
    info = await order(node, ["INFO"]);
    const lines = info.split("\r\n");
    if (whole.every((line) => lines.includes(line))) return;
    await sleep(AGREE_POLL_MS);
  }
  throw new Error(`The cluster was not whole for port ${node.port} after ${AGREE_TIMEOUT_MS} ms:\n${info}`);
}

async function order(node: RedisServer, command: readonly (string | number)[]): Promise<string> {
  const answer = await respRequest(node.port, ["CLUSTER", ...command]);
  if (answer.kind === "value") return answer.text;
  throw new Error(`CLUSTER ${command[0]} on port ${node.port}: ${answer.text}`);
}
