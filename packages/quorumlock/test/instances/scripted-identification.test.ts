import { describe, expect, test } from "vitest";
import type { Redlock } from "../../src/index.ts";
import { instanceOf, NEVER_MS, type Opened, scriptedBed } from "../support/scripted-bed.ts";
import type { ScriptedServer } from "../support/scripted-server.ts";
import { eventually, rejection } from "../support/timing.ts";
import { type UserClient, userClients } from "../support/user-clients.ts";

const bed = scriptedBed();
const GRANTS = new Set(["mutex.acquire", "mutex.takeOver"]);

/** Replaces the connection of a client by a new one. */
type Reconnect = (opened: Opened) => Promise<unknown>;

const byServer: Readonly<Record<string, Reconnect>> = {
  "the server closes it": async ({ server }) => server.break("FIN"),
  "the server resets it": async ({ server }) => server.break("RST"),
  "the server refuses the next ones for a while": async ({ server, redlock }) => {
    let downs = 0;
    redlock.on("instance:down", () => (downs += 1));
    server.refuse();
    server.break("RST");
    await eventually("the outage is noticed", () => downs === 1);
    await rejection(redlock.acquire("y", { wait: 200 }));
    await server.listen();
  },
  "the server closes the next one during its handshake": async ({ server }) => {
    server.script = ({ connection }) => (connection === 2 ? { dropBefore: "FIN" } : "answer");
    server.break("RST");
  },
  "the server restarts": async ({ server }) => server.restart("RST"),
};

function byUser(way: string): Reconnect {
  return async ({ client }) => {
    await client.ways[way]!();
    await eventually("the client is closed", () => ["close", "end"].includes(stateOf(client)));
    await client.connect();
  };
}

/** The status of an ioredis client; "end" or "ready" for node-redis. */
function stateOf({ source }: UserClient): string {
  const { status, isOpen } = source as { status?: string; isOpen?: boolean };
  return status ?? (isOpen === true ? "ready" : "end");
}

const cases = userClients.flatMap((kind) => {
  const ways = kind.isIoredis ? ["disconnect", "quit"] : ["close", "destroy"];
  const all = {
    ...byServer,
    ...Object.fromEntries(ways.map((way) => [`its user calls ${way}`, byUser(way)])),
  };
  return Object.entries(all).map(([what, reconnect]) => [kind.name, what, kind, reconnect] as const);
});

/** The operations on the latest connection that has any. */
function latestOperations(server: ScriptedServer): readonly string[] {
  const last = server.received.findLast(({ operations }) => operations.length > 0);
  return server.operationsOn(last?.connection ?? 0);
}

function expectIdentityFirst(server: ScriptedServer): void {
  const operations = latestOperations(server);
  const [identity, grant] = [
    operations.indexOf("identify"),
    operations.findIndex((each) => GRANTS.has(each)),
  ];
  expect(operations).toContain("identify");
  expect(grant).toBeGreaterThan(identity);
}

/** Acquires and releases a lock. Returns its fencing token. */
async function useOnce(redlock: Redlock): Promise<number> {
  const lock = await redlock.acquire("x");
  await lock.release();
  return lock.fence;
}

describe("the first request on a new connection is the identification", () => {
  test.each(cases)("of %s, after %s", async (_, what, kind, reconnect) => {
    const opened = await bed.open(kind);
    const { server, redlock } = opened;
    const restarts: string[] = [];
    redlock.on("instance:restarted", ({ before, now }) => restarts.push(`${before} ${now}`));
    const before = await useOnce(redlock);
    expectIdentityFirst(server);
    const { connectionCount } = server;
    await reconnect(opened);
    await eventually("the server is identified again", () =>
      server.executed.some(
        ({ connection, operation }) => connection > connectionCount && operation === "identify",
      ),
    );
    expect(await useOnce(redlock)).toBeGreaterThan(before);
    expectIdentityFirst(server);
    expect(restarts).toHaveLength(what === "the server restarts" ? 1 : 0);
    // The server may be another one, so it gets the texts of the scripts again, without an error before.
    const texts = server.received.filter(
      ({ connection, name }) => connection > connectionCount && name === "eval",
    );
    expect(texts.map(({ operations }) => operations[0])).toEqual(["identify", "mutex.acquire"]);
  });
});

describe("a client that was never connected", () => {
  test.each(userClients)("is identified first, when it is connected: $name", async (kind) => {
    const server = await bed.server();
    const client = bed.client(kind, server);
    const redlock = bed.redlock(client);
    await client.connect();
    await useOnce(redlock);
    expectIdentityFirst(server);
    expect(server.operationsOn(1).filter((each) => each === "identify")).toHaveLength(1);
  });

  test.each(userClients)("keeps requests in order while it connects: $name", async (kind) => {
    const server = await bed.server();
    server.script = ({ name }) =>
      name === "hello" || name === "client" || name === "info" ? "hang" : "answer";
    const client = bed.client(kind, server);
    const redlock = bed.redlock(client);
    const connecting = client.connect();
    const using = useOnce(redlock);
    await eventually("the handshake begins", () => server.received.length > 0);
    expect(server.executed).toEqual([]);
    server.script = () => "answer";
    server.resume();
    await Promise.all([connecting, using]);
    expectIdentityFirst(server);
  });

  test.each(userClients)("is identified first if its first connection is refused: $name", async (kind) => {
    const server = await bed.server();
    server.refuse();
    const client = bed.client(kind, server);
    const redlock = bed.redlock(client, { wait: NEVER_MS });
    client.connect().catch(() => undefined);
    let downs = 0;
    redlock.on("instance:down", () => (downs += 1));
    await eventually("the refused connection is noticed", () => downs === 1);
    expect(instanceOf(client).isAvailable || !kind.isIoredis).toBe(!kind.isIoredis);
    const using = useOnce(redlock);
    await server.listen();
    await using;
    expectIdentityFirst(server);
  });
});
