import type { ConnectionListener } from "./port.ts";

/**
 * Tells a listener when the connection of a client library opens and breaks. A connection that opens although no break was seen is
 * a new one: the server may be another one, and requests of the former connection get no reply.
 */
export class Connection {
  readonly #listener: ConnectionListener;
  #isOpen: boolean;

  constructor(listener: ConnectionListener, isOpen: boolean) {
    this.#listener = listener;
    this.#isOpen = isOpen;
  }

  onOpened(): void {
    if (this.#isOpen) this.#listener.onDisconnected(new Error("the connection was replaced by another one"));
    this.#isOpen = true;
    this.#listener.onConnected();
  }

  /** The client library reported an error. The break of an open connection is reported by itself. */
  onError(error: Error): void {
    if (!this.#isOpen) this.#listener.onError?.(error);
  }

  /** The connection broke, or could not be opened. */
  onBroken(error: Error): void {
    this.#isOpen = false;
    this.#listener.onDisconnected(error);
  }
}
