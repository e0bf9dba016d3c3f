import { toSafeError } from "../base/safe-error.ts";
import { addressOf, type Address, first } from "./label.ts";
import { redact } from "../base/redact.ts";
import type { Reply, Request } from "../operations/request.ts";
import { Connection } from "./connection.ts";
import type { ConnectionListener, Instance, Subscription, SubscriptionListener } from "./port.ts";
import { ScriptRunner, type SendCall } from "./script-runner.ts";
import { parseSetting } from "./setting.ts";
import { listenShared } from "./shared-listeners.ts";

/** The members of an ioredis client that this file uses: version 5 or 6, for a single server or a cluster. */
export interface IoredisClient {
  readonly status: string;
  readonly isCluster?: boolean;
  readonly options: object;
  /** The socket of a client for a single server. */
  readonly stream?: { readonly destroyed?: boolean; unref?(): void; emit?(event: string): unknown };
  eval(script: string, keys: number | string, ...args: string[]): Promise<unknown>;
  evalsha(sha: string, keys: number | string, ...args: string[]): Promise<unknown>;
  call(command: string, ...args: string[]): Promise<unknown>;
  sendCommand(command: IoredisCommand): unknown;
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  ssubscribe(...channels: string[]): Promise<unknown>;
  sunsubscribe(...channels: string[]): Promise<unknown>;
  duplicate(...overrides: never[]): IoredisClient;
  connect(): Promise<unknown>;
  disconnect(): void;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** A command of ioredis. The client queues, times and answers it like a command of its own. */
interface IoredisCommand {
  /** The bytes that go to the server. */
  toWritable(socket: object): string | Buffer;
}

type IoredisCommandClass = new (name: string, args: readonly string[]) => IoredisCommand;

export function isIoredis(client: object): client is IoredisClient {
  return (
    "evalsha" in client && "duplicate" in client && "status" in client && typeof client.status === "string"
  );
}

/**
 * Rejects a cluster client with a `keyPrefix`. The prefix changes the hash slots, so the keys of one lock would be on
 * different nodes.
 * @throws TypeError if the client has a `keyPrefix`.
 */
export function refuseClusterPrefix(client: IoredisClient, field: string): void {
  const prefix = prefixOf(client);
  if (client.isCluster !== true || prefix === "") return;
  throw new TypeError(
    `${field}: a cluster client with keyPrefix ${JSON.stringify(prefix)} would put the keys of one lock in several ` +
      "slots; remove it and set the `prefix` of Redlock instead",
  );
}

/**
 * Closes a client that the library made. The client sets a timer that destroys its socket, and cancels it when the socket closes. A
 * socket that has closed before, between two attempts to connect, does not close again, so the process would run for 2 s more.
 */
export function closeIoredis(client: IoredisClient): void {
  client.disconnect();
  if (client.stream?.destroyed === true) client.stream.emit?.("close");
}

/** A server or a cluster behind an ioredis client that the user passed. */
export class IoredisInstance implements Instance {
  readonly label: string;
  readonly isCluster: boolean;
  readonly #client: IoredisClient;
  readonly #runner: ScriptRunner;
  /** Whether requests wait in the client's queue until it connects. Otherwise it rejects them. */
  readonly #hasQueue: boolean;
  /** Whether the client was ever connected. Its queue is used only before that. */
  #hasConnected: boolean;

  constructor(client: IoredisClient) {
    this.#client = client;
    this.#hasQueue =
      (client.options as { readonly enableOfflineQueue?: boolean }).enableOfflineQueue !== false;
    this.isCluster = client.isCluster === true;
    this.label = labelOf(client);
    this.#hasConnected = client.status === "ready";
    this.#runner = new ScriptRunner(senderFor(client), this.isCluster, prefixOf(client));
  }

