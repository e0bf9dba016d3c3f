import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** The channels of Node on which HTTP requests are announced: those of `fetch` and undici, and those of `http` and `https`. */
const CHANNELS = ["undici:request:create", "http.client.request.start"] as const;

interface RequestMessage {
  readonly request?: {
    /** Of undici. */
    readonly origin?: unknown;
    /** Of `http`. */
    getHeader?(name: string): unknown;
  };
}

/** Reports the HTTP requests of this process while locks are held. */
export class OutgoingRequests {
  readonly #onRequest: (host: string) => void;
  #users = 0;

  /** `onRequest` runs in the asynchronous context of the request. */
  constructor(onRequest: (host: string) => void) {
    this.#onRequest = onRequest;
  }

  /** Listens until `endUse` was called as often. So a client that holds no lock is not kept in memory. */
  beginUse(): void {
    this.#users += 1;
    if (this.#users > 1) return;
    for (const channel of CHANNELS) subscribe(channel, this.#onMessage);
  }

  endUse(): void {
    this.#users -= 1;
    if (this.#users > 0) return;
    for (const channel of CHANNELS) unsubscribe(channel, this.#onMessage);
  }

  readonly #onMessage = (message: unknown): void => {
    const { request } = message as RequestMessage;
    const origin = request?.origin ?? request?.getHeader?.("host");
    // The path is left out, because it can have a secret.
    this.#onRequest(typeof origin === "string" ? origin : "another server");
  };
}
