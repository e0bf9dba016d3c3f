import { asError } from "../base/errors.ts";
import type { Reply, Request } from "../operations/request.ts";
import type { ConnectionListener, Instance, Subscription, SubscriptionListener } from "./port.ts";
import { ScriptRunner, type SendCall } from "./script-runner.ts";
import { readSetting } from "./setting.ts";

/** The members of an ioredis client, version 5 or 6, single or cluster, that are used here. */
export interface IoredisClient {
  readonly status: string;
  readonly isCluster?: boolean;
  readonly options: object;
  eval(script: string, keys: number | string, ...args: string[]): Promise<unknown>;
  evalsha(sha: string, keys: number | string, ...args: string[]): Promise<unknown>;
  call(command: string, ...args: string[]): Promise<unknown>;
  sendCommand(command: IoredisCommand): unknown;
  subscribe(...channels: string[]): Promise<unknown>;
  unsubscribe(...channels: string[]): Promise<unknown>;
  ssubscribe(...channels: string[]): Promise<unknown>;
  sunsubscribe(...channels: string[]): Promise<unknown>;
  duplicate(...overrides: never[]): IoredisClient;
  disconnect(): void;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** A command of the client's own, which it queues, times and answers like any other. */
interface IoredisCommand {
  /** What goes over the wire. */
  toWritable(socket: object): string | Buffer;
}

type IoredisCommandClass = new (name: string, args: readonly string[]) => IoredisCommand;

export function isIoredis(client: object): client is IoredisClient {
  return (
    "evalsha" in client && "duplicate" in client && "status" in client && typeof client.status === "string"
  );
}

/**
 * A cluster client that puts a prefix before every key changes their slots behind the back of their siblings.
 * @throws TypeError where it has one.
 */
export function refuseClusterPrefix(client: IoredisClient, field: string): void {
  const prefix = prefixOf(client);
  if (client.isCluster !== true || prefix === "") return;
  throw new TypeError(
    `${field}: a cluster client with keyPrefix ${JSON.stringify(prefix)} scatters the keys of one lock over several ` +
      "slots; leave it out and give Redlock a prefix instead",
  );
}

/** A server behind an ioredis client that was handed in. */
export class IoredisInstance implements Instance {
  readonly label: string;
  readonly isCluster: boolean;
  readonly #client: IoredisClient;
  readonly #runner: ScriptRunner;
  /**
   * Whether the connection stood once. Until then its client's queue is trusted: it is only just starting.
   */
  #stood: boolean;

  constructor(client: IoredisClient) {
    this.#client = client;
    this.isCluster = client.isCluster === true;
    this.label = labelOf(client);
    this.#stood = client.status === "ready";
    this.#runner = new ScriptRunner(sender(client), this.isCluster);
  }

  get isAvailable(): boolean {
    const { status } = this.#client;
    if (status === "ready") return true;
    return !this.#stood && (status === "wait" || status === "connecting" || status === "connect");
  }

  run(requests: readonly Request[]): Promise<readonly Reply[]> {
    return this.#runner.run(requests);
  }

