import { MemoryInstance } from "../../src/index.ts";
import type { ConnectionListener, Subscription, SubscriptionListener } from "../../src/instances/port.ts";
import type { Reply, Request } from "../../src/operations/request.ts";

/** An in-memory instance that records its requests. A test can drop its wake messages, or break its connections. */
export class WatchedInstance extends MemoryInstance {
  /** The operation of every request, in order. */
  readonly operations: string[] = [];
  /** Number of calls of `run`. */
  runCalls = 0;
  /** Whether the instance drops wake messages. */
  dropsWakeMessages = false;
  /** Called before each operation runs. */
  onOperation: ((operation: string) => void) | undefined;
  /** Called for each wake message, before its listener. */
  onWake: (() => void) | undefined;
  /** Subscriptions wait until this promise has resolved. */
  subscriptionGate: Promise<void> | undefined;
  /** Whether the instance rejects subscriptions. */
  refusesSubscriptions = false;
  readonly #listeners: SubscriptionListener[] = [];
  readonly #observers: ConnectionListener[] = [];
  #isCut = false;

  override observe(listener: ConnectionListener): () => void {
    this.#observers.push(listener);
    return super.observe(listener);
  }

  /** Breaks the connection until `mend()`. Requests in flight and later requests are lost. */
  disconnect(): void {
    this.#isCut = true;
    for (const observer of this.#observers) observer.onDisconnected(new Error("the connection was cut"));
  }

  /** Connects again. */
  reconnect(): void {
    this.#isCut = false;
    for (const observer of this.#observers) observer.onConnected();
  }

  /** Whether the instance loses requests and never answers them. */
  losesRequests = false;

  override get isAvailable(): boolean {
    return !this.#isCut && super.isAvailable;
  }

  override run(requests: readonly Request[]): Promise<readonly Reply[]> {
    if (this.#isCut) return Promise.reject(new Error("not connected"));
    if (this.losesRequests) return new Promise(() => undefined);
    this.runCalls += 1;
    for (const { operation } of requests) {
      this.operations.push(operation.name);
      this.onOperation?.(operation.name);
    }
    return super.run(requests);
  }

  override openSubscription(listener: SubscriptionListener): Subscription {
    this.#listeners.push(listener);
    const subscription = super.openSubscription({
      ...listener,
      onRestored: () => listener.onRestored(),
      onLost: (error) => listener.onLost(error),
      onMessage: (channel, message) => {
        this.onWake?.();
        if (!this.dropsWakeMessages) listener.onMessage(channel, message);
      },
    });
    const subscribe = subscription.subscribe.bind(subscription);
    subscription.subscribe = async (channel) => {
      if (this.refusesSubscriptions) throw new Error("NOPERM");
      await this.subscriptionGate;
      await subscribe(channel);
    };
    return subscription;
  }

  /** Breaks the subscriptions but not the connection for requests. */
  breakSubscriptions(): void {
    for (const listener of this.#listeners) listener.onLost(new Error("the subscription broke"));
  }

  restoreSubscriptions(): void {
    for (const listener of this.#listeners) listener.onRestored();
  }

  /** How often an operation was requested. */
  countOperations(operation: string): number {
    return this.operations.filter((asked) => asked === operation).length;
  }
}