  get isAvailable(): boolean {
    const { status } = this.#client;
    if (status === "ready") return true;
    if (this.#hasConnected || !this.#hasQueue) return false;
    return status === "wait" || status === "connecting" || status === "connect";
  }

  get advice(): string | undefined {
    return this.#client.status === "end" ? "the client is closed; call `await client.connect()`" : undefined;
  }

  /** A client with `lazyConnect` connects at its first command. Without a queue, it would reject that command. */
  connect(): boolean {
    if (this.#client.status !== "wait") return false;
    this.#client.connect().catch(() => undefined);
    return true;
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    return this.#runner.run(requests);
  }

  /** `undefined` for a cluster, because the reply would come from one node only. */
  async readSetting(name: string): Promise<string | undefined> {
    if (this.isCluster) return undefined;
    return parseSetting(name, () => this.#client.call("CONFIG", "GET", name));
  }

  observe(listener: ConnectionListener): () => void {
    const connection = new Connection(listener, this.#client.status === "ready");
    const onReady = (): void => {
      this.#hasConnected = true;
      lastError = undefined;
      this.#runner.reset();
      connection.onOpened();
    };
    // A cluster client reports one error, and then the end of each connection.
    let lastError: Error | undefined;
    // ioredis writes every connection error to the console if no listener is registered.
    const onError = (error: unknown): void => {
      lastError = toSafeError(nodeErrorOf(error) ?? error);
      // With Sentinels that cannot be reached, the client reports errors only.
      connection.onError(lastError);
    };
    const onClose = (): void => {
      this.#hasConnected = true;
      connection.onBroken(lastError ?? new Error("the connection was closed"));
    };
    const ends = [
      listenShared(this.#client, "ready", onReady),
      listenShared(this.#client, "error", onError),
      listenShared(this.#client, "close", onClose),
    ];
    return () => ends.forEach((end) => end());
  }

  openSubscription(listener: SubscriptionListener): Subscription {
    // This file, not the client, subscribes the channels again. So it knows when they are confirmed.
    const overrides = {
      autoResubscribe: false,
      enableOfflineQueue: true,
      keyPrefix: "",
      lazyConnect: false,
      maxRetriesPerRequest: null,
    };
    const client = this.isCluster
      ? this.#client.duplicate(...([[], { ...overrides, shardedSubscribers: true }] as never[]))
      : this.#client.duplicate(...([overrides] as never[]));
    return new IoredisSubscription(client, this.isCluster, prefixOf(this.#client), listener);
  }

  async close(): Promise<void> {}
}

/** A cluster client that reaches no node reports that only, and why in a property. */
function nodeErrorOf(error: unknown): unknown {
  return (error as { readonly lastNodeError?: unknown } | undefined)?.lastNodeError;
}

class IoredisSubscription implements Subscription {
  readonly #client: IoredisClient;
  readonly #isCluster: boolean;
  /** The client's key prefix. It is also in the channels, because the script derives them from the keys. */
  readonly #prefix: string;
  readonly #listener: SubscriptionListener;
  /** Channels that are subscribed or requested, with the prefix. */
  readonly #channels = new Set<string>();
  #hasConnected = false;
  #isClosed = false;

  constructor(client: IoredisClient, isCluster: boolean, prefix: string, listener: SubscriptionListener) {
    this.#client = client;
    this.#isCluster = isCluster;
    this.#prefix = prefix;
    this.#listener = listener;
    let lastError: Error | undefined;
    client.on("error", (error) => void (lastError = toSafeError(nodeErrorOf(error) ?? error)));
    client.on(isCluster ? "smessage" : "message", (channel, message) => {
      if (!this.#isClosed) listener.onMessage(this.#nameOf(String(channel)), String(message));
    });
    client.on("ready", () => void this.#restore());
    if (isCluster) this.#watchNodes();
    // A subscription alone does not keep the process running.
    client.on("connect", () => client.stream?.unref?.());
    client.on("close", () => {
      if (!this.#isClosed)
        listener.onLost(lastError ?? new Error("the connection of the subscription was closed"));
    });
  }

  async subscribe(name: string): Promise<void> {
    const channel = this.#prefix + name;
    this.#channels.add(channel);
    try {
      await this.#confirm(channel);
    } catch (error) {
      this.#channels.delete(channel);
      throw error;
    }
  }

  unsubscribe(name: string): void {
    const channel = this.#prefix + name;
    this.#channels.delete(channel);
    if (this.#client.status === "ready") this.#end(channel);
  }

  close(): void {
    this.#isClosed = true;
    this.#channels.clear();
    closeIoredis(this.#client);
  }

  /** A cluster client replaces the connections for sharded channels. It reports when it has subscribed again, but not whether. */
  #watchNodes(): void {
    this.#client.on("-node", (_connection, key) => {
      // Without a key it is a connection for commands.
      if (key !== undefined && !this.#isClosed)
        this.#listener.onLost(new Error("the connection of the subscription to a node was closed"));
    });
    this.#client.on("subscribersReady", () => {
      if (this.#hasConnected && !this.#isClosed) void this.#restore();
    });
  }

  async #restore(): Promise<void> {
    const isFirst = !this.#hasConnected;
    this.#hasConnected = true;
    if (isFirst) return;
    const channels = [...this.#channels];
    const results = await Promise.allSettled(channels.map((channel) => this.#confirm(channel)));
    if (this.#isClosed) return;
    const refused = channels.filter((_, index) => results[index]?.status === "rejected");
    for (const channel of refused) this.#channels.delete(channel);
    const refusal = results.find(({ status }) => status === "rejected") as PromiseRejectedResult | undefined;
    if (refusal !== undefined)
      this.#listener.onLost(
        toSafeError(refusal.reason),
        refused.map((channel) => this.#nameOf(channel)),
      );
    this.#listener.onRestored();
  }

  /** Each channel has a command of its own. A server refuses a command as a whole, and channels of a cluster have different slots. */
  async #confirm(channel: string): Promise<void> {
    await (this.#isCluster ? this.#client.ssubscribe(channel) : this.#client.subscribe(channel));
    // The channel was unsubscribed while its command waited for the connection.
    if (!this.#channels.has(channel)) this.#end(channel);
  }

  #end(channel: string): void {
    const ended = this.#isCluster ? this.#client.sunsubscribe(channel) : this.#client.unsubscribe(channel);
    ended.catch(() => undefined);
  }

  #nameOf(channel: string): string {
    return channel.slice(this.#prefix.length);
  }
}

/**
 * Returns the function that sends script calls through the client.
 *
 * The usual way is a command of ioredis whose bytes were encoded once for all instances. Strings in its replies are buffers:
 * most replies have no strings, so they are not copied. The client encodes the call itself on a cluster, with a key prefix,
 * with auto-pipelining, and if the object only has the interface of ioredis.
 */
function senderFor(client: IoredisClient): SendCall {
  const { enableAutoPipelining } = client.options as { readonly enableAutoPipelining?: boolean };
  const canEncode = client.isCluster !== true && prefixOf(client) === "" && enableAutoPipelining !== true;
  const Command = canEncode ? commandClassOf(client) : undefined;
  if (Command === undefined) {
    return (command, { script, args: [keys = "0", ...rest] }) =>
      command === "EVAL"
        ? client.eval(script.text, keys, ...rest)
        : client.evalsha(script.sha, keys, ...rest);
  }
  return (name, call) => {
    const { script } = call;
    if (name === "EVAL")
      return client.sendCommand(new Command("eval", [script.text, ...call.args])) as Promise<unknown>;
    const command = new Command("evalsha", [script.sha]);
    // The command keeps the bytes only: ioredis may keep the command for long.
    const { encoded } = call;
    command.toWritable = () => encoded;
    return client.sendCommand(command) as Promise<unknown>;
  };
}

/**
 * Finds the command class of a client. ioredis does not expose it on the client. So a copy of the client makes a command, and
 * its `sendCommand` stores the command instead of sending it.
 */
function commandClassOf(client: IoredisClient): IoredisCommandClass | undefined {
  const commands: Partial<IoredisCommand>[] = [];
  const sendCommand = (command: object): Promise<void> => {
    commands.push(command);
    return Promise.resolve();
  };
  try {
    const probe = Object.create(client, { sendCommand: { value: sendCommand } }) as IoredisClient;
    // An object that only has the interface of ioredis may send the call. Its result is not needed.
    Promise.resolve(probe.evalsha("", "0")).catch(() => undefined);
  } catch {
    return undefined;
  }
  const [command] = commands;
  return typeof command?.toWritable === "function" ? (command.constructor as IoredisCommandClass) : undefined;
}

function prefixOf(client: IoredisClient): string {
  const { keyPrefix, redisOptions } = client.options as {
    readonly keyPrefix?: string;
    readonly redisOptions?: { readonly keyPrefix?: string };
  };
  return keyPrefix ?? redisOptions?.keyPrefix ?? "";
}

function labelOf(client: IoredisClient): string {
  if (client.isCluster === true)
    return `cluster of ${addressOf(first((client as { startupNodes?: unknown }).startupNodes))}`;
  const { host, port, path, sentinels, name } = client.options as {
    readonly host?: string;
    readonly port?: number;
    readonly path?: string | null;
    readonly sentinels?: readonly Address[] | null;
    readonly name?: string | null;
  };
  const sentinel = first(sentinels);
  if (sentinel !== undefined) return `${name ?? "master"} of sentinel ${addressOf(sentinel, 26_379)}`;
  return redact(path ?? addressOf({ host, port }));
}
