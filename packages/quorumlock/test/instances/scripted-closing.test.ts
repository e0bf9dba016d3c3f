import type { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { FRESH } from "../support/fresh.ts";
import { NEVER_MS, scriptedBed } from "../support/scripted-bed.ts";
import type { ScriptedServer } from "../support/scripted-server.ts";
import { eventually, rejection } from "../support/timing.ts";
import { watchedClock } from "../support/watched-clock.ts";
import { userClients } from "../support/user-clients.ts";

const bed = scriptedBed();

/** The number of listeners for each event of the client. */
function listenersOf(emitter: EventEmitter): Readonly<Record<string, number>> {
  const names = emitter.eventNames().map(String).toSorted();
  return Object.fromEntries(names.map((name) => [name, emitter.listenerCount(name)]));
}

/** The number of sockets in this process. */
function countSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
}

function waitersOf({ subscriptions }: ScriptedServer): number {
  return Object.keys(subscriptions).length;
}

describe.each(userClients)("a Redlock with $name that is closed", (kind) => {
  test("leaves no listeners, no connections and no timers, and the user's client works", async () => {
    const server = await bed.server();
    const client = bed.client(kind, server);
    await client.connect();
    await client.ping();
    const [listeners, sockets] = [listenersOf(client.emitter), countSockets()];
    const clock = watchedClock();
    const options = { ...FRESH, ttl: NEVER_MS, clock };
    const [one, two] = [new Redlock([client.source], options), new Redlock([client.source], options)];
    const held = await one.acquire("x");
    const waiting = rejection(two.acquire("x", { wait: NEVER_MS }));
    await eventually("it waits", () => waitersOf(server) === 1);
    await two.close();
    expect(await waiting).toMatchObject({ code: "LOCK_CLOSED" });
    await held.release();
    await one.close();
    expect(listenersOf(client.emitter)).toEqual(listeners);
    await eventually("only the user's connection is left", () => server.connections.join() === "1");
    await eventually("only the sockets from before are left", () => countSockets() <= sockets);
    expect(clock.keepAliveTimers).toBe(0);
    expect(await client.ping()).toBe("PONG");
    expect(server.locks).toEqual([]);
  });

  test("leaves no listeners after breaks, waiting, and a restart of the server", async () => {
    const server = await bed.server();
    const client = bed.client(kind, server);
    await client.connect();
    const listeners = listenersOf(client.emitter);
    const redlock = new Redlock([client.source], { ...FRESH, ttl: NEVER_MS });
    for (let round = 0; round < 3; round += 1) {
      const held = await redlock.acquire("x");
      await rejection(redlock.acquire("x", { wait: 1 }));
      await held.release();
      const during = listenersOf(client.emitter);
      const { connectionCount } = server;
      server.restart("RST");
      await eventually("it connects again", () =>
        server.executed.some(
          ({ connection, operation }) => connection > connectionCount && operation === "identify",
        ),
      );
      expect(listenersOf(client.emitter)).toEqual(during);
    }
    await redlock.close();
    expect(listenersOf(client.emitter)).toEqual(listeners);
    await eventually("only the user's connection is left", () => server.connections.length === 1);
  });

  test("leaves nothing if it closes during an outage, and the user's client connects again", async () => {
    const server = await bed.server();
    const client = bed.client(kind, server);
    await client.connect();
    const listeners = listenersOf(client.emitter);
    const redlock = new Redlock([client.source], { ...FRESH, ttl: NEVER_MS });
    const lock = await redlock.acquire("x");
    const waiting = rejection(redlock.acquire("x", { wait: NEVER_MS }));
    let downs = 0;
    redlock.on("instance:down", () => (downs += 1));
    server.refuse();
    server.break("RST");
    await eventually("the outage is noticed", () => downs === 1);
    await rejection(lock.release());
    await redlock.close();
    await waiting;
    expect(listenersOf(client.emitter)).toEqual(listeners);
    await server.listen();
    expect(await client.ping()).toBe("PONG");
    await eventually("only the user's connection is left", () => server.connections.length === 1);
    // A closed Redlock identifies no server.
    expect(
      server.received.flatMap(({ operations }) => operations).filter((each) => each === "identify"),
    ).toHaveLength(1);
  });

  test("waits for the reply to a release in flight", async () => {
    const { server, redlock } = await bed.open(kind);
    const lock = await redlock.acquire("x");
    server.script = ({ operations }) => (operations.includes("mutex.release") ? "hang" : "answer");
    const releasing = lock.release();
    await eventually("the release arrives", () => server.operationsOn(1).includes("mutex.release"));
    let isClosed = false;
    const closing = redlock.close().then(() => (isClosed = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    server.resume();
    expect(await releasing).toBe(true);
    await closing;
  });

  test("does not wait for a reply that a broken connection has lost", async () => {
    const { server, redlock } = await bed.open(kind, { requestTimeout: 5_000 });
    const lock = await redlock.acquire("x");
    server.script = ({ operations }) => (operations.includes("mutex.release") ? "hang" : "answer");
    const releasing = rejection(lock.release());
    await eventually("the release arrives", () => server.operationsOn(1).includes("mutex.release"));
    let isClosed = false;
    void redlock.close().then(() => (isClosed = true));
    server.refuse();
    server.break("RST");
    await releasing;
    await eventually("it is closed", () => isClosed);
  });
});

describe.each(userClients)("two Redlocks with one client of $name", (kind) => {
  test("are independent: when one closes, the other still identifies, locks, waits and is woken", async () => {
    const { server, client, redlock: other } = await bed.open(kind, { wait: NEVER_MS });
    const closed = bed.redlock(client);
    for (const redlock of [closed, other]) await redlock.using("x", () => undefined);
    await closed.close();
    let [downs, restarts] = [0, 0];
    other.on("instance:down", () => (downs += 1));
    other.on("instance:restarted", () => (restarts += 1));
    server.restart("RST");
    await eventually("the restart is noticed", () => restarts === 1);
    expect(downs).toBe(1);
    const held = await other.acquire("x");
    const third = bed.redlock(client, { wait: NEVER_MS });
    const waiting = third.acquire("x");
    await eventually("it waits", () => waitersOf(server) === 1);
    await held.release();
    await (await waiting).release();
    expect(server.locks).toEqual([]);
  });

  test("remove only their own listeners, also if the client is closed and connected again", async () => {
    const { server, client, redlock } = await bed.open(kind);
    const before = listenersOf(client.emitter);
    const closed = bed.redlock(client);
    await closed.using("x", () => undefined);
    await closed.close();
    expect(listenersOf(client.emitter)).toEqual(before);
    await redlock.using("x", () => undefined);
    for (const close of Object.values(client.ways)) {
      let downs = 0;
      redlock.on("instance:down", () => (downs += 1));
      await close();
      await eventually("the closed client is noticed", () => downs === 1);
      const { connectionCount } = server;
      await client.connect();
      await eventually("the server is identified again", () =>
        server.operationsOn(connectionCount + 1).includes("identify"),
      );
      await redlock.using("x", () => undefined);
    }
  });

  test("both send their own identification first on each connection", async () => {
    const { server, client, redlock } = await bed.open(kind);
    const redlocks = [redlock, bed.redlock(client)];
    for (const each of redlocks) await each.using("x", () => undefined);
    server.break("FIN");
    await eventually(
      "both identify again",
      () => server.operationsOn(2).filter((each) => each === "identify").length === 2,
    );
    for (const each of redlocks) await each.using("x", () => undefined);
    expect(server.operationsOn(2).slice(0, 2)).toEqual(["identify", "identify"]);
  });
});
