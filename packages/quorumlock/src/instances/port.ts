import type { Reply, Request } from "../operations/request.ts";

/** Callbacks for the connection of an instance. */
export interface ConnectionListener {
  /** The connection is open, for the first time or again. The server may be another one than before. */
  onConnected(): void;
  /** The connection broke. Requests in flight get no reply. */
  onDisconnected(error: Error): void;
  /** There is no connection, and an attempt to make one has failed. The client library continues. */
  onError?(error: Error): void;
}

/** Callbacks for the subscriptions of an instance. */
export interface SubscriptionListener {
  onMessage(channel: string, message: string): void;
  /** All channels that the server did not refuse are subscribed again after a break. Messages in between were lost. */
  onRestored(): void;
  /**
   * The connection of the subscription broke. It is restored without another call. With `channels`: the server refused to subscribe
   * these channels again, so only a new call of `subscribe` can restore them.
   */
  onLost(error: Error, channels?: readonly string[]): void;
}

/** A second connection to a server, which receives release messages. It is opened when a caller first waits. */
export interface Subscription {
  /** Resolves when the server has confirmed the subscription. Rejects if the server refuses it or is not reachable. */
  subscribe(channel: string): Promise<void>;
  unsubscribe(channel: string): void;
  close(): void;
}

/** One server, as the library uses it. Implement this interface to support another client library. */
export interface Instance {
  /** The name of the server in errors and events, usually `host:port`. */
  readonly label: string;
  /** Whether the keys of one request must share a hash slot. */
  readonly isCluster: boolean;
  /**
   * Whether the instance would send a request now. It must be false after the connection broke. Otherwise the client library
   * would queue the request, and the server would grant it long after the caller gave up.
   */
  readonly isAvailable: boolean;
  /**
   * Whether the server can notify waiters of a release. If not, `openSubscription` is not called, and waiters poll every 50 to 150 ms.
   * @default true
   */
  readonly hasSubscriptions?: boolean;
  /** What the user must do if the instance is not available and no connection has broken. @default none */
  readonly advice?: string | undefined;
  /**
   * Begins to connect if the client library would begin only with a request. Called when the instance is first needed, if it is
   * not available. Returns whether it has begun.
   */
  connect?(): boolean;
  /**
   * Runs requests in order, in one write. The server runs the requests of an earlier call before those of a later call.
   * @returns one reply for each request, in the same order.
   * @throws Error if the connection or the server failed for all of them.
   */
  run(requests: readonly Request[]): Promise<readonly Reply[]>;
  /**
   * Reads a setting of the server, for example `appendfsync`, by its name in the server's configuration. Resolves to
   * `undefined` if it is not readable, because many managed services forbid that. Never rejects.
   */
  readSetting(name: string): Promise<string | undefined>;
  /** Calls the listener when the connection opens or breaks. The returned function removes the listener. */
  observe(listener: ConnectionListener): () => void;
  /** Opens the connection for subscriptions. */
  openSubscription(listener: SubscriptionListener): Subscription;
  /**
   * Leaves the server of the present connection. `problem`: what is wrong with it, as the end of a sentence about the address. Returns
   * whether it does: only an instance that was moved to another address can.
   */
  leaveServer?(problem: string): boolean;
  /** Closes only what the instance opened itself. A client that the user passed stays open. */
  close(): Promise<void>;
}

const METHODS = ["run", "readSetting", "observe", "openSubscription", "close"] as const;

export function isInstance(source: object): source is Instance {
  const members = source as Partial<Record<string, unknown>>;
  return (
    typeof members["label"] === "string" && METHODS.every((method) => typeof members[method] === "function")
  );
}
