import type { Subscription, SubscriptionListener } from "../../../packages/quorumlock/src/instances/port.ts";
import { Connection } from "./connection.ts";
import type { Wire } from "./wire.ts";

/** The second connection of a client to a server, for wake messages. */
export class SimSubscription implements Subscription {
  readonly #wire: Wire;
  readonly #listener: SubscriptionListener;
  readonly #onClose: () => void;
  /** What is wanted, and who waits for the server to confirm it. */
  readonly #channels = new Map<string, (() => void) | undefined>();
  /** What the server keeps for this connection. */
  #there = new Map<string, () => void>();
  #connection: Connection | undefined;
  #reconnecting = false;
  #closed = false;

  constructor(wire: Wire, listener: SubscriptionListener, onClose: () => void) {
    this.#wire = wire;
    this.#listener = listener;
    this.#onClose = onClose;
    if (this.#passable) this.#connection = this.#dial();
    else this.#reconnectSoon();
  }

  subscribe(channel: string): Promise<void> {
    return new Promise((resolve) => {
      this.#channels.set(channel, resolve);
      this.#join([channel], () => this.#confirm(channel));
    });
  }

  unsubscribe(channel: string): void {
    this.#channels.delete(channel);
    this.#connection?.ask(
      () => this.#there.get(channel)?.(),
      () => undefined,
    );
  }

  close(): void {
    this.#closed = true;
    this.#leave();
    this.#onClose();
  }

  cut(): void {
    this.#connection?.break(new Error("the subscription was reset"));
  }

  lookAgain(): void {
    this.#connection?.letGo();
    if (this.#connection === undefined) this.#reconnectSoon();
  }

  get #passable(): boolean {
    return this.#wire.passable && !this.#wire.weather.wakeCut;
  }

  #dial(): Connection {
    const there = new Map<string, () => void>();
    this.#there = there;
    return new Connection(this.#wire, this.#wire.weather, (error) => {
      for (const leave of there.values()) leave();
      this.#connection = undefined;
      this.#wire.host.at(this.#wire.time.now + this.#wire.random.between(0, 2), () => {
        if (this.#closed) return;
        this.#listener.lost(error);
        this.#reconnectSoon();
      });
    });
  }

  #confirm(channel: string): void {
    this.#channels.get(channel)?.();
    if (this.#channels.has(channel)) this.#channels.set(channel, undefined);
  }

  #join(channels: readonly string[], confirmed: () => void): void {
    const [connection, there] = [this.#connection, this.#there];
    if (connection === undefined) return;
    connection.ask(() => {
      for (const channel of channels) {
        there.get(channel)?.();
        const leave = this.#wire.server.subscribe(channel, (message) =>
          connection.tell(() => {
            if (!this.#closed) this.#listener.message(channel, message);
          }),
        );
        there.set(channel, leave);
      }
    }, confirmed);
  }

  #leave(): void {
    for (const leave of this.#there.values()) leave();
    this.#connection?.break(new Error("closed"));
  }

  #reconnectSoon(): void {
    if (this.#reconnecting || this.#closed) return;
    this.#reconnecting = true;
    this.#wire.host.at(this.#wire.time.now + this.#wire.random.between(1, 60), () => {
      this.#reconnecting = false;
      if (this.#closed || this.#connection !== undefined || !this.#passable) return;
      this.#connection = this.#dial();
      // It subscribes again what it had, and says so when the server has confirmed it.
      const channels = [...this.#channels.keys()];
      this.#join(channels, () => {
        if (this.#closed) return;
        for (const channel of channels) this.#confirm(channel);
        this.#listener.restored();
      });
    });
  }
}
