import { asError, InstanceError } from "../base/errors.ts";
import type { Reply, Request } from "../operations/request.ts";
import { IoredisInstance } from "./ioredis.ts";
import { NodeRedisInstance } from "./node-redis.ts";
import type { ConnectionListener, Instance, Subscription, SubscriptionListener } from "./port.ts";

const SCHEMES = ["redis:", "rediss:", "valkey:", "valkeys:"];
const SLOWEST_RECONNECT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection on which an answer has been owed for so long is given up for a new one. */
const SILENCE_MS = 5_000;

interface Opened {
  readonly instance: Instance;
  close(): void;
}

/**
 * A server given by its URL. The connection is opened at once with whichever client library is installed,
 * ioredis or else node-redis, and is closed by `close()`.
 */
export class UrlInstance implements Instance {
  readonly label: string;
  readonly isCluster = false;
  readonly #opening: Promise<Opened>;
  #opened: Opened | undefined;
  #closed = false;
  #failed = false;

  constructor(url: URL) {
    this.label = url.host;
    this.#opening = open(url.href.replace(/^valkey/, "redis"));
    this.#opening.then(
      (opened) => {
        this.#opened = opened;
        if (this.#closed) opened.close();
      },
      () => (this.#failed = true),
    );
  }

  get isAvailable(): boolean {
    return !this.#closed && !this.#failed && (this.#opened?.instance.isAvailable ?? true);
  }

  async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const { instance } = this.#opened ?? (await this.#opening);
    return instance.run(requests);
  }

  async setting(name: string): Promise<string | undefined> {
    const opened = this.#opened ?? (await this.#opening.catch(() => undefined));
    return opened?.instance.setting(name);
  }

  observe(listener: ConnectionListener): () => void {
    let stop: (() => void) | undefined;
    let stopped = false;
    this.#opening.then(
      ({ instance }) => {
        if (!stopped) stop = instance.observe(listener);
      },
      (error: unknown) => listener.disconnected(asError(error)),
    );
    return () => {
      stopped = true;
      stop?.();
    };
  }

  listen(listener: SubscriptionListener): Subscription {
    const subscription = this.#opening.then(({ instance }) => instance.listen(listener));
    subscription.catch((error: unknown) => listener.lost(asError(error)));
    const then = (use: (subscription: Subscription) => void): void =>
      void subscription.then(use, () => undefined);
    return {
      subscribe: async (channel) => (await subscription).subscribe(channel),
      unsubscribe: (channel) => then((it) => it.unsubscribe(channel)),
      close: () => then((it) => it.close()),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#opened?.close();
  }
}

async function open(url: string): Promise<Opened> {
  const ioredis = await installed(() => import("ioredis"));
  if (ioredis !== undefined) {
    const client = new ioredis.Redis(url, {
      // A connection that is silently cut is only given up by whoever expects an answer on it.
      socketTimeout: SILENCE_MS,
      maxRetriesPerRequest: null,
      connectTimeout: CONNECT_TIMEOUT_MS,
      retryStrategy: (times: number) => Math.min(50 * times, SLOWEST_RECONNECT_MS),
    });
    const instance = new IoredisInstance(client);
    return { instance, close: () => client.disconnect() };
  }
  const redis = await installed(() => import("redis"));
  if (redis !== undefined) {
    const client = redis.createClient({
      url,
      pingInterval: SILENCE_MS / 2,
      socket: {
        connectTimeout: CONNECT_TIMEOUT_MS,
        socketTimeout: SILENCE_MS,
        reconnectStrategy: (retries: number) => Math.min(50 * retries, SLOWEST_RECONNECT_MS),
      },
    });
    const instance = new NodeRedisInstance(client);
    client.on("error", () => undefined);
    client.connect().catch(() => undefined);
    return { instance, close: () => client.destroy() };
  }
  throw new InstanceError(
    "INSTANCE_UNAVAILABLE",
    "a URL needs a client library: `npm install ioredis` or `npm install redis`, or hand in connected clients",
  );
}

async function installed<T>(load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch {
    return undefined;
  }
}

/** @throws TypeError where `text` is not a redis, rediss, valkey or valkeys URL; it never shows a password. */
export function parseUrl(text: string, field: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && SCHEMES.includes(url.protocol)) return url;
  const shown = JSON.stringify(text.replace(/^(\w+:\/\/)?.*@/s, "$1***@"));
  throw new TypeError(`${field}: ${shown} is not a redis://, rediss://, valkey:// or valkeys:// URL`);
}
