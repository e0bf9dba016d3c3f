import { once } from "node:events";
import { Cluster, type Redis } from "ioredis";
import type { ConnectedServer } from "./connect.ts";
import { safeMessage } from "../format/safe-message.ts";

/**
 * Sends one command to one node, with a time limit.
 * @returns the reply; an error reply as an `Error`.
 * @throws Error if the node is not connected, or does not answer in time. The message has no password.
 */
export async function callNode(
  node: Redis,
  timeoutMs: number,
  [name, ...args]: readonly [string, ...(readonly string[])],
): Promise<unknown> {
  const ended = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
  });
  const send = async (): Promise<unknown> => {
    try {
      await connectNode(node, ended.signal);
      return await node.call(name, ...args);
    } catch (error) {
      if (error instanceof Error && error.name === "ReplyError") return error;
      throw new Error(safeMessage(error), { cause: error });
    }
  };
  // A reply after the time limit has no reader.
  const reply = send();
  reply.catch(() => undefined);
  try {
    return await Promise.race([reply, timeout]);
  } finally {
    clearTimeout(timer);
    ended.abort();
  }
}

/**
 * A node of a cluster does not connect before it is used. Any other node must be connected already, because ioredis would keep the command
 * until it is.
 */
async function connectNode(node: Redis, signal: AbortSignal): Promise<void> {
  if (node.status === "wait") await node.connect();
  else if (node.options.lazyConnect === true && ["connecting", "connect"].includes(node.status))
    await once(node, "ready", { signal });
  if (node.status !== "ready") throw new Error("not connected");
  signal.throwIfAborted();
}

/** The nodes that have the keys of a server: itself, or the masters of a Redis Cluster that are known to be reachable so far. */
export function keyNodesOf({ redis }: ConnectedServer): readonly Redis[] {
  return redis instanceof Cluster ? redis.nodes("master") : [redis];
}

/** The masters of a Redis Cluster that have hash slots, as `host:port`. Empty for a single server. */
export function mastersOf({ redis }: ConnectedServer): readonly string[] {
  if (!(redis instanceof Cluster)) return [];
  return [...new Set(redis.slots.flatMap(([master]) => master ?? []))];
}

/** Those that the client has given up. What only they have cannot be read. */
export function lostNodesOf(server: ConnectedServer): readonly string[] {
  const present = new Set(keyNodesOf(server).map(addressOf));
  return mastersOf(server).filter((master) => !present.has(master));
}

/** `host:port` */
export function addressOf({ options: { host, port } }: Redis): string {
  return `${host}:${port}`;
}