  /** Of a cluster it would be that of one node only. */
  async setting(name: string): Promise<string | undefined> {
    if (this.isCluster) return undefined;
    return readSetting(name, () => this.#client.call("CONFIG", "GET", name));
  }

  observe(listener: ConnectionListener): () => void {
    const connected = (): void => {
      this.#stood = true;
      this.#runner.reset();
      listener.connected();
    };
    let last: Error | undefined;
    // Without a listener of its own a client writes every connection error to the console.
    const failed = (error: unknown): void => void (last = asError(error));
    const disconnected = (): void => {
      this.#stood = true;
      listener.disconnected(last ?? new Error("the connection was closed"));
      last = undefined;
    };
    this.#client.on("ready", connected);
    this.#client.on("error", failed);
    this.#client.on("close", disconnected);
    return () => {
      this.#client.off("ready", connected);
      this.#client.off("error", failed);
      this.#client.off("close", disconnected);
    };
  }

  listen(listener: SubscriptionListener): Subscription {
    // Channels are subscribed again here, not by the client, so that the moment of it is known.
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

class IoredisSubscription implements Subscription {
  readonly #client: IoredisClient;
  readonly #clustered: boolean;
  /** The script makes the channels of its keys, which have the client's prefix. */
  readonly #prefix: string;
  readonly #listener: SubscriptionListener;
  /** As the server knows them. */
  readonly #channels = new Set<string>();
  #stood = false;
  #closed = false;

  constructor(client: IoredisClient, clustered: boolean, prefix: string, listener: SubscriptionListener) {
    this.#client = client;
    this.#clustered = clustered;
    this.#prefix = prefix;
    this.#listener = listener;
    let last: Error | undefined;
    client.on("error", (error) => void (last = asError(error)));
    client.on(clustered ? "smessage" : "message", (channel, message) =>
      listener.message(String(channel).slice(prefix.length), String(message)),
    );
    client.on("ready", () => void this.#restore());
    client.on("close", () => {
      if (!this.#closed) listener.lost(last ?? new Error("the subscription's connection was closed"));
    });
  }

  async subscribe(name: string): Promise<void> {
    const channel = this.#prefix + name;
    this.#channels.add(channel);
    await this.#confirm([channel]);
  }

  unsubscribe(name: string): void {
    const channel = this.#prefix + name;
    this.#channels.delete(channel);
    if (this.#client.status !== "ready") return;
    const gone = this.#clustered ? this.#client.sunsubscribe(channel) : this.#client.unsubscribe(channel);
    gone.catch(() => undefined);
  }

  close(): void {
    this.#closed = true;
    this.#channels.clear();
    this.#client.disconnect();
  }

  async #restore(): Promise<void> {
    const again = this.#stood;
    this.#stood = true;
    if (!again) return;
    try {
      if (this.#channels.size > 0) await this.#confirm([...this.#channels]);
      if (!this.#closed) this.#listener.restored();
    } catch (error) {
      if (!this.#closed) this.#listener.lost(asError(error));
    }
  }

  async #confirm(channels: readonly string[]): Promise<void> {
    // Sharded channels of different slots cannot be named in one command.
    if (this.#clustered) await Promise.all(channels.map((channel) => this.#client.ssubscribe(channel)));
    else await this.#client.subscribe(...channels);
  }
}

/**
 * A call goes out as a command of the client's own that was encoded once for all instances. Where that cannot be, on a
 * cluster, with a key prefix, and with what only looks like ioredis, the client encodes it. Strings in replies come as
 * buffers: most replies have none, and are not copied then to look for them.
 */
function sender(client: IoredisClient): SendCall {
  const { enableAutoPipelining } = client.options as { readonly enableAutoPipelining?: boolean };
  const plain = client.isCluster !== true && prefixOf(client) === "" && enableAutoPipelining !== true;
  const Command = plain ? commandClassOf(client) : undefined;
  if (Command === undefined) {
    return (command, script, { args: [keys = "0", ...rest] }) =>
      command === "EVAL" ? client.eval(script, keys, ...rest) : client.evalsha(script, keys, ...rest);
  }
  return (name, script, call) => {
    const isText = name === "EVAL";
    const command = new Command(name.toLowerCase(), isText ? [script, ...call.args] : [script]);
    if (!isText) command.toWritable = () => call.encoded(script);
    return client.sendCommand(command) as Promise<unknown>;
  };
}

/** The class is no part of an instance: the client is asked for a command, and kept from sending it. */
function commandClassOf(client: IoredisClient): IoredisCommandClass | undefined {
  const commands: Partial<IoredisCommand>[] = [];
  const sendCommand = (made: object): Promise<void> => {
    commands.push(made);
    return Promise.resolve();
  };
  try {
    const probe = Object.create(client, { sendCommand: { value: sendCommand } }) as IoredisClient;
    // What only looks like ioredis may ask its server after all: whatever comes of it is nobody's business.
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
  if (client.isCluster === true) return "cluster";
  const { host, port, path } = client.options as { host?: string; port?: number; path?: string | null };
  return path ?? `${host ?? "localhost"}:${port ?? 6379}`;
}
