import { MemoryInstance } from "../../src/index.ts";
import type { ConnectionListener, Subscription, SubscriptionListener } from "../../src/instances/port.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
import { turns } from "./timing.ts";

/** The connection of one client to a shared in-memory server. Messages take some turns of the event loop in each direction. */
export class DelayedInstance extends MemoryInstance {
  #target: MemoryInstance;
  readonly #observers: ConnectionListener[] = [];
  readonly #turns: number;

  constructor(target: MemoryInstance, latencyTurns = 0) {
    super({ label: target.label });
    this.#target = target;
    this.#turns = latencyTurns;
  }

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    await turns(this.#turns);
    const replies = await this.#target.run(requests);
    await turns(this.#turns);
    return replies;
  }

  /** Connects to another server from now on, as if the address was moved to another machine. */
  redirect(target: MemoryInstance): void {
    this.#target = target;
    for (const observer of this.#observers) observer.onDisconnected(new Error("the connection was closed"));
    for (const observer of this.#observers) observer.onConnected();
  }

  override observe(listener: ConnectionListener): () => void {
    this.#observers.push(listener);
    return this.#target.observe(listener);
  }

  override openSubscription(listener: SubscriptionListener): Subscription {
    return this.#target.openSubscription(listener);
  }
}
