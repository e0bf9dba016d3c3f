import type { Subscription, SubscriptionListener } from "../library.ts";
import { Connection } from "./connection.ts";
import type { Link } from "./link.ts";

/** The second connection of a client to a server, which receives release messages. */
export class SimSubscription implements Subscription {
  readonly #link: Link;
  readonly #listener: SubscriptionListener;
  readonly #onClose: () => void;
  /** The channels to subscribe to. The function is called when the server has confirmed the channel. */
  readonly #channels = new Map<string, (() => void) | undefined>();
  /** The channels that the server has subscribed for this connection, with the function that ends each. */
  #atServer = new Map<string, () => void>();
  #connection: Connection | undefined;
  #isReconnecting = false;
  #isClosed = false;

  constructor(link: Link, listener: SubscriptionListener, onClose: () => void) {
    this.#link = link;
    this.#listener = listener;
    this.#onClose = onClose;
    if (this.#canConnect) this.#connection = this.#connect();
    else this.#reconnectSoon();
  }

  subscribe(channel: string): Promise<void> {
    return new Promise((resolve) => {
      this.#channels.set(channel, resolve);
      this.#subscribeAtServer([channel], () => this.#confirm(channel));
    });
  }

  unsubscribe(channel: string): void {
    this.#channels.delete(channel);
    this.#connection?.request(
      () => this.#atServer.get(channel)?.(),
      () => undefined,
    );
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#atServer.values()) end();
    this.#connection?.break(new Error("closed"));
    this.#onClose();
  }

  breakConnection(): void {
    this.#connection?.break(new Error("the subscription was reset"));
  }

  onNetworkChange(): void {
    this.#connection?.deliverHeld();
    if (this.#connection === undefined) this.#reconnectSoon();
  }

  get #canConnect(): boolean {
    return this.#link.canConnect && !this.#link.network.isWakeCut;
  }

  #connect(): Connection {
    const atServer = new Map<string, () => void>();
    this.#atServer = atServer;
    return new Connection(this.#link, this.#link.network, (error) => {
      for (const end of atServer.values()) end();
      this.#connection = undefined;
      this.#link.host.schedule(this.#link.time.now + this.#link.random.between(0, 2), () => {
        if (this.#isClosed) return;
        this.#listener.onLost(error);
        this.#reconnectSoon();
      });
    });
  }

  #confirm(channel: string): void {
    this.#channels.get(channel)?.();
    if (this.#channels.has(channel)) this.#channels.set(channel, undefined);
  }

  #subscribeAtServer(channels: readonly string[], onConfirmed: () => void): void {
    const [connection, atServer] = [this.#connection, this.#atServer];
    if (connection === undefined) return;
    connection.request(() => {
      for (const channel of channels) {
        atServer.get(channel)?.();
        const end = this.#link.server.subscribe(channel, (message) =>
          connection.push(() => {
            if (!this.#isClosed) this.#listener.onMessage(channel, message);
          }),
        );
        atServer.set(channel, end);
      }
    }, onConfirmed);
  }

  #reconnectSoon(): void {
    if (this.#isReconnecting || this.#isClosed) return;
    this.#isReconnecting = true;
    this.#link.host.schedule(this.#link.time.now + this.#link.random.between(1, 60), () => {
      this.#isReconnecting = false;
      if (this.#isClosed || this.#connection !== undefined || !this.#canConnect) return;
      this.#connection = this.#connect();
      // All channels are subscribed again. The listener is notified when the server has confirmed that.
      const channels = [...this.#channels.keys()];
      this.#subscribeAtServer(channels, () => {
        if (this.#isClosed) return;
        for (const channel of channels) this.#confirm(channel);
        this.#listener.onRestored();
      });
    });
  }
}
