import {
  type ConnectionListener,
  hashSlot,
  type Instance,
  type Reply,
  type Request,
  ScriptRunner,
  type SubscriptionListener,
} from "../library.ts";
import { Connection, HEALTHY_NETWORK, type NetworkState } from "./connection.ts";
import type { Host } from "./host.ts";
import type { Random } from "./random.ts";
import type { Call, Server } from "./server.ts";
import { SimSubscription } from "./subscription.ts";
import type { Time } from "./time.ts";

/** Receives everything that is sent over a link. */
export interface LinkWatcher {
  /** A client sent requests. `isResent`: the client library sent them a second time by itself. */
  onSent(link: Link, call: Call, isResent: boolean): void;
  /** The replies to a call reached the client. */
  onReply(link: Link, call: Call, replies: readonly unknown[]): void;
  /** The connection of a message broke: the message is lost, arrives late, or was sent again. */
  onBrokenMessage(fate: MessageFate): void;
}

export type MessageFate = "lost" | "late" | "resent";

interface Pending {
  readonly call: Call;
  resolve(replies: unknown): void;
  reject(error: Error): void;
}

export interface LinkTraits {
  /**
   * Whether the client library queues commands while it is disconnected, and sends unanswered commands again after a
   * reconnection. ioredis does both.
   */
  readonly resends: boolean;
}

/**
 * The way of one client to one server, as the library sees it. Its connection can break and come back. A cluster has one
 * connection for each node. They are as fast and as late as each likes, and break together.
 */
export class Link implements Instance {
  readonly label: string;
  readonly isCluster: boolean;
  readonly host: Host;
  readonly server: Server;
  readonly network: NetworkState = { ...HEALTHY_NETWORK };
  readonly time: Time;
  readonly random: Random;
  readonly watcher: LinkWatcher;
  readonly #traits: LinkTraits;
  readonly #runner: ScriptRunner;
  readonly #listeners = new Set<ConnectionListener>();
  readonly #subscriptions = new Set<SimSubscription>();
  /** One for each node of the server; empty while they are broken. */
  #connections: readonly Connection[] = [];
  /** What the client knows: it learns of a break a little later. */
  #isConnected = true;
  #pending: Pending[] = [];

  constructor(
    host: Host,
    server: Server,
    time: Time,
    random: Random,
    traits: LinkTraits,
    watcher: LinkWatcher,
  ) {
    this.label = server.label;
    this.isCluster = server.isCluster;
    this.host = host;
    this.server = server;
    this.time = time;
    this.random = random;
    this.watcher = watcher;
    this.#traits = traits;
    this.#connections = this.#connect();
    this.#runner = new ScriptRunner(
      (command, { script, args }) =>
        this.#send({ command, script: command === "EVAL" ? script.text : script.sha, args }),
      server.isCluster,
    );
  }

  get isAvailable(): boolean {
    return this.#isConnected;
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    this.host.markInstruction();
    return this.#runner.run(requests);
  }

  observe(listener: ConnectionListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  openSubscription(listener: SubscriptionListener): SimSubscription {
    const subscription = new SimSubscription(this, listener, () => this.#subscriptions.delete(subscription));
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** Reads a setting of the server. Never settles if the connection breaks first. */
  readSetting(name: string): Promise<string | undefined> {
    const [connection] = this.#connections;
    if (!this.#isConnected || connection === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      connection.request(
        () => this.server.setting(name),
        (value) => resolve(value as string | undefined),
      );
    });
  }

  async close(): Promise<void> {}

  /** Whether a new connection can be made. */
  get canConnect(): boolean {
    return !this.network.isCut && this.server.isRunning && !this.host.isDead;
  }

  /** Breaks the connection. It stays broken while the network is cut. */
  breakConnection(): void {
    this.#connections[0]?.break(new Error("the connection was reset"));
  }

  breakSubscriptions(): void {
    for (const subscription of this.#subscriptions) subscription.breakConnection();
  }

  /** Applies a change of the network: delivers held messages and reconnects, if that is possible now. */
  onNetworkChange(): void {
    for (const connection of this.#connections) connection.deliverHeld();
    this.#reconnectSoon();
    for (const subscription of this.#subscriptions) subscription.onNetworkChange();
  }

  /** Number of subscriptions that the client has not closed. */
  get openSubscriptions(): number {
    return this.#subscriptions.size;
  }

  /** Number of listeners of the library. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  #connect(): readonly Connection[] {
    return Array.from(
      { length: this.server.nodes },
      () => new Connection(this, this.network, (error) => this.#onBreak(error)),
    );
  }

  /** The connection to the node that has the keys of a call. */
  #connectionFor({ args }: Call): Connection | undefined {
    const { nodes } = this.server;
    return this.#connections[nodes === 1 ? 0 : hashSlot(args[1] ?? "") % nodes];
  }

  #send(call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const pending: Pending = { call, resolve, reject };
      if (!this.#isConnected && !this.#traits.resends) {
        reject(new Error("not connected"));
        return;
      }
      this.#pending.push(pending);
      this.#transmit(pending, false);
    });
  }

  #transmit(pending: Pending, isResent: boolean): void {
    const connection = this.#connectionFor(pending.call);
    if (connection === undefined) return;
    this.watcher.onSent(this, pending.call, isResent);
    connection.request(
      () => {
        try {
          return this.server.execute(pending.call);
        } catch (error) {
          return error;
        }
      },
      (replies) => {
        this.#pending = this.#pending.filter((other) => other !== pending);
        if (replies instanceof Error) {
          pending.reject(replies);
          return;
        }
        const list = replies as readonly unknown[];
        this.watcher.onReply(this, pending.call, list);
        // As call.lua replies: the reply of a lone request, or else a list.
        pending.resolve(list.length === 1 ? list[0] : list);
      },
    );
  }

  #onBreak(error: Error): void {
    if (this.#connections.length === 0) return;
    const others = this.#connections;
    this.#connections = [];
    for (const connection of others) connection.break(error);
    this.host.schedule(this.time.now + this.random.between(0, 2), () => {
      this.#isConnected = false;
      const pending = this.#traits.resends ? [] : this.#pending.splice(0);
      const notify = (): void => this.#listeners.forEach((listener) => listener.onDisconnected(error));
      const reject = (): void => pending.forEach((one) => one.reject(error));
      const order = this.random.chance(0.5) ? [notify, reject] : [reject, notify];
      for (const act of order) act();
      this.#reconnectSoon();
    });
  }

  #reconnectSoon(): void {
    if (this.#isConnected || this.#connections.length > 0) return;
    this.host.schedule(this.time.now + this.random.between(1, 60), () => {
      if (this.#isConnected || this.#connections.length > 0 || !this.canConnect) return;
      this.#connections = this.#connect();
      this.#isConnected = true;
      this.#runner.reset();
      // The client library sends its pending commands again before it notifies its listeners.
      for (const pending of this.#pending) {
        this.watcher.onBrokenMessage("resent");
        this.#transmit(pending, true);
      }
      for (const listener of this.#listeners) listener.onConnected();
    });
  }
}
