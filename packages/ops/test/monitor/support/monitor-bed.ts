import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { Redlock, type RedlockOptions } from "quorumlock";
import { type RedisServers, startRedisServers } from "quorumlock/testing";
import { type Monitor, type MonitorOptions, startMonitor } from "../../../src/monitor/index.ts";

const POLL_MS = 100;
/** Catches a hang, and nothing else. */
const HANG_MS = 60_000;

export const READ_TOKEN = "read-token-0123456789";
export const RELEASE_TOKEN = "release-token-0123456789";

/** Servers, a client of an application, and a monitor. */
export interface MonitorBed extends AsyncDisposable {
  readonly servers: RedisServers;
  readonly redlock: Redlock;
  readonly monitor: Monitor;
  /** The lines of the monitor's log. */
  readonly log: string[];
  /** A new client of an application, closed with the bed. */
  client(options?: RedlockOptions): Redlock;
  /** A plain connection to each server, closed with the bed. */
  readonly plain: readonly Redis[];
  get(path: string, token?: string): Promise<Response>;
  json<T>(path: string, token?: string): Promise<T>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
}

export interface BedOptions extends Partial<MonitorOptions> {
  /** Runs before the monitor starts. */
  readonly prepare?: (redlock: Redlock, plain: readonly Redis[]) => Promise<unknown>;
}

export async function startBed(
  { prepare, ...options }: BedOptions = {},
  clientOptions: RedlockOptions = {},
  count = 3,
): Promise<MonitorBed> {
  const servers = await startRedisServers(count);
  const urls = servers.map(({ url }) => url);
  const clients: Redlock[] = [];
  const client = (more: RedlockOptions = {}): Redlock => {
    const redlock = new Redlock(urls, { restartGuard: false, ...clientOptions, ...more });
    clients.push(redlock);
    return redlock;
  };
  const log: string[] = [];
  const redlock = client();
  const plain = urls.map((url) => {
    const redis = new Redis(url, { retryStrategy: () => 50 });
    redis.on("error", () => undefined);
    return redis;
  });
  await prepare?.(redlock, plain);
  const monitor = await startMonitor({
    instances: urls,
    listen: "127.0.0.1:0",
    redlock: { restartGuard: false },
    tokens: [
      { name: "rita", role: "read", token: READ_TOKEN },
      { name: "anna", role: "release", token: RELEASE_TOKEN },
    ],
    release: true,
    log: (line) => log.push(line),
    ...options,
  });
  const get = (path: string, token?: string): Promise<Response> =>
    fetch(monitor.url + path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
  return {
    servers,
    redlock,
    monitor,
    log,
    client,
    plain,
    get,
    json: async <T>(path: string, token?: string) => (await (await get(path, token)).json()) as T,
    post: (path, body, headers = {}) =>
      fetch(monitor.url + path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    async [Symbol.asyncDispose]() {
      await monitor.close();
      for (const server of servers) server.resume();
      await Promise.all(clients.map((each) => each.close().catch(() => undefined)));
      for (const redis of plain) redis.disconnect();
      await servers.stop();
    },
  };
}

/** Calls `check` until it returns something. Fails after a time that only a hang takes. */
export async function until<T>(
  check: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = HANG_MS,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`nothing was found in ${timeoutMs} ms`);
    await sleep(POLL_MS);
  }
}

/** Sends bytes as they are, as curl could, and returns the whole reply. */
export function rawRequest(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let reply = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => (reply += chunk));
    socket.on("end", () => resolve(reply));
    socket.on("error", reject);
  });
}

export function statusOf(reply: string): number {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(reply)?.[1]);
}

/** Acquires many locks. */
export async function holdMany(redlock: Redlock, names: readonly string[], ttl: number): Promise<void> {
  const step = 500;
  for (let at = 0; at < names.length; at += step)
    await Promise.all(
      names.slice(at, at + step).map((name) => redlock.acquire(name, { ttl, autoExtend: false })),
    );
}
