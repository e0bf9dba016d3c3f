import { systemClock } from "../base/clock.ts";
import { toSafeError } from "../base/safe-error.ts";
import { readGlideError } from "./glide-errors.ts";
import type { PolledConnection } from "./polled-connection.ts";
import type { Subscription, SubscriptionListener } from "./port.ts";

/** The members of the second client, which receives the messages. */
interface GlideSubscriber {
  subscribeLazy(channels: ReadonlySet<string>): Promise<unknown>;
  unsubscribeLazy(channels: ReadonlySet<string>): Promise<unknown>;
  ssubscribeLazy?(channels: ReadonlySet<string>): Promise<unknown>;
  sunsubscribeLazy?(channels: ReadonlySet<string>): Promise<unknown>;
  close(): void;
  getSubscriptions(): Promise<{
    readonly actualSubscriptions: Readonly<Record<number, ReadonlySet<unknown> | undefined>>;
  }>;
  /** Called for each push of the server: a message, or the confirmation of a subscription. */
  processPush?(push: unknown): void;
  /** The socket to the native part of GLIDE. */
  readonly socket?: { unref?(): void };
}

interface GlideClass {
  createClient(options: object): Promise<GlideSubscriber>;
}

/** `PubSubChannelModes` of GLIDE. */
const EXACT = 0;
const SHARDED = 2;
const STRING_DECODER = 1;

/** How long the server may take to confirm a change of the subscriptions. GLIDE does not say that a server has refused one. */
const CONFIRM_LIMIT_MS = 2_000;
const MIN_PAUSE_MS = 1;
const MAX_PAUSE_MS = 64;

/**
 * A second GLIDE client with the options of the user's, because a client passes its messages to one function, which the user may need.
 *
 * GLIDE keeps a list of wanted channels and subscribes them again after a break. A call says only what is wanted, and the list of
 * actual subscriptions says when the server has confirmed it. The calls of GLIDE that wait for the confirmation are not used: if the
 * server refuses a channel, they repeat the command without a pause.
 */
export class GlideSubscription implements Subscription {
  readonly #client: object;
  readonly #options: object;
  readonly #isCluster: boolean;
  readonly #listener: SubscriptionListener;
  readonly #stopObserving: () => void;
  #opening: Promise<GlideSubscriber> | undefined;
  readonly #channels = new Set<string>();
  /** By channel: resolves when its subscription has ended. */
  readonly #endings = new Map<string, Promise<void>>();
  /** How many changes are not confirmed yet. A confirmation without one shows that GLIDE has subscribed again. */
  #changes = 0;
  #isMessage = false;
  #isClosed = false;

