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
  /** GLIDE calls it by itself if the client cannot go on. */
  close(reason?: string): void;
  getSubscriptions(): Promise<{
    readonly actualSubscriptions: Readonly<Record<number, ReadonlySet<unknown> | undefined>>;
  }>;
  /** Called for each push: a message, the confirmation of a subscription, or the end of the client. */
  processPush(push: unknown): void;
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
  /** The open client. */
  #subscriber: GlideSubscriber | undefined;
  readonly #channels = new Set<string>();
  /** By channel: resolves when its subscription has ended. */
  readonly #endings = new Map<string, Promise<void>>();
  /** How many changes are not confirmed yet. */
  #changes = 0;
  /**
   * How many confirmations have come for these changes. They do not name their channel, but more of them than changes show that GLIDE
   * has subscribed again.
   */
  #confirmations = 0;
  #isMessage = false;
  #isRestoring = false;
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
      if (this.#channels.delete(channel)) this.#end(channel);
      throw readGlideError(thrown).error;
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
    const processPush = client.processPush.bind(client);
    client.processPush = (push) => {
      this.#isMessage = false;
      processPush(push);
      if (this.#isMessage || this.#subscriber !== client) return;
      this.#confirmations += 1;
      this.#reviewConfirmations();
    };
    const close = client.close.bind(client);
    client.close = (reason) => {
      close(reason);
      this.#onClosed(client);
    };
    if (this.#isClosed) client.close();
    else this.#subscriber = client;
    return client;
  }

  #reviewConfirmations(): void {
    if (this.#confirmations <= this.#changes) return;
    this.#confirmations = this.#changes;
    this.#reportRestored();
  }

  /** Messages were lost while GLIDE subscribed again. It does that channel by channel, so the reports of one turn are joined. */
  #reportRestored(): void {
    if (this.#isRestoring) return;
    this.#isRestoring = true;
    systemClock.nextTick(() => {
      this.#isRestoring = false;
      if (!this.#isClosed) this.#listener.onRestored();
    });
  }

  /** GLIDE does not open a closed client again. The next call of `subscribe` makes another one. */
  #onClosed(client: GlideSubscriber): void {
    if (this.#subscriber !== client) return;
    this.#subscriber = undefined;
    if (this.#isClosed) return;
    this.#opening = undefined;
    const channels = [...this.#channels];
    this.#channels.clear();
    this.#endings.clear();
    this.#listener.onLost(new Error("GLIDE has closed the client of the subscription"), channels);
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
      if (await this.#untilActual(client, channels, isWanted)) this.#confirmations -= 1;
    } finally {
      this.#changes -= 1;
      this.#reviewConfirmations();
      if (this.#changes === 0) this.#confirmations = 0;
    }
  }

  /** Returns whether the server has confirmed it. Otherwise it is not wanted any more. */
  async #untilActual(
    client: GlideSubscriber,
    channels: ReadonlySet<string>,
    isWanted: boolean,
  ): Promise<boolean> {
    const limit = systemClock.monotonic() + CONFIRM_LIMIT_MS;
    for (let pauseMs = MIN_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      if (this.#isClosed) throw new Error("the subscription was closed");
      // It was unsubscribed meanwhile.
      if (isWanted && ![...channels].some((channel) => this.#channels.has(channel))) return false;
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
    return true;
  }

  async #actualOf(client: GlideSubscriber): Promise<ReadonlySet<unknown>> {
    const { actualSubscriptions } = await client.getSubscriptions();
    return actualSubscriptions[this.#isCluster ? SHARDED : EXACT] ?? new Set();
  }

  /** The connection for commands works again. GLIDE subscribes all wanted channels again. */
  async #restore(): Promise<void> {
    if (this.#opening === undefined) return;
    const channels = new Set(this.#channels);
    const opening = this.#opening;
    try {
      await this.#untilActual(await opening, channels, true);
      this.#reportRestored();
    } catch (error) {
      // Whether GLIDE has closed the client is reported by `#onClosed`.
      if (!this.#isClosed && this.#opening === opening)
        this.#listener.onLost(toSafeError(error), [...channels]);
    }
  }
}
