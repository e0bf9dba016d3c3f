import { asError } from "../base/errors.ts";
import type { Reply, Request } from "../operations/request.ts";
import type { ConnectionListener, Instance, Subscription, SubscriptionListener } from "./port.ts";
import { ScriptRunner } from "./script-runner.ts";
import { readSetting } from "./setting.ts";

interface NodeRedisCommon {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  destroy(): void;
  subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** The members of a node-redis client, version 5 or 6, that are used here. */
export interface NodeRedisClient extends NodeRedisCommon {
  readonly isReady: boolean;
  sendCommand(args: string[], options?: object): Promise<unknown>;
  duplicate(): NodeRedisClient;
}

/** The members of a node-redis cluster client that are used here. */
export interface NodeRedisCluster extends NodeRedisCommon {
  readonly slots: unknown;
  sendCommand(key: string, readonly: boolean, args: string[], options?: object): Promise<unknown>;
  sSubscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  sUnsubscribe(channel: string): Promise<unknown>;
  duplicate(): NodeRedisCluster;
}

export function isNodeRedis(client: object): client is NodeRedisClient {
  return "sendCommand" in client && "isReady" in client && "isOpen" in client && !isNodeRedisCluster(client);
}

export function isNodeRedisCluster(client: object): client is NodeRedisCluster {
  return "sendCommand" in client && "slots" in client && "sSubscribe" in client && "isOpen" in client;
}

/**
 * Version 6 would arm an `AbortSignal.timeout` for each command; members keep their own time, with one timer
 * for all. Replies come as plain strings and numbers whatever mapping the client was given.
 */
const COMMAND_OPTIONS = { timeout: undefined, typeMapping: {} };

/** A server, or a cluster, behind a node-redis client that was handed in. */
export class NodeRedisInstance implements Instance {
  readonly label: string;
  readonly isCluster: boolean;
  readonly #client: NodeRedisClient | NodeRedisCluster;
  readonly #runner: ScriptRunner;
  /**
   * Whether the connection stood once. Until then its client's queue is trusted: it is only just starting.
   */
  #stood: boolean;

  constructor(client: NodeRedisClient | NodeRedisCluster) {
    this.#client = client;
    this.isCluster = isNodeRedisCluster(client);
    this.label = labelOf(client);
    this.#stood = "isReady" in client && client.isReady;
    this.#runner = new ScriptRunner(
      (command, script, call) =>
        isNodeRedisCluster(client)
          ? client.sendCommand(call.key, false, [command, script, ...call.args], COMMAND_OPTIONS)
          : client.sendCommand([command, script, ...call.args], COMMAND_OPTIONS),
      this.isCluster,
    );
  }

  get isAvailable(): boolean {
    if (!("isReady" in this.#client)) return this.#client.isOpen;
    return this.#client.isReady || (this.#client.isOpen && !this.#stood);
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    return this.#runner.run(requests);
  }

  /** Of a cluster it would be that of one node only. */
  async setting(name: string): Promise<string | undefined> {
    const client = this.#client;
    if (isNodeRedisCluster(client)) return undefined;
    return readSetting(name, () => client.sendCommand(["CONFIG", "GET", name], COMMAND_OPTIONS));
  }

  observe(listener: ConnectionListener): () => void {
    const connected = (): void => {
      this.#stood = true;
      this.#runner.reset();
      listener.connected();
    };
    // Without a listener an error of the client ends the process; it tells of every broken connection here.
    const failed = (error: unknown): void => {
      if (this.isCluster) return;
      this.#stood = true;
      listener.disconnected(asError(error));
    };
    this.#client.on("ready", connected);
    this.#client.on("error", failed);
    return () => {
      this.#client.off("ready", connected);
      this.#client.off("error", failed);
    };
  }

  listen(listener: SubscriptionListener): Subscription {
    return new NodeRedisSubscription(this.#client.duplicate(), listener);
  }

  async close(): Promise<void> {}
}

class NodeRedisSubscription implements Subscription {
  readonly #client: NodeRedisClient | NodeRedisCluster;
  readonly #listener: SubscriptionListener;
  readonly #connecting: Promise<unknown>;
  /** The last call under way for each channel. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #stood = false;
  #closed = false;

  constructor(client: NodeRedisClient | NodeRedisCluster, listener: SubscriptionListener) {
    this.#client = client;
    this.#listener = listener;
    client.on("error", (error) => {
      if (!this.#closed) listener.lost(asError(error));
    });
    client.on("ready", () => {
      // The client subscribes its channels again by itself, before it calls itself ready.
      if (this.#stood && !this.#closed) listener.restored();
      this.#stood = true;
    });
    this.#connecting = client.connect();
    this.#connecting.catch(() => undefined);
  }

  subscribe(channel: string): Promise<void> {
    const told = (message: string): void => this.#listener.message(channel, message);
    return this.#inTurn(channel, (client) =>
      isNodeRedisCluster(client) ? client.sSubscribe(channel, told) : client.subscribe(channel, told),
    );
  }

  unsubscribe(channel: string): void {
    const gone = this.#inTurn(channel, (client) =>
      isNodeRedisCluster(client) ? client.sUnsubscribe(channel) : client.unsubscribe(channel),
    );
    gone.catch(() => undefined);
  }

  /**
   * One call after the other for each channel. The client answers a subscription at once where it still knows the
   * channel, also when a cancellation of it is on its way: that would then silence the new one.
   */
  async #inTurn(
    channel: string,
    call: (client: NodeRedisClient | NodeRedisCluster) => Promise<unknown>,
  ): Promise<void> {
    const before = this.#turns.get(channel) ?? this.#connecting;
    const turn = before
      .catch(() => undefined)
      .then(() => {
        if (this.#closed) return undefined;
        if (!this.#client.isOpen) throw new Error("the subscription's connection could not be opened");
        return call(this.#client);
      });
    this.#turns.set(channel, turn);
    try {
      await turn;
    } finally {
      if (this.#turns.get(channel) === turn) this.#turns.delete(channel);
    }
  }

  close(): void {
    this.#closed = true;
    // A client that is still connecting refuses to be destroyed until it has connected or failed.
    const end = (): void => {
      try {
        this.#client.destroy();
      } catch {
        // It was closed already.
      }
    };
    end();
    this.#connecting.then(end, () => undefined);
  }
}

function labelOf(client: NodeRedisClient | NodeRedisCluster): string {
  if (isNodeRedisCluster(client)) return "cluster";
  const { options } = client as {
    options?: { url?: string; socket?: { host?: string; port?: number; path?: string } };
  };
  if (options?.socket?.path !== undefined) return options.socket.path;
  if (options?.url !== undefined && URL.canParse(options.url)) return new URL(options.url).host;
  return `${options?.socket?.host ?? "localhost"}:${options?.socket?.port ?? 6379}`;
}
