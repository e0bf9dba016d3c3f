import { MemoryInstance } from "../../src/index.ts";
import type {
  ConnectionListener,
  Instance,
  Subscription,
  SubscriptionListener,
} from "../../src/instances/port.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { withResolvers } from "./timing.ts";

/** The connection to an in-memory server that carries requests out at once. A test decides when the replies come. */
export class GatedInstance implements Instance {
  readonly label: string;
  readonly isCluster: boolean;
  /** The server. Another one from `reconnect` on. */
  server = new MemoryInstance();
  isAvailable = true;
  #gate = Promise.resolve();
  #listeners = new Set<ConnectionListener>();

  constructor(label: string, isCluster = false) {
    this.label = label;
    this.isCluster = isCluster;
  }

  /** Keeps all replies from now on back until the returned function is called. */
  holdReplies(): () => void {
    const { promise, resolve } = withResolvers<void>();
    this.#gate = promise;
    return () => resolve(undefined);
  }

  /** Leads to another server from now on. */
  reconnect(server: MemoryInstance): void {
    for (const listener of this.#listeners) listener.onDisconnected(new Error("the connection broke"));
    this.server = server;
    for (const listener of this.#listeners) listener.onConnected();
  }

  async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const gate = this.#gate;
    const replies = await this.server.run(requests);
    await gate;
    return replies;
  }

  readSetting(name: string): Promise<string | undefined> {
    return this.server.readSetting(name);
  }

  observe(listener: ConnectionListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  openSubscription(listener: SubscriptionListener): Subscription {
    return this.server.openSubscription(listener);
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
