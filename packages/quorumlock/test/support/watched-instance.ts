import { MemoryInstance } from "../../src/index.ts";
import type { ConnectionListener, Subscription, SubscriptionListener } from "../../src/instances/port.ts";
import type { Reply, Request } from "../../src/operations/request.ts";

/** An in-memory instance that counts what it is asked, and whose wake messages can be held back or broken. */
export class WatchedInstance extends MemoryInstance {
  readonly asked: string[] = [];
  calls = 0;
  /** Drops wake messages while set. */
  deaf = false;
  /** Called before each operation is carried out. */
  before: ((operation: string) => void) | undefined;
  /** Called for each wake message before it is told. */
  onWake: (() => void) | undefined;
  /** Confirms subscriptions, and carries them out, only when this has resolved. */
  subscribing: Promise<void> | undefined;
  /** Refuses subscriptions while set. */
  refusesSubscriptions = false;
  readonly #listeners: SubscriptionListener[] = [];
  readonly #observers: ConnectionListener[] = [];
  #isCut = false;

  override observe(listener: ConnectionListener): () => void {
    this.#observers.push(listener);
    return super.observe(listener);
  }

  /** Breaks the connection; what is sent until it is mended is lost, and so is what was in flight. */
  cut(): void {
    this.#isCut = true;
    for (const observer of this.#observers) observer.disconnected(new Error("the connection was cut"));
  }

  mend(): void {
    this.#isCut = false;
    for (const observer of this.#observers) observer.connected();
  }

  /** Loses what is sent from now on without an answer, until the connection is cut. */
  lose = false;

  override get isAvailable(): boolean {
    return !this.#isCut && super.isAvailable;
  }

  override run(requests: readonly Request[]): Promise<readonly Reply[]> {
    if (this.#isCut) return Promise.reject(new Error("not connected"));
    if (this.lose) return new Promise(() => undefined);
    this.calls += 1;
    for (const { operation } of requests) {
      this.asked.push(operation);
      this.before?.(operation);
    }
    return super.run(requests);
  }

  override listen(listener: SubscriptionListener): Subscription {
    this.#listeners.push(listener);
    const subscription = super.listen({
      ...listener,
      restored: () => listener.restored(),
      lost: (error) => listener.lost(error),
      message: (channel, message) => {
        this.onWake?.();
        if (!this.deaf) listener.message(channel, message);
      },
    });
    const subscribe = subscription.subscribe.bind(subscription);
    subscription.subscribe = async (channel) => {
      if (this.refusesSubscriptions) throw new Error("NOPERM");
      await this.subscribing;
      await subscribe(channel);
    };
    return subscription;
  }

  /** Breaks the subscriptions alone. */
  breakSubscriptions(): void {
    for (const listener of this.#listeners) listener.lost(new Error("the subscription broke"));
  }

  restoreSubscriptions(): void {
    for (const listener of this.#listeners) listener.restored();
  }

  count(operation: string): number {
    return this.asked.filter((asked) => asked === operation).length;
  }
}
