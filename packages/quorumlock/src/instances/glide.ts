import type { Reply, Request } from "../operations/request.ts";
import { CLOSED, readGlideError } from "./glide-errors.ts";
import { GlideSubscription } from "./glide-subscription.ts";
import { addressOf, first } from "./label.ts";
import { PolledConnection } from "./polled-connection.ts";
import type { ConnectionListener, Instance, Subscription, SubscriptionListener } from "./port.ts";
import { parseSetting } from "./setting.ts";

/** The members of a Valkey GLIDE client that this file uses: version 2, for a single server or a cluster. */
export interface GlideClient {
  customCommand(args: string[], options?: object): Promise<unknown>;
  invokeScript(script: never, options?: never): Promise<unknown>;
  close(message?: string): void;
}

export function isGlide(client: object): client is GlideClient {
  return "customCommand" in client && "invokeScript" in client;
}

/** `Decoder.String` of GLIDE: replies are strings, also if the user set another decoder on the client. */
const STRINGS = { decoder: 1 };
/** `ProtocolVersion.RESP2` of GLIDE, with which its clients cannot subscribe. */
const RESP2 = 1;

/** What `GlideSubscription` needs of a client, besides its options. Older versions of GLIDE do not have all of it. */
const SUBSCRIBER_METHODS = ["subscribeLazy", "getSubscriptions", "processPush"];

/** The options with which the user made the client. GLIDE keeps them in a private field. */
interface GlideOptions {
  readonly addresses?: unknown;
  readonly protocol?: number;
}

/**
 * A server or a cluster behind a GLIDE client that the user passed. GLIDE reports neither breaks of its connections nor
 * reconnections, and does not keep the order of commands. `PolledConnection` makes up for both.
 */
export class GlideInstance implements Instance {
  readonly label: string;
  readonly isCluster: boolean;
  readonly hasSubscriptions: boolean;
  readonly #client: GlideClient;
  readonly #options: GlideOptions;
  readonly #connection: PolledConnection;

  constructor(client: GlideClient) {
    this.#client = client;
    const { config = {} } = client as { readonly config?: GlideOptions };
    this.#options = config;
    const isCluster = "ssubscribeLazy" in client;
    this.isCluster = isCluster;
    const address = addressOf(first(config.addresses) ?? "GLIDE client");
    this.label = isCluster ? `cluster of ${address}` : address;
    this.hasSubscriptions =
      SUBSCRIBER_METHODS.every((method) => method in client) &&
      config.addresses !== undefined &&
      config.protocol !== RESP2;
    this.#connection = new PolledConnection({
      isCluster,
      send: (command, key) => client.customCommand([...command], isCluster ? routeTo(key) : STRINGS),
      readError: readGlideError,
    });
  }

  get isAvailable(): boolean {
    return this.#connection.isOpen && !this.#isClosed;
  }

  get advice(): string | undefined {
    return this.#isClosed ? CLOSED : undefined;
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    return this.#connection.run(requests);
  }

  /** `undefined` for a cluster, because the reply would come from one node only. */
  async readSetting(name: string): Promise<string | undefined> {
    if (this.isCluster) return undefined;
    return parseSetting(name, async () => {
      const reply = await this.#client.customCommand(["CONFIG", "GET", name], STRINGS);
      const [entry] = reply as readonly { readonly key: unknown; readonly value: unknown }[];
      return [entry?.key, entry?.value];
    });
  }

  observe(listener: ConnectionListener): () => void {
    return this.#connection.observe(listener);
  }

  openSubscription(listener: SubscriptionListener): Subscription {
    return new GlideSubscription(this.#client, this.#options, this.#connection, listener);
  }

  async close(): Promise<void> {
    this.#connection.end();
  }

  get #isClosed(): boolean {
    return (this.#client as { readonly isClosed?: boolean }).isClosed === true;
  }
}

function routeTo(key: string | undefined): object {
  return { ...STRINGS, route: { type: "primarySlotKey", key } };
}
