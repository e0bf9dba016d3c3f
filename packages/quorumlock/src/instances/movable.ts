import { toSafeError } from "../base/safe-error.ts";
import type { Reply, Request } from "../operations/request.ts";
import { NO_SUBSCRIPTION } from "./no-subscription.ts";
import type { ConnectionListener, Instance, Subscription, SubscriptionListener } from "./port.ts";
import type { InstanceSource } from "./sources.ts";

/** Where an instance is. `source` is what `open` opens. */
export interface Place {
  readonly source: InstanceSource;
  open(): Instance;
}

interface Observer {
  readonly listener: ConnectionListener;
  /** Ends the observation of the present instance. */
  stop: () => void;
}

/**
 * An instance that can be moved to another address while its member stays the same. For the member, a move is a broken connection and
 * a new one: requests in flight get no reply, and the server behind the new connection is identified before it votes.
 *
 * - `home`: at the place of the configuration.
 * - `away`: at a place to which `move` has moved it.
 * - `closed`: it moves no more.
 */
export class MovableInstance implements Instance {
  readonly label: string;
  readonly isCluster: boolean;
  /** Called when it leaves a place, with the reason. */
  onLeft: ((left: string, problem: string) => void) | undefined;
  readonly #home: Place;
  #place: Place;
  #present: Instance;
  readonly #observers = new Set<Observer>();
  readonly #subscriptions = new Set<MovableSubscription>();
  /**
   * Clients of the user that were left. They stay open, and keep a listener until this instance closes: without one, ioredis writes each
   * error to the console, and node-redis throws it. A resolver can make a client for each call, so those that the user has dropped are
   * not kept in memory.
   */
  readonly #leftClients = new Set<WeakRef<object>>();
  /** Ends the listener on each of them. */
  readonly #stopListening = new WeakMap<object, () => void>();
  #isClosed = false;

  constructor(home: Place) {
    this.#home = home;
    this.#place = home;
    this.#present = home.open();
    this.label = this.#present.label;
    this.isCluster = this.#present.isCluster;
  }

  /** Where it is now. */
  get source(): InstanceSource {
    return this.#place.source;
  }

  /** Its place as text, usually `host:port`. */
  get address(): string {
    return this.#present.label;
  }

  get isAvailable(): boolean {
    return this.#present.isAvailable;
  }

  get hasSubscriptions(): boolean {
    return this.#present.hasSubscriptions !== false;
  }

  get advice(): string | undefined {
    return this.#present.advice;
  }

  connect(): boolean {
    return this.#present.connect?.() ?? false;
  }

