import { toSafeError } from "../base/safe-error.ts";
import { addressOf, first } from "./label.ts";
import type { Reply, Request } from "../operations/request.ts";
import { Connection } from "./connection.ts";
import { closerOf } from "./node-redis-closing.ts";
import type { ConnectionListener, Instance, Subscription, SubscriptionListener } from "./port.ts";
import { ScriptRunner } from "./script-runner.ts";
import { parseSetting } from "./setting.ts";
import { listenShared } from "./shared-listeners.ts";

/** The members that both kinds of client have. */
interface NodeRedisCommon {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  destroy(): void;
  subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** The members of a node-redis client that this file uses: version 5 or 6. */
export interface NodeRedisClient extends NodeRedisCommon {
  readonly isReady: boolean;
  sendCommand(args: string[], options?: object): Promise<unknown>;
  duplicate(): NodeRedisClient;
  /** From now on its connections do not keep the process running. */
  unref?(): void;
}

/** The members of a node-redis cluster client that this file uses: version 5 or 6. */
export interface NodeRedisCluster extends NodeRedisCommon {
  /** Only in version 6. */
  readonly isReady?: boolean;
  readonly slots: unknown;
  readonly nodeByAddress: { values(): Iterable<object> };
  sendCommand(key: string, readonly: boolean, args: string[], options?: object): Promise<unknown>;
  sSubscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  sUnsubscribe(channel: string): Promise<unknown>;
  duplicate(): NodeRedisCluster;
}

/** The client that has the connection of a subscription. */
interface Subscriber {
  readonly isReady: boolean;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** A node of a cluster. It has its own client for sharded channels, as long as one is subscribed. */
interface ClusterNode {
  readonly pubSub?: { readonly client: Subscriber };
}

export function isNodeRedis(client: object): client is NodeRedisClient {
  return "sendCommand" in client && "isReady" in client && "isOpen" in client && !isNodeRedisCluster(client);
}

export function isNodeRedisCluster(client: object): client is NodeRedisCluster {
  return "sendCommand" in client && "slots" in client && "sSubscribe" in client && "isOpen" in client;
}

/**
 * Rejects a Sentinel client of node-redis. Its commands have other arguments, and it changes the server without notice.
 * @throws TypeError if the client is one.
 */
export function refuseNodeRedisSentinel(client: object, field: string): void {
  if (!("getSentinelNode" in client)) return;
  throw new TypeError(
    `${field}: a Sentinel client of node-redis is not supported; pass a client of ioredis with \`sentinels\`, ` +
      "or a client of `createClient` for the master",
  );
}

/**
 * - `timeout`: version 6 would make an `AbortSignal.timeout` for each command. The members measure the time themselves, with
 *   one timer for all.
 * - `typeMapping`: replies are strings and numbers, also if the user set another mapping on the client.
 */
const COMMAND_OPTIONS = { timeout: undefined, typeMapping: {} };

const NOT_OPEN = "the client is not connected; call `await client.connect()` before the first lock";

/** A server or a cluster behind a node-redis client that the user passed. */
export class NodeRedisInstance implements Instance {
  readonly label: string;
  readonly isCluster: boolean;
  readonly #client: NodeRedisClient | NodeRedisCluster;
  readonly #runner: ScriptRunner;
  /** Whether requests wait in the client's queue until it connects. Otherwise it rejects them. */
  readonly #hasQueue: boolean;
  /** Whether the client was ever connected. Its queue is used only before that. */
  #hasConnected: boolean;

  constructor(client: NodeRedisClient | NodeRedisCluster) {
    this.#client = client;
    this.isCluster = isNodeRedisCluster(client);
    this.label = labelOf(client);
    this.#hasQueue = !this.isCluster && !isQueueDisabled(client);
    this.#hasConnected = client.isReady === true;
    this.#runner = new ScriptRunner((command, call) => {
      const { script, args, key } = call;
      const parts = [command, command === "EVAL" ? script.text : script.sha, ...args];
      return isNodeRedisCluster(client)
        ? client.sendCommand(key, false, parts, COMMAND_OPTIONS)
        : client.sendCommand(parts, COMMAND_OPTIONS);
    }, this.isCluster);
  }

