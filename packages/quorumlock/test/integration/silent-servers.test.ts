import { createServer, type Server } from "node:net";
import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis5";
import { createClient } from "redis";
import { createClient as createClient5 } from "redis5";
import { afterEach, describe, expect, test } from "vitest";
import { type InstanceSource, type QuorumError, Redlock } from "../../src/index.ts";
import { freePort } from "../../src/testing/free-port.ts";
import { FRESH } from "../support/fresh.ts";
import { eventually, rejection } from "../support/timing.ts";
import { collectWarnings, type Warning } from "../support/warnings.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function redlockOf(source: InstanceSource): Redlock {
  const redlock = new Redlock([source], FRESH);
  closers.push(() => redlock.close());
  return redlock;
}

function ioredis(Client: typeof Redis, options: object): InstanceSource {
  const client = new Client(options);
  client.on("error", () => undefined);
  closers.push(() => client.disconnect());
  return client;
}

function nodeRedis(create: typeof createClient, url: string): InstanceSource {
  const client = create({ url });
  client.on("error", () => undefined);
  client.connect().catch(() => undefined);
  closers.push(() => client.destroy());
  return client;
}

/** What the library warns of while a caller waits, until its first warning. */
async function warningsOfWait(redlock: Redlock): Promise<readonly Warning[]> {
  const warnings = collectWarnings();
  const end = new AbortController();
  const waiting = rejection(redlock.acquire("a", { wait: Infinity, signal: end.signal }));
  await eventually("the library warns", () => warnings.seen.length > 0);
  end.abort();
  await waiting;
  return warnings.stop();
}

/** A server that accepts connections and never answers, such as a server with TLS for a client without it. */
async function silentPort(): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on("error", () => undefined);
    closers.push(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return (server.address() as { readonly port: number }).port;
}

const host = "127.0.0.1";
const kinds: Readonly<Record<string, (port: number) => InstanceSource>> = {
  "ioredis 5": (port) => ioredis(Redis5 as never, { host, port }),
  "ioredis 6": (port) => ioredis(Redis, { host, port }),
  "ioredis 6 without a queue": (port) => ioredis(Redis, { host, port, enableOfflineQueue: false }),
  "ioredis 6 with TLS": (port) => ioredis(Redis, { host, port, tls: {} }),
  "node-redis 5": (port) => nodeRedis(createClient5 as never, `redis://${host}:${port}`),
  "node-redis 6": (port) => nodeRedis(createClient, `redis://${host}:${port}`),
  "a URL": (port) => `redis://${host}:${port}`,
  "a URL with TLS": (port) => `rediss://${host}:${port}`,
};

describe.each(Object.entries(kinds))("%s", (_name, make) => {
  test("reports a server that accepts connections and never answers, while a caller waits", async () => {
    const redlock = redlockOf(make(await silentPort()));
    const [warning, ...others] = await warningsOfWait(redlock);
    expect(warning).toEqual({
      code: "QUORUMLOCK_UNREACHABLE",
      message: expect.stringMatching(/^127\.0\.0\.1:\d+: no answer for 2 s, .*TLS \(rediss:/),
    });
    expect(others).toEqual([]);
    expect(await rejection(redlock.acquire("a", { wait: 100 }))).toMatchObject({ code: "LOCK_NO_QUORUM" });
  });
});

test.each([
  ["ioredis 5", Redis5 as unknown as typeof Redis, true],
  ["ioredis 6", Redis, true],
  ["ioredis 6 without a queue", Redis, false],
])("%s reports that no Sentinel can be reached, in a warning and in the error", async (_, Client, queue) => {
  const sentinels = [{ host, port: await freePort() }];
  const redlock = redlockOf(ioredis(Client, { sentinels, name: "master", enableOfflineQueue: queue }));
  const warnings = await warningsOfWait(redlock);
  const error = (await rejection(redlock.acquire("a", { wait: 1_000 }))) as QuorumError;
  expect(error.failures[0]?.error.message).toMatch(
    /^(no answer within 500 ms|not connected) \(latest error of the connection: All sentinels are unreachable/,
  );
  expect(warnings).toEqual([
    { code: "QUORUMLOCK_UNREACHABLE", message: expect.stringContaining("All sentinels are unreachable") },
  ]);
});
