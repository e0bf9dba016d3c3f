import { afterEach, describe, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { freePort } from "../../src/testing/free-port.ts";
import { startRedisServer } from "../../src/testing/index.ts";
import { FRESH } from "../support/fresh.ts";
import { testServers } from "../support/server-access.ts";
import { rejection } from "../support/timing.ts";
import { userClients, type UserClient } from "../support/user-clients.ts";
import { collectWarnings } from "../support/warnings.ts";

const servers = await testServers(3);
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const cases = userClients.flatMap((kind) =>
  [1, 3].flatMap((count) =>
    [false, true].map((hasQueue) => ({
      kind,
      count,
      options: hasQueue ? {} : kind.withoutQueue,
      title: `${kind.name}, ${count} of them, ${hasQueue ? "with" : "without"} an offline queue`,
    })),
  ),
);

function redlockOf(clients: readonly UserClient[]): Redlock {
  const redlock = new Redlock(
    clients.map(({ source }) => source),
    FRESH,
  );
  closers.push(...clients.map((client) => () => client.end()), () => redlock.close());
  return redlock;
}

describe.each(cases)("clients that have not connected yet: $title", ({ kind, count, options }) => {
  test("an acquisition at once waits for the connections", async () => {
    const clients = servers.slice(0, count).map(({ server }) => kind.create(server.port, options));
    const redlock = redlockOf(clients);
    for (const client of clients) client.connect().catch(() => undefined);
    const lock = await redlock.acquire("at-once", { wait: 60_000 });
    expect(lock.isHeld).toBe(true);
    await lock.release();
  });

  test("an acquisition fails after its wait while the servers are down, and succeeds when they start", async () => {
    const ports = await Promise.all(Array.from({ length: count }, () => freePort()));
    const clients = ports.map((port) => kind.create(port, options));
    const redlock = redlockOf(clients);
    for (const client of clients) client.connect().catch(() => undefined);
    expect(await rejection(redlock.acquire("down", { wait: 200 }))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    const waiting = redlock.acquire("up", { wait: 60_000 });
    const started = await Promise.all(ports.map((port) => startRedisServer({ port })));
    closers.unshift(...started.map((server) => () => server.stop()));
    const lock = await waiting;
    expect(lock.isHeld).toBe(true);
    await lock.release();
  });

  test("an attempt without a wait waits for the connections, and nothing reports the servers as down", async () => {
    const warnings = collectWarnings();
    const clients = servers.slice(0, count).map(({ server }) => kind.create(server.port, options));
    const redlock = redlockOf(clients);
    const downs: unknown[] = [];
    redlock.on("instance:down", (event) => downs.push(event));
    // A client of ioredis begins to connect when it is needed.
    if (!kind.isIoredis) for (const client of clients) client.connect().catch(() => undefined);
    const lock = await redlock.tryAcquire("without-wait");
    expect(lock?.isHeld).toBe(true);
    await lock?.release();
    const reports = (await warnings.stop()).filter(({ code }) => code === "QUORUMLOCK_UNREACHABLE");
    expect([downs, reports]).toEqual([[], []]);
  });

  test("a wrong port is reported by the error of its connection", async () => {
    const warnings = collectWarnings();
    const ports = await Promise.all(Array.from({ length: count }, () => freePort()));
    const clients = ports.map((port) => kind.create(port, options));
    const redlock = redlockOf(clients);
    for (const client of clients) client.connect().catch(() => undefined);
    const refused = `ECONNREFUSED 127.0.0.1:${ports[0]}`;
    const error = await rejection(redlock.tryAcquire("wrong-port"));
    expect(String(error)).toContain(refused);
    const [warning] = await warnings.stop();
    expect(warning).toMatchObject({
      code: "QUORUMLOCK_UNREACHABLE",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  test("an acquisition ends if the caller has not connected the clients", async () => {
    const clients = servers.slice(0, count).map(({ server }) => kind.create(server.port, options));
    const redlock = redlockOf(clients);
    // ioredis connects at the first command, and node-redis does not, so that its wait ends without a lock.
    const wait = kind.isIoredis ? 60_000 : 500;
    const using = redlock.using("never", { wait }, () => "granted");
    const outcome = await using.catch((error: unknown) => String(error));
    expect(outcome).toMatch(kind.isIoredis ? /^granted$/ : /await client\.connect\(\)/);
  });
});