  get isAvailable(): boolean {
    const client = this.#client;
    const isReady = client.isReady ?? hasNodes(client);
    return client.isOpen && (isReady || (this.#hasQueue && !this.#hasConnected));
  }

  get advice(): string | undefined {
    return this.#client.isOpen ? undefined : NOT_OPEN;
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    return this.#runner.run(requests);
  }

  /** `undefined` for a cluster, because the reply would come from one node only. */
  async readSetting(name: string): Promise<string | undefined> {
    const client = this.#client;
    if (isNodeRedisCluster(client)) return undefined;
    return parseSetting(name, () => client.sendCommand(["CONFIG", "GET", name], COMMAND_OPTIONS));
  }

  observe(listener: ConnectionListener): () => void {
    const { isCluster } = this;
    const client = this.#client;
    const connection = new Connection(listener, client.isReady === true);
    const onOpened = (): void => {
      this.#hasConnected = true;
      this.#runner.reset();
      connection.onOpened();
    };
    const onBroken = (error: unknown): void => {
      this.#hasConnected = true;
      connection.onBroken(toSafeError(error));
    };
    // The client emits an error for every broken connection. Without a listener, the error would end the process. Errors of a cluster
    // are those of its nodes.
    const onError = isCluster ? (error: unknown) => connection.onError(toSafeError(error)) : onBroken;
    // A client that is closed or destroyed emits no error. It can be connected again, to another server.
    const onClosed = (): void =>
      onBroken(new Error("the client was closed; call `await client.connect()` to use it again"));
    const [opened, closed] = isCluster ? ["connect", "disconnect"] : ["ready", "end"];
    const ends = [
      listenShared(client, opened, onOpened),
      listenShared(client, closed, onClosed),
      listenShared(client, "error", onError),
    ];
    return () => ends.forEach((end) => end());
  }

  openSubscription(listener: SubscriptionListener): Subscription {
    return new NodeRedisSubscription(this.#client.duplicate(), listener);
  }

  async close(): Promise<void> {}
}

class NodeRedisSubscription implements Subscription {
  readonly #client: NodeRedisClient | NodeRedisCluster;
  readonly #listener: SubscriptionListener;
  #connecting: Promise<unknown>;
  /** The last call in flight for each channel. */
  readonly #lastCalls = new Map<string, Promise<unknown>>();
  /**
   * Channels whose `unsubscribe` failed, usually because it was lost with its connection. The client subscribes them again on the next
   * connection, so they are unsubscribed there.
   */
  readonly #failedEnds = new Set<string>();
  readonly #destroy: () => void;
  readonly #watched = new WeakSet<Subscriber>();
  /** Clients whose connection is broken. */
  readonly #broken = new Set<Subscriber>();
  #isClosed = false;

  constructor(client: NodeRedisClient | NodeRedisCluster, listener: SubscriptionListener) {
    this.#client = client;
    this.#listener = listener;
    this.#destroy = isNodeRedisCluster(client) ? () => this.#destroyCluster() : closerOf(client);
    if (isNodeRedisCluster(client)) {
      // Errors of the cluster itself do not concern a subscription. Without a listener, they would end the process.
      client.on("error", () => undefined);
      client.on("node-ready", () => this.#watchNodes(client));
    } else {
      // A subscription alone does not keep the process running.
      client.unref?.();
      this.#watch(client);
    }
    this.#connecting = this.#connect();
  }

  #connect(): Promise<unknown> {
    const connecting = this.#client.connect();
    connecting.catch(() => undefined);
    return connecting;
  }

  /** The cluster makes a client when the first channel of its node is subscribed. */
  #watchNodes(cluster: NodeRedisCluster): void {
    for (const { pubSub } of cluster.nodeByAddress.values() as Iterable<ClusterNode>)
      if (pubSub !== undefined) this.#watch(pubSub.client);
  }

  #watch(client: Subscriber): void {
    if (this.#watched.has(client)) return;
    this.#watched.add(client);
    let hasConnected = client.isReady;
    client.on("error", (error) => {
      if (this.#isClosed) return;
      this.#broken.add(client);
      this.#listener.onLost(toSafeError(error));
    });
    client.on("ready", () => {
      this.#broken.delete(client);
      // The client subscribes the channels again by itself before it emits "ready".
      if (hasConnected) this.#onRestored();
      hasConnected = true;
      const channels = [...this.#failedEnds];
      this.#failedEnds.clear();
      for (const channel of channels) this.unsubscribe(channel);
    });
    // The client of a node that has left the cluster. Its channels are subscribed on another node.
    client.on("end", () => {
      if (this.#broken.delete(client)) this.#onRestored();
    });
    // The slot of the channel has moved to another node. Version 5 does not subscribe it there.
    client.on("sharded-channel-moved", (channel) => {
      if (!this.#isClosed)
        this.#listener.onLost(new Error("the channel moved to another node"), [String(channel)]);
    });
  }

  #onRestored(): void {
    if (this.#broken.size === 0 && !this.#isClosed) this.#listener.onRestored();
  }

  subscribe(channel: string): Promise<void> {
    this.#failedEnds.delete(channel);
    return this.#runInOrder(channel, (client) =>
      isNodeRedisCluster(client)
        ? client.sSubscribe(channel, this.#onMessage)
        : client.subscribe(channel, this.#onMessage),
    );
  }

  unsubscribe(channel: string): void {
    const confirmed = this.#runInOrder(channel, (client) =>
      isNodeRedisCluster(client) ? client.sUnsubscribe(channel) : client.unsubscribe(channel),
    );
    confirmed.catch(() => {
      // A later call of `subscribe` needs the channel.
      if (!this.#lastCalls.has(channel)) this.#failedEnds.add(channel);
    });
  }

  /** One function for all channels: a client that still has it for a channel does not call it twice. */
  readonly #onMessage = (message: string, channel: string): void => {
    this.#listener.onMessage(channel, message);
  };

  /**
   * Runs the calls of one channel one after another. If `subscribe` follows `unsubscribe` too soon, the client still knows the
   * channel and confirms at once. The `unsubscribe` in flight would then end the new subscription.
   */
  async #runInOrder(
    channel: string,
    call: (client: NodeRedisClient | NodeRedisCluster) => Promise<unknown>,
  ): Promise<void> {
    const previous = this.#lastCalls.get(channel) ?? this.#connecting;
    const running = previous
      .catch(() => undefined)
      .then(async () => {
        if (this.#isClosed) return undefined;
        const client = this.#client;
        if (isNodeRedisCluster(client)) {
          // A cluster client gives up if it reaches no node. It is open while it connects.
          if (!client.isOpen) this.#connecting = this.#connect();
          await this.#connecting;
        } else if (!client.isOpen) throw new Error("the connection of the subscription could not be opened");
        return call(client);
      });
    this.#lastCalls.set(channel, running);
    try {
      await running;
    } finally {
      if (this.#lastCalls.get(channel) === running) this.#lastCalls.delete(channel);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#destroy();
  }

  /** `destroy` throws while a cluster client connects. So it is called again after that. */
  #destroyCluster(): void {
    const destroy = (): void => {
      try {
        this.#client.destroy();
      } catch {
        // The client is already closed, or still connecting.
      }
    };
    destroy();
    this.#connecting.then(destroy, () => undefined);
  }
}

/** Whether a cluster client of version 5 knows its nodes. It is open while it connects, and rejects commands until then. */
function hasNodes(cluster: NodeRedisCluster): boolean {
  for (const _node of cluster.nodeByAddress.values()) return true;
  return false;
}

function isQueueDisabled(client: object): boolean {
  const { options } = client as { readonly options?: { readonly disableOfflineQueue?: boolean } };
  return options?.disableOfflineQueue === true;
}

function labelOf(client: NodeRedisClient | NodeRedisCluster): string {
  if (isNodeRedisCluster(client))
    return `cluster of ${addressOf(first((client as { _options?: { rootNodes?: unknown } })._options?.rootNodes))}`;
  const { options } = client as {
    options?: { url?: string; socket?: { host?: string; port?: number; path?: string } };
  };
  if (options?.socket?.path !== undefined) return options.socket.path;
  return addressOf(options);
}
