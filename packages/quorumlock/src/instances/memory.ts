import { type Clock, systemClock } from "../base/clock.ts";
import { perform as performRequest } from "../operations/index.ts";
import type { Reply, Request } from "../operations/request.ts";
import { MemoryStore } from "./memory-store.ts";
import type { ConnectionListener, Instance, Subscription, SubscriptionListener } from "./port.ts";

export interface MemoryInstanceOptions {
  /** Names the instance in errors and events. @default "memory" */
  readonly label?: string;
  /** @default the system's */
  readonly clock?: Clock;
}

/**
 * A lock server inside this process: for unit tests, for programs of one process, and for simulation. Several
 * clients that share the object exclude each other. Like a real server it can be paused, killed and started
 * again.
 */
export class MemoryInstance implements Instance {
  readonly label: string;
  readonly isCluster = false;
  readonly #clock: Clock;
  #store: MemoryStore;
  #running = true;
  /** What arrived while paused; `undefined` when not paused. */
  #backlog: (() => void)[] | undefined;
  readonly #observers = new Set<ConnectionListener>();
  readonly #subscriptions = new Set<MemorySubscription>();

  constructor(options: MemoryInstanceOptions = {}) {
    this.label = options.label ?? "memory";
    this.#clock = options.clock ?? systemClock;
    this.#store = new MemoryStore(this.#clock);
  }

  get isAvailable(): boolean {
    return this.#running;
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const store = this.#store;
    return new Promise((resolve, reject) => {
      const perform = (): void => {
        if (!this.#running || store !== this.#store) reject(new Error("the connection was closed"));
        else resolve(requests.map((request) => performRequest(store, request)));
      };
      if (this.#backlog === undefined) perform();
      else this.#backlog.push(perform);
    });
  }

  /** It has none. */
  setting(_name: string): Promise<string | undefined> {
    return Promise.resolve(undefined);
  }

  observe(listener: ConnectionListener): () => void {
    this.#observers.add(listener);
    return () => void this.#observers.delete(listener);
  }

  listen(listener: SubscriptionListener): Subscription {
    const subscription = new MemorySubscription(listener, (channel, told) => {
      if (!this.#running) throw new Error("the connection was refused");
      return this.#store.subscribe(channel, told);
    });
    subscription.onClose = () => void this.#subscriptions.delete(subscription);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** Stops answering, like a process that was stopped by a signal: requests wait. */
  pause(): void {
    this.#backlog ??= [];
  }

  resume(): void {
    const backlog = this.#backlog;
    this.#backlog = undefined;
    backlog?.forEach((go) => go());
  }

  /** Breaks every connection and forgets everything. */
  kill(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#store = new MemoryStore(this.#clock);
    this.resume();
    const error = new Error("the connection was closed");
    for (const observer of this.#observers) observer.disconnected(error);
    for (const subscription of this.#subscriptions) subscription.lose(error);
  }

  /** Starts it again, empty. */
  restart(): void {
    this.kill();
    this.#running = true;
    this.#store.restarted();
    for (const observer of this.#observers) observer.connected();
    for (const subscription of this.#subscriptions) subscription.restore();
  }

  /** The keys that stand, of locks and of fencing counters. */
  keys(): readonly string[] {
    return this.#store.keys();
  }

  /** Reads a key, as an operator would. */
  get(key: string): string | undefined {
    return this.#store.get(key);
  }

  /** Milliseconds until a key expires; −1 where it has no expiry, −2 where it is missing. */
  remaining(key: string): number {
    return this.#store.remaining(key);
  }

  /** Writes a key past all rules, as an operator or a foreign client would. */
  set(key: string, value: string, ttlMs = Infinity): void {
    this.#store.set(key, value, ttlMs);
  }

  /** Deletes a key past all rules. */
  delete(key: string): boolean {
    return this.#store.delete(key);
  }

  async close(): Promise<void> {}
}

type Subscribe = (channel: string, told: (message: string) => void) => () => void;

class MemorySubscription implements Subscription {
  readonly #listener: SubscriptionListener;
  readonly #subscribe: Subscribe;
  readonly #channels = new Map<string, () => void>();
  onClose: (() => void) | undefined;

  constructor(listener: SubscriptionListener, subscribe: Subscribe) {
    this.#listener = listener;
    this.#subscribe = subscribe;
  }

  async subscribe(channel: string): Promise<void> {
    this.#channels.get(channel)?.();
    this.#channels.set(channel, () => undefined);
    this.#channels.set(
      channel,
      this.#subscribe(channel, (message) => this.#listener.message(channel, message)),
    );
  }

  unsubscribe(channel: string): void {
    this.#channels.get(channel)?.();
    this.#channels.delete(channel);
  }

  close(): void {
    for (const leave of this.#channels.values()) leave();
    this.#channels.clear();
    this.onClose?.();
  }

  lose(error: Error): void {
    this.#listener.lost(error);
  }

  restore(): void {
    for (const channel of this.#channels.keys()) void this.subscribe(channel);
    this.#listener.restored();
  }
}
