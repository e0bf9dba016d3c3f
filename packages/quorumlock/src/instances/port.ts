import type { Reply, Request } from "../operations/request.ts";

/** What the connection of an instance tells its member. */
export interface ConnectionListener {
  /** Connected, for the first time or again: the server may be another one than before. */
  connected(): void;
  /** The connection broke: nothing that was sent will be answered in time. */
  disconnected(error: Error): void;
}

/** What a subscription tells its owner. */
export interface SubscriptionListener {
  message(channel: string, message: string): void;
  /** All channels are subscribed, again after a break: what was said in between was missed. */
  restored(): void;
  lost(error: Error): void;
}

/** A second connection that listens to wake messages, opened at the first contention. */
export interface Subscription {
  /** Resolves once the server has confirmed; rejects where it cannot be had. */
  subscribe(channel: string): Promise<void>;
  unsubscribe(channel: string): void;
  close(): void;
}

/** All that the core needs of one server. */
export interface Instance {
  /** Names the server in errors and events, usually `host:port`. */
  readonly label: string;
  /** Whether the keys of one request must share a hash slot. */
  readonly isCluster: boolean;
  /**
   * Whether a request would be sent now. Without a connection that once stood, requests would lie in a queue
   * and be granted long after the caller gave up.
   */
  readonly isAvailable: boolean;
  /**
   * Carries out requests in order and in one write; a later call is carried out after an earlier one. Each
   * entry of the result is the reply to one request. Rejects where the connection or the server failed all of
   * them.
   */
  run(requests: readonly Request[]): Promise<readonly Reply[]>;
  /**
   * A setting of the server, such as `appendfsync`, by its name in the server's configuration. `undefined` where it cannot
   * be read: many managed services forbid it. Never rejects.
   */
  setting(name: string): Promise<string | undefined>;
  /** Tells of the connection until the returned function is called. */
  observe(listener: ConnectionListener): () => void;
  listen(listener: SubscriptionListener): Subscription;
  /** Closes what the instance opened itself; a client that was handed in stays open. */
  close(): Promise<void>;
}

const CALLS = ["run", "setting", "observe", "listen", "close"] as const;

export function isInstance(source: object): source is Instance {
  const members = source as Partial<Record<string, unknown>>;
  return typeof members["label"] === "string" && CALLS.every((call) => typeof members[call] === "function");
}