  constructor(client: object, options: object, connection: PolledConnection, listener: SubscriptionListener) {
    this.#client = client;
    this.#options = options;
    this.#isCluster = "ssubscribeLazy" in client;
    this.#listener = listener;
    // The connection of the subscription usually breaks together with the one for commands, and GLIDE reports neither.
    this.#stopObserving = connection.observe({
      onConnected: () => void this.#restore(),
      onDisconnected: (error) => {
        if (this.#opening !== undefined) listener.onLost(error);
      },
    });
  }

  async subscribe(channel: string): Promise<void> {
    this.#channels.add(channel);
    try {
      const client = await this.#open();
      await this.#endings.get(channel);
      const channels = new Set([channel]);
      await this.#change(client, channels, true);
    } catch (thrown) {
      const { kind, error } = readGlideError(thrown);
      if (this.#channels.delete(channel)) this.#end(channel);
      // The next call makes another client.
      if (kind === "closed") this.#opening = undefined;
      throw error;
    }
    // It was unsubscribed before the server confirmed it.
    if (!this.#channels.has(channel)) this.#end(channel);
  }

  unsubscribe(channel: string): void {
    if (this.#channels.delete(channel)) this.#end(channel);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopObserving();
    this.#channels.clear();
    this.#opening?.then(
      (client) => client.close(),
      () => undefined,
    );
  }

  #open(): Promise<GlideSubscriber> {
    if (this.#opening === undefined) {
      const opening = this.#make();
      this.#opening = opening;
      opening.catch(() => (this.#opening = undefined));
    }
    return this.#opening;
  }

  async #make(): Promise<GlideSubscriber> {
    const client = await (this.#client.constructor as unknown as GlideClass).createClient({
      ...this.#options,
      defaultDecoder: STRING_DECODER,
      lazyConnect: false,
      pubsubSubscriptions: { channelsAndPatterns: {}, callback: this.#onMessage },
    });
    // A subscription alone does not keep the process running.
    client.socket?.unref?.();
    const processPush = client.processPush?.bind(client);
    if (processPush !== undefined) {
      client.processPush = (push) => {
        this.#isMessage = false;
        processPush(push);
        // Messages were lost while GLIDE subscribed again.
        if (!this.#isMessage && this.#changes === 0 && !this.#isClosed) this.#listener.onRestored();
      };
    }
    if (this.#isClosed) client.close();
    return client;
  }

  readonly #onMessage = ({ channel, message }: { channel: unknown; message: unknown }): void => {
    this.#isMessage = true;
    if (!this.#isClosed) this.#listener.onMessage(String(channel), String(message));
  };

  #end(channel: string): void {
    const client = this.#opening;
    if (client === undefined || this.#isClosed) return;
    const ending = client
      .then((opened) => this.#change(opened, new Set([channel]), false))
      .catch(() => undefined)
      .then(() => {
        if (this.#endings.get(channel) === ending) this.#endings.delete(channel);
      });
    this.#endings.set(channel, ending);
  }

  /** Changes what is wanted, and waits until the server has confirmed it. */
  async #change(client: GlideSubscriber, channels: ReadonlySet<string>, isWanted: boolean): Promise<void> {
    this.#changes += 1;
    try {
      if (this.#isCluster)
        await (isWanted ? client.ssubscribeLazy!(channels) : client.sunsubscribeLazy!(channels));
      else await (isWanted ? client.subscribeLazy(channels) : client.unsubscribeLazy(channels));
      await this.#untilActual(client, channels, isWanted);
    } finally {
      this.#changes -= 1;
    }
  }

  async #untilActual(
    client: GlideSubscriber,
    channels: ReadonlySet<string>,
    isWanted: boolean,
  ): Promise<void> {
    const limit = systemClock.monotonic() + CONFIRM_LIMIT_MS;
    for (let pauseMs = MIN_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      if (this.#isClosed) throw new Error("the subscription was closed");
      // It was unsubscribed meanwhile.
      if (isWanted && ![...channels].some((channel) => this.#channels.has(channel))) return;
      const actual = await this.#actualOf(client);
      if ([...channels].every((channel) => actual.has(channel) === isWanted)) break;
      if (systemClock.monotonic() > limit) {
        const text = `the server has not confirmed the subscription within ${CONFIRM_LIMIT_MS} ms`;
        throw new Error(`${text}; does the user have the right to subscribe? docs/servers.md has an ACL`);
      }
      await new Promise<void>((resolve) => systemClock.setTimer(pauseMs, resolve, false));
    }
    // The confirmation itself is delivered before the next answer.
    await this.#actualOf(client);
  }

  async #actualOf(client: GlideSubscriber): Promise<ReadonlySet<unknown>> {
    const { actualSubscriptions } = await client.getSubscriptions();
    return actualSubscriptions[this.#isCluster ? SHARDED : EXACT] ?? new Set();
  }

  /** The connection for commands works again. GLIDE subscribes all wanted channels again. */
  async #restore(): Promise<void> {
    if (this.#opening === undefined) return;
    const channels = new Set(this.#channels);
    try {
      const client = await this.#opening;
      await this.#untilActual(client, channels, true);
      if (!this.#isClosed) this.#listener.onRestored();
    } catch (error) {
      if (!this.#isClosed) this.#listener.onLost(toSafeError(error), [...channels]);
    }
  }
}