  /**
   * Moves to a place, or back to that of the configuration. Returns whether it was elsewhere.
   * @throws TypeError if only one of the places is a cluster, because clusters need other requests.
   */
  move(place: Place = this.#home): boolean {
    if (this.#isClosed || place.source === this.#place.source) return false;
    const next = place.open();
    if (next.isCluster !== this.isCluster) {
      closeIfOwn(place, next);
      const kind = this.isCluster ? "a cluster" : "a single server";
      throw new TypeError(`the instance ${this.label} is ${kind}, and ${next.label} is not`);
    }
    const before = { place: this.#place, instance: this.#present };
    if (typeof before.place.source !== "string") this.#keepListening(before.place.source, before.instance);
    for (const observer of this.#observers) observer.stop();
    this.#place = place;
    this.#present = next;
    const error = new Error(`the instance was moved from ${before.instance.label} to ${next.label}`);
    for (const observer of this.#observers) {
      observer.listener.onDisconnected(error);
      observer.stop = next.observe(observer.listener);
      // A client that is connected already does not report it.
      if (next.isAvailable) observer.listener.onConnected();
    }
    for (const subscription of this.#subscriptions) subscription.move(next, error);
    closeIfOwn(before.place, before.instance);
    return true;
  }

  leaveServer(problem: string): boolean {
    const left = this.address;
    if (this.#place === this.#home || !this.move()) return false;
    this.onLeft?.(left, problem);
    return true;
  }

  async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const instance = this.#present;
    const replies = await instance.run(requests);
    if (instance !== this.#present) throw new Error("the instance was moved to another address meanwhile");
    return replies;
  }

  async readSetting(name: string): Promise<string | undefined> {
    const instance = this.#present;
    const setting = await instance.readSetting(name);
    return instance === this.#present ? setting : undefined;
  }

  observe(listener: ConnectionListener): () => void {
    const observer: Observer = { listener, stop: this.#present.observe(listener) };
    this.#observers.add(observer);
    return () => {
      if (this.#observers.delete(observer)) observer.stop();
    };
  }

  openSubscription(listener: SubscriptionListener): Subscription {
    const subscription = new MovableSubscription(this.#present, listener, () =>
      this.#subscriptions.delete(subscription),
    );
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const left of this.#leftClients) {
      const client = left.deref();
      if (client !== undefined) this.#stopListening.get(client)?.();
    }
    await this.#present.close();
  }

  #keepListening(client: object, instance: Instance): void {
    for (const left of this.#leftClients) if (left.deref() === undefined) this.#leftClients.delete(left);
    if (this.#stopListening.has(client)) return;
    this.#leftClients.add(new WeakRef(client));
    this.#stopListening.set(client, instance.observe(NO_LISTENER));
  }
}

const NO_LISTENER: ConnectionListener = { onConnected: () => undefined, onDisconnected: () => undefined };

/**
 * Closes an instance that was made for a URL or for a client of the user, and with it what it does by itself. An `Instance` of the
 * user stays open, because it can be needed again.
 */
function closeIfOwn({ source }: Place, instance: Instance): void {
  if (instance !== source) void instance.close();
}

/** A subscription that follows its instance. After a move it subscribes its channels again, as after a broken connection. */
class MovableSubscription implements Subscription {
  readonly #listener: SubscriptionListener;
  readonly #onClose: () => void;
  readonly #channels = new Set<string>();
  #present: Subscription;
  /** Counts the moves. What comes from the subscription of an earlier place is ignored. */
  #moves = 0;

  constructor(instance: Instance, listener: SubscriptionListener, onClose: () => void) {
    this.#listener = listener;
    this.#onClose = onClose;
    this.#present = this.#openOn(instance);
  }

  async subscribe(channel: string): Promise<void> {
    this.#channels.add(channel);
    const moves = this.#moves;
    try {
      await this.#present.subscribe(channel);
    } catch (error) {
      // After a move, the channel is subscribed by `move`.
      if (moves === this.#moves) this.#channels.delete(channel);
      throw error;
    }
  }

  unsubscribe(channel: string): void {
    this.#channels.delete(channel);
    this.#present.unsubscribe(channel);
  }

  close(): void {
    this.#moves += 1;
    this.#channels.clear();
    this.#present.close();
    this.#onClose();
  }

  move(instance: Instance, error: Error): void {
    this.#moves += 1;
    this.#present.close();
    this.#listener.onLost(error);
    this.#present = this.#openOn(instance);
    void this.#restore();
  }

  async #restore(): Promise<void> {
    const moves = this.#moves;
    const channels = [...this.#channels];
    const results = await Promise.allSettled(channels.map((channel) => this.#present.subscribe(channel)));
    if (moves !== this.#moves) return;
    const refused = channels.filter((_, index) => results[index]?.status === "rejected");
    for (const channel of refused) this.#channels.delete(channel);
    const refusal = results.find((result) => result.status === "rejected");
    if (refusal !== undefined) this.#listener.onLost(toSafeError(refusal.reason), refused);
    this.#listener.onRestored();
  }

  #openOn(instance: Instance): Subscription {
    if (instance.hasSubscriptions === false) return NO_SUBSCRIPTION;
    const moves = this.#moves;
    const isPresent = (): boolean => moves === this.#moves;
    return instance.openSubscription({
      onMessage: (channel, message) => {
        if (isPresent()) this.#listener.onMessage(channel, message);
      },
      onRestored: () => {
        if (isPresent()) this.#listener.onRestored();
      },
      onLost: (error, channels) => {
        if (isPresent()) this.#listener.onLost(error, channels);
      },
    });
  }
}
