import type { Clock } from "../base/clock.ts";
import { checkClock, checkOptions } from "../base/options.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { perform } from "../operations/perform.ts";
import type { Reply, Request } from "../operations/request.ts";
import { MemoryStore } from "./memory-store.ts";
import type { ConnectionListener, Instance, Subscription, SubscriptionListener } from "./port.ts";

/** Options of an instance in memory. */
export interface MemoryInstanceOptions {
  /** The name of the instance in errors and events. @default "memory" */
  readonly label?: string;
  /** The source of time. Keys expire by it, so a test can let them expire. @default the clock of the system */
  readonly clock?: Clock;
}

/**
 * A lock server inside this process, for unit tests, for programs with one process, and for simulation. Clients that share
 * the object exclude each other. A test can pause, kill and restart it like a real server.
 */
export class MemoryInstance implements Instance {
  readonly label: string;
  readonly isCluster = false;
  readonly #clock: Clock;
  #store: MemoryStore;
  #isRunning = true;
  /** Requests that arrived while the instance is paused. `undefined` if it is not paused. */
  #backlog: (() => void)[] | undefined;
  readonly #observers = new Set<ConnectionListener>();
  readonly #subscriptions = new Set<MemorySubscription>();

  /** @throws TypeError for an option that does not exist. */
  constructor(options: MemoryInstanceOptions = {}) {
    checkOptions(options);
    refuseUnknownOptions(options, { label: true, clock: true });
    this.label = options.label ?? "memory";
    this.#clock = checkClock(options.clock);
    this.#store = new MemoryStore(this.#clock);
  }

  get isAvailable(): boolean {
    return this.#isRunning;
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const store = this.#store;
    return new Promise((resolve, reject) => {
      const reply = (): void => {
        if (!this.#isRunning || store !== this.#store) reject(new Error("the connection was closed"));
        else resolve(requests.map((request) => perform(store, request)));
      };
      if (this.#backlog === undefined) reply();
      else this.#backlog.push(reply);
    });
  }

  // Resolves to `undefined`, because the instance has no settings.
  readSetting(_name: string): Promise<string | undefined> {
    return Promise.resolve(undefined);
  }

  observe(listener: ConnectionListener): () => void {
    this.#observers.add(listener);
    return () => void this.#observers.delete(listener);
  }

  openSubscription(listener: SubscriptionListener): Subscription {
    const subscription = new MemorySubscription(listener, (channel, onMessage) => {
      if (!this.#isRunning) throw new Error("the connection was refused");
      return this.#store.subscribe(channel, onMessage);
    });
    subscription.onClose = () => void this.#subscriptions.delete(subscription);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** Stops answering, like a process after SIGSTOP. Requests wait until `resume()`. */
  pause(): void {
    this.#backlog ??= [];
  }

  /** Runs the requests that arrived during the pause, and answers again. */
  resume(): void {
    const backlog = this.#backlog;
    this.#backlog = undefined;
    backlog?.forEach((reply) => reply());
  }

  /** Breaks every connection and deletes all keys. Does nothing if the instance does not run. */
  kill(): void {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#store = new MemoryStore(this.#clock);
    this.resume();
    const error = new Error("the connection was closed");
    for (const observer of this.#observers) observer.onDisconnected(error);
    for (const subscription of this.#subscriptions) subscription.lose(error);
  }

  /** Kills the instance if it runs, and starts it again without keys. */
  restart(): void {
    this.kill();
    this.#isRunning = true;
    this.#store.restartUptime();
    for (const observer of this.#observers) observer.onConnected();
    for (const subscription of this.#subscriptions) subscription.restore();
  }

  /** All keys that have not expired. */
  keys(): readonly string[] {
    return this.#store.keys();
  }

  /** Reads the value of a key; `undefined` if it is missing. */
  get(key: string): string | undefined {
    return this.#store.get(key);
  }

  /** Milliseconds until a key expires. −1 if it has no expiry, −2 if it is missing. */
  remaining(key: string): number {
    return this.#store.remaining(key);
  }

  /** Writes a key without any check, like an operator or another library. */
  set(key: string, value: string, ttlMs = Infinity): void {
    this.#store.set(key, value, ttlMs);
  }

  /** Deletes a key without any check. Returns whether it existed. */
  delete(key: string): boolean {
    return this.#store.delete(key);
  }

  async close(): Promise<void> {}
}

type Subscribe = (channel: string, onMessage: (message: string) => void) => () => void;

class MemorySubscription implements Subscription {
  readonly #listener: SubscriptionListener;
  readonly #subscribe: Subscribe;
  /** The function that ends each subscription, by channel. */
  readonly #channels = new Map<string, () => void>();
  onClose: (() => void) | undefined;

  constructor(listener: SubscriptionListener, subscribe: Subscribe) {
    this.#listener = listener;
    this.#subscribe = subscribe;
  }

  async subscribe(channel: string): Promise<void> {
    this.#channels.get(channel)?.();
    // The channel is recorded first, so that `restore` subscribes it again if the instance does not run now.
    this.#channels.set(channel, () => undefined);
    this.#channels.set(
      channel,
      this.#subscribe(channel, (message) => this.#listener.onMessage(channel, message)),
    );
  }

  unsubscribe(channel: string): void {
    this.#channels.get(channel)?.();
    this.#channels.delete(channel);
  }

  close(): void {
    for (const unsubscribe of this.#channels.values()) unsubscribe();
    this.#channels.clear();
    this.onClose?.();
  }

  lose(error: Error): void {
    this.#listener.onLost(error);
  }

  restore(): void {
    for (const channel of this.#channels.keys()) void this.subscribe(channel);
    this.#listener.onRestored();
  }
}
