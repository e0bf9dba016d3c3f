import type { Member } from "../../members/member.ts";
import { maskOf, type Voters } from "../../members/voters.ts";
import type { RedlockClient } from "./stats.ts";

/** The longest time that the first operation waits for connections, in ms. It is the default time limit of ioredis for one. */
const MAX_CONNECTION_MS = 10_000;

interface ConnectionContext {
  clientAt(member: number): RedlockClient;
  /** Calls back after `ms`, or before that when the electorate closes or the returned function is called. */
  startPause(ms: number, onEnd: () => void): () => void;
}

/**
 * Waits for clients that connect for the first time, as `redlock` does with the queue of the client. Resolves when a quorum is connected,
 * when a quorum is not possible because clients cannot connect, or after 10 s.
 */
export function whenConnected(voters: Voters, electorate: ConnectionContext): Promise<void> {
  const connecting = new Set<Member>();
  const failed = new Set<Member>();
  for (const member of voters.members) {
    const state = connectionOf(electorate.clientAt(member.index));
    if (state !== "open") (state === "connecting" ? connecting : failed).add(member);
  }
  const isOver = (): boolean => {
    const hopeful = voters.members.filter((member) => !failed.has(member));
    const connected = hopeful.filter((member) => !connecting.has(member));
    return voters.hasQuorum(maskOf(connected)) || !voters.hasQuorum(maskOf(hopeful));
  };
  if (isOver()) return Promise.resolve();
  return new Promise((resolve) => {
    const ends: (() => void)[] = [];
    const end = electorate.startPause(MAX_CONNECTION_MS, () => {
      for (const stop of ends) stop();
      resolve();
    });
    for (const member of connecting) {
      const fail = (): void => {
        if (connecting.has(member)) failed.add(member);
        if (isOver()) end();
      };
      const onConnected = (): void => {
        connecting.delete(member);
        failed.delete(member);
        if (isOver()) end();
      };
      ends.push(member.instance.observe({ onConnected, onDisconnected: fail, onError: fail }));
    }
  });
}

/**
 * The connection of a client of ioredis or node-redis. `failed`: also if it is made again. Other clients are connected before they are
 * used, or have no connection.
 */
function connectionOf(client: RedlockClient): "open" | "connecting" | "failed" {
  if ("status" in client) {
    if (client.status === "ready") return "open";
    return ["wait", "connecting", "connect"].includes(client.status) ? "connecting" : "failed";
  }
  if (!("isOpen" in client)) return "open";
  if (!client.isOpen) return "failed";
  // A client of a cluster does not tell.
  return client.isReady === false ? "connecting" : "open";
}
