import type { ConnectionListener, Instance } from "../../../packages/quorumlock/src/instances/port.ts";
import { ScriptRunner } from "../../../packages/quorumlock/src/instances/script-runner.ts";
import type { Reply, Request } from "../../../packages/quorumlock/src/operations/request.ts";
import { Connection, type Weather } from "./connection.ts";
import type { Host } from "./host.ts";
import type { Random } from "./random.ts";
import type { Call, Server } from "./server.ts";
import { SimSubscription } from "./subscription.ts";
import type { Time } from "./time.ts";

/** Is told what goes over a wire. */
export interface WireWatcher {
  /** Requests leave the client; `again` when the client library sends them a second time by itself. */
  sent(wire: Wire, call: Call, again: boolean): void;
  /** The answer to a call reaches the client. */
  heard(wire: Wire, call: Call, replies: readonly unknown[]): void;
  count(what: "lost" | "late" | "resent"): void;
}

interface Pending {
  readonly call: Call;
  resolve(replies: unknown): void;
  reject(error: Error): void;
}

export interface WireTraits {
  /** Whether its client library sends unanswered commands again after a reconnection, and queues them until then, as ioredis does. */
  readonly resends: boolean;
}

/** One client's way to one server, as the library sees it: connections that break and come again. */
export class Wire implements Instance {
  readonly label: string;
  readonly isCluster = false;
  readonly host: Host;
  readonly server: Server;
  readonly weather: Weather = { slowness: 1, heldTo: false, heldFrom: false, cut: false, wakeCut: false };
  readonly time: Time;
  readonly random: Random;
  readonly watcher: WireWatcher;
  readonly #traits: WireTraits;
  readonly #runner: ScriptRunner;
  readonly #observers = new Set<ConnectionListener>();
  readonly #subscriptions = new Set<SimSubscription>();
  #connection: Connection | undefined;
  /** As the client knows it: it learns of a break a little later. */
  #connected = true;
  #pending: Pending[] = [];

  constructor(
    host: Host,
    server: Server,
    time: Time,
    random: Random,
    traits: WireTraits,
    watcher: WireWatcher,
  ) {
    this.label = server.label;
    this.host = host;
    this.server = server;
    this.time = time;
    this.random = random;
    this.watcher = watcher;
    this.#traits = traits;
    this.#connection = this.#dial();
    this.#runner = new ScriptRunner(
      (command, script, { args }) => this.#send({ command, script, args }),
      false,
    );
  }

  get isAvailable(): boolean {
    return this.#connected;
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    this.host.instruction();
    return this.#runner.run(requests);
  }

  observe(listener: ConnectionListener): () => void {
    this.#observers.add(listener);
    return () => void this.#observers.delete(listener);
  }

  listen(listener: ConstructorParameters<typeof SimSubscription>[1]): SimSubscription {
    const subscription = new SimSubscription(this, listener, () => this.#subscriptions.delete(subscription));
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** Asks the server, and never hears of it where the connection breaks. */
  setting(name: string): Promise<string | undefined> {
    const connection = this.#connection;
    if (!this.#connected || connection === undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      connection.ask(
        () => this.server.setting(name),
        (value) => resolve(value as string | undefined),
      );
    });
  }

  async close(): Promise<void> {}

  /** Whether the way is free. */
  get passable(): boolean {
    return !this.weather.cut && this.server.running && !this.host.dead;
  }

  /** Breaks the connection, and keeps it broken while the weather says so. */
  cut(): void {
    this.#connection?.break(new Error("the connection was reset"));
  }

  cutWakes(): void {
    for (const subscription of this.#subscriptions) subscription.cut();
  }

  /** Something changed: what is held may go on, what is broken may be had again. */
  lookAgain(): void {
    this.#connection?.letGo();
    this.#reconnectSoon();
    for (const subscription of this.#subscriptions) subscription.lookAgain();
  }

  /** Subscriptions that were not closed. */
  get open(): number {
    return this.#subscriptions.size;
  }

  #dial(): Connection {
    return new Connection(this, this.weather, (error) => this.#broke(error));
  }

  #send(call: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const pending: Pending = { call, resolve, reject };
      if (!this.#connected && !this.#traits.resends) {
        reject(new Error("not connected"));
        return;
      }
      this.#pending.push(pending);
      this.#transmit(pending, false);
    });
  }

  #transmit(pending: Pending, again: boolean): void {
    if (this.#connection === undefined) return;
    this.watcher.sent(this, pending.call, again);
    this.#connection.ask(
      () => {
        try {
          return this.server.carryOut(pending.call);
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
        this.watcher.heard(this, pending.call, list);
        // One request is answered by its reply alone.
        pending.resolve(list.length === 1 ? list[0] : list);
      },
    );
  }

  #broke(error: Error): void {
    this.#connection = undefined;
    this.host.at(this.time.now + this.random.between(0, 2), () => {
      this.#connected = false;
      const pending = this.#traits.resends ? [] : this.#pending.splice(0);
      const told = (): void => this.#observers.forEach((observer) => observer.disconnected(error));
      const rejected = (): void => pending.forEach((one) => one.reject(error));
      const order = this.random.chance(0.5) ? [told, rejected] : [rejected, told];
      for (const tell of order) tell();
      this.#reconnectSoon();
    });
  }

  #reconnectSoon(): void {
    if (this.#connected || this.#connection !== undefined) return;
    this.host.at(this.time.now + this.random.between(1, 60), () => {
      if (this.#connected || this.#connection !== undefined || !this.passable) return;
      this.#connection = this.#dial();
      this.#connected = true;
      this.#runner.reset();
      // The client library sends again what it has, before anybody is told.
      for (const pending of this.#pending) {
        this.watcher.count("resent");
        this.#transmit(pending, true);
      }
      for (const observer of this.#observers) observer.connected();
    });
  }
}
