import { InstanceError } from "../base/errors.ts";
import { redactUrl } from "../base/redact.ts";
import { toSafeError } from "../base/safe-error.ts";
import type { Reply, Request } from "../operations/request.ts";
import { closeIoredis, IoredisInstance } from "./ioredis.ts";
import { NodeRedisInstance } from "./node-redis.ts";
import { hostOf } from "./label.ts";
import { closerOf } from "./node-redis-closing.ts";
import type { ConnectionListener, Instance, Subscription, SubscriptionListener } from "./port.ts";

const SCHEMES = ["redis:", "rediss:", "valkey:", "valkeys:"];
/** Pause before the first reconnection; each further pause is longer by the same time, up to the maximum. */
const RECONNECT_STEP_MS = 50;
const MAX_RECONNECT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection is replaced if no data has arrived for this time although a reply is due. */
const MAX_SILENCE_MS = 5_000;

// Only the types are imported, because the packages may be missing.
// oxlint-disable typescript/consistent-type-imports
type Ioredis = typeof import("ioredis");
type NodeRedis = typeof import("redis");
// oxlint-enable typescript/consistent-type-imports

/** An instance together with the client that was made for it. */
interface OpenClient {
  readonly instance: Instance;
  close(): void;
}

/**
 * A server given by its URL. The constructor opens a connection with ioredis or, if that is not installed, with node-redis.
 * `close()` closes it.
 */
export class UrlInstance implements Instance {
  readonly label: string;
  readonly isCluster = false;
  readonly #opening: Promise<OpenClient>;
  #open: OpenClient | undefined;
  #isClosed = false;
  #hasFailed = false;

  constructor(url: URL) {
    this.label = hostOf(url);
    this.#opening = openClient(url.href.replace(/^valkey/, "redis"));
    this.#opening.then(
      (open) => {
        this.#open = open;
        if (this.#isClosed) open.close();
      },
      () => (this.#hasFailed = true),
    );
  }

  get isAvailable(): boolean {
    return !this.#isClosed && !this.#hasFailed && (this.#open?.instance.isAvailable ?? true);
  }

  async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const { instance } = this.#open ?? (await this.#opening);
    return instance.run(requests);
  }

  async readSetting(name: string): Promise<string | undefined> {
    const open = this.#open ?? (await this.#opening.catch(() => undefined));
    return open?.instance.readSetting(name);
  }

  observe(listener: ConnectionListener): () => void {
    let removeListener: (() => void) | undefined;
    let isRemoved = false;
    this.#opening.then(
      ({ instance }) => {
        if (!isRemoved) removeListener = instance.observe(listener);
      },
      (error: unknown) => listener.onDisconnected(toSafeError(error)),
    );
    return () => {
      isRemoved = true;
      removeListener?.();
    };
  }

  openSubscription(listener: SubscriptionListener): Subscription {
    const subscription = this.#opening.then(({ instance }) => instance.openSubscription(listener));
    subscription.catch((error: unknown) => listener.onLost(toSafeError(error)));
    const whenOpen = (use: (subscription: Subscription) => void): void =>
      void subscription.then(use, () => undefined);
    return {
      subscribe: async (channel) => (await subscription).subscribe(channel),
      unsubscribe: (channel) => whenOpen((opened) => opened.unsubscribe(channel)),
      close: () => whenOpen((opened) => opened.close()),
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#open?.close();
  }
}

async function openClient(url: string): Promise<OpenClient> {
  const ioredis = await loadIfInstalled<Ioredis>("ioredis");
  if (ioredis !== undefined) {
    const client = new ioredis.Redis(url, {
      // ioredis measures the silence only while a reply is due.
      socketTimeout: MAX_SILENCE_MS,
      maxRetriesPerRequest: null,
      connectTimeout: CONNECT_TIMEOUT_MS,
      retryStrategy: (times: number) => Math.min(RECONNECT_STEP_MS * times, MAX_RECONNECT_MS),
    });
    const instance = new IoredisInstance(client);
    // ioredis writes an error to the console if it has no listener, for example if it is closed while TLS connects. If the
    // server does not have the database, the client would go on in database 0.
    client.on("error", (error) => {
      if (isWrongDatabase(error)) client.disconnect();
    });
    return { instance, close: () => closeIoredis(client) };
  }
  const redis = await loadIfInstalled<NodeRedis>("redis");
  if (redis !== undefined) {
    // Also ends a socket that is being opened: the client does not know it yet.
    const sockets = new AbortController();
    const client = redis.createClient({
      url,
      pingInterval: MAX_SILENCE_MS / 2,
      socket: {
        connectTimeout: CONNECT_TIMEOUT_MS,
        socketTimeout: MAX_SILENCE_MS,
        signal: sockets.signal,
        reconnectStrategy: (retries: number) => Math.min(RECONNECT_STEP_MS * retries, MAX_RECONNECT_MS),
      },
    });
    const instance = new NodeRedisInstance(client);
    client.on("error", () => undefined);
    const destroy = closerOf(client);
    const close = (): void => {
      destroy();
      sockets.abort();
    };
    client.connect().catch(() => undefined);
    return { instance, close };
  }
  throw new InstanceError(
    "INSTANCE_UNAVAILABLE",
    "a URL needs a client library; run `npm install ioredis` or `npm install redis`, or pass connected clients",
    { isPermanent: true },
  );
}

/** node-redis does not connect then. */
function isWrongDatabase({ message }: Error): boolean {
  return message.startsWith("ERR DB index is out of range");
}

/**
 * The name is a variable and the comments are there, because a bundler fails if it looks for a package that is not installed.
 * So a bundle does not contain the client. It needs the installed package when it runs.
 */
async function loadIfInstalled<T>(name: string): Promise<T | undefined> {
  try {
    return (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as T;
  } catch {
    return undefined;
  }
}

/**
 * @throws TypeError if `text` is not a redis, rediss, valkey or valkeys URL, or has more than a user, a password, a host, a port and
 * the number of a database. The message never shows a password.
 */
export function parseUrl(text: string, field: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Without its encoding, a password with "/", "?" or "#" ends the host, and a part of it would become the host or the port.
  if (url !== undefined && /@/.test(url.pathname + url.search + url.hash)) {
    throw new TypeError(
      `${field}: ${JSON.stringify(redactUrl(text))} has "@" after the host; encode the password with encodeURIComponent`,
    );
  }
  const shown = JSON.stringify(redactUrl(text));
  if (url !== undefined && SCHEMES.includes(url.protocol)) {
    if (!/^\/?(\d{1,9})?$/.test(url.pathname))
      throw new TypeError(`${field}: ${shown} may have one number after the host, the database, such as /1`);
    if (url.search !== "" || url.hash !== "")
      throw new TypeError(
        `${field}: ${shown} must not have "?" or "#"; for other settings, make a client and pass it instead`,
      );
    return url;
  }
  throw new TypeError(`${field}: ${shown} must be a redis://, rediss://, valkey:// or valkeys:// URL`);
}
