import type { ConnectionOptions } from "node:tls";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import { Redlock } from "quorumlock";
import { safeMessage } from "../format/safe-message.ts";
import { fromSettings } from "./command-error.ts";
import { hideLibraryWarnings } from "./library-warnings.ts";
import { requireServers, type Settings } from "./settings/settings.ts";
import { describeFailure } from "./server-failure.ts";
import type { ServerSettings, TlsSettings } from "./settings/servers.ts";

const RECONNECT_STEP_MS = 50;
const MAX_RECONNECT_MS = 1_000;

/** One configured server with its connection. */
export interface ConnectedServer {
  readonly settings: ServerSettings;
  readonly label: string;
  readonly redis: Redis | Cluster;
  /** Why the last attempt to connect failed, without a password. `undefined` while it is connected. */
  error(): string | undefined;
  /** Why it is not connected, and what may be wrong, in one line without a password. `undefined` while it is connected. */
  failure(): string | undefined;
  readonly isConnected: boolean;
  /** Ends the attempts to connect. */
  giveUp(): void;
}

export interface ConnectOptions {
  /** Whether servers that are not connected in time are given up, so that no request waits for them again. @default false */
  readonly isOneShot?: boolean;
}

/** The connections of one command. */
export interface Connection extends AsyncDisposable {
  readonly redlock: Redlock;
  readonly servers: readonly ConnectedServer[];
  /** How many servers are a quorum. */
  readonly quorum: number;
  /** How long a server may take for its answer, ms. */
  readonly timeoutMs: number;
  /** The servers that are not connected. */
  unreachable(): readonly ConnectedServer[];
  close(): Promise<void>;
}

/**
 * Connects to all servers, and waits until each is connected or has failed once, but at most `timeoutMs`. Then the first request does not
 * pay for the connection. Servers that are away are tried again in the background, unless the command is one shot.
 * @throws CommandError if no servers are set, or if the client cannot have these settings.
 */
export async function connect(
  settings: Settings,
  { isOneShot = false }: ConnectOptions = {},
): Promise<Connection> {
  hideLibraryWarnings();
  const servers = requireServers(settings).map((server) => open(server, settings.timeoutMs));
  const redlock = clientOf(servers, settings);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll(redlock, servers));
  const connection: Connection = {
    redlock,
    servers,
    quorum: Math.floor(servers.length / 2) + 1,
    timeoutMs: settings.timeoutMs,
    unreachable: () => servers.filter(({ isConnected }) => !isConnected),
    close,
    [Symbol.asyncDispose]: close,
  };
  await Promise.all(servers.map(({ redis }) => settled(redis, settings.timeoutMs)));
  if (isOneShot) for (const server of servers) if (!server.isConnected) server.giveUp();
  return connection;
}

/** @throws CommandError after closing the connections, which would keep the process. */
function clientOf(servers: readonly ConnectedServer[], settings: Settings): Redlock {
  const { restartGuard, strict, driftFactor, requestTimeoutMs, owner } = settings.client;
  const options = {
    prefix: settings.prefix,
    ttl: settings.lockDefaults.ttlMs,
    wait: settings.lockDefaults.waitMs,
    restartGuard,
    strict,
    driftFactor,
    requestTimeout: requestTimeoutMs ?? settings.timeoutMs,
    owner,
  };
  try {
    return fromSettings(
      () =>
        new Redlock(
          servers.map(({ redis }) => redis),
          options,
        ),
    );
  } catch (error) {
    for (const { redis } of servers) closeRedis(redis);
    throw error;
  }
}

function open(settings: ServerSettings, timeoutMs: number): ConnectedServer {
  const { url, username, password, tls, isCluster, label } = settings;
  const options: Omit<RedisOptions, "replyMapping"> = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls: tlsOptionsOf(tls) }),
    connectTimeout: timeoutMs,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(RECONNECT_STEP_MS * times, MAX_RECONNECT_MS),
  };
  const redis = isCluster
    ? new Cluster([url], { redisOptions: options, clusterRetryStrategy: options.retryStrategy })
    : new Redis(url, options);
  let lastError: string | undefined;
  redis.on("error", (error: Error) => (lastError = safeMessage(error)));
  redis.on("ready", () => (lastError = undefined));
  let hasClosed = false;
  let isGivenUp = false;
  // After `disconnect()` it is this process that closes the connection.
  redis.on("close", () => (hasClosed ||= !isGivenUp));
  const isReady = (): boolean => redis.status === "ready";
  return {
    settings,
    label,
    redis,
    error: () => lastError,
    failure: () =>
      isReady()
        ? undefined
        : describeFailure({ message: lastError, hasClosed, isTls: tls !== undefined, timeoutMs }),
    giveUp() {
      isGivenUp = true;
      closeRedis(redis);
    },
    get isConnected() {
      return isReady();
    },
  };
}

function tlsOptionsOf({ ca, cert, key, serverName }: TlsSettings): ConnectionOptions {
  return { ca, cert, key, servername: serverName };
}

/** Resolves when the client is ready, or when its first attempt has failed, or after the time limit. */
function settled(redis: Redis | Cluster, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      for (const event of ["ready", "close", "error"]) redis.off(event, finish);
      resolve();
    };
    const timer = setTimeout(finish, timeoutMs);
    if (redis.status === "ready") finish();
    else for (const event of ["ready", "close", "error"]) redis.on(event, finish);
  });
}

async function closeAll(redlock: Redlock, servers: readonly ConnectedServer[]): Promise<void> {
  await redlock.close().catch(() => undefined);
  for (const { redis } of servers) closeRedis(redis);
}

function closeRedis(redis: Redis | Cluster): void {
  const { stream } = redis as unknown as {
    readonly stream?: NodeJS.EventEmitter & { destroyed?: boolean };
  };
  redis.disconnect();
  // ioredis waits 2 s for the end of a socket. One that has ended before does not end again.
  if (stream?.destroyed === true) stream.emit("close");
}
