import { type EventEmitter, once } from "node:events";
import { describe, expect, test } from "vitest";
import type { Redlock } from "../../src/index.ts";
import { identify } from "../../src/operations/identify.ts";
import { instanceOf, scriptedBed } from "../support/scripted-bed.ts";
import type { Break, Received, ScriptedServer, Step } from "../support/scripted-server.ts";
import { eventually, rejection, turns } from "../support/timing.ts";
import { userClients } from "../support/user-clients.ts";

const bed = scriptedBed();
const breaks: readonly Break[] = ["FIN", "RST"];

function cases() {
  return userClients.flatMap((kind) =>
    breaks.flatMap((how) =>
      (["dropBefore", "dropAfter"] as const).map((when) => [kind.name, how, when, kind] as const),
    ),
  );
}

/** A script that does this with the first command with the operation, and answers all others. */
function onceFor(operation: string, step: Step): (command: Received) => Step {
  let isDone = false;
  return ({ operations }) => {
    if (isDone || !operations.includes(operation)) return "answer";
    isDone = true;
    return step;
  };
}

/** The tokens whose acquire was carried out after their release. */
function lateGrants({ executed }: ScriptedServer): readonly unknown[] {
  const released = new Set<unknown>();
  return executed.filter(({ operation, token }) => {
    if (operation === "mutex.release") released.add(token);
    return operation === "mutex.acquire" && released.has(token);
  });
}

function countReceived(server: ScriptedServer, operation: string): number {
  return server.received.filter(({ operations }) => operations.includes(operation)).length;
}

/** Tries to acquire while there is no connection, and gives up before there is one. */
async function tryAndGiveUp(redlock: Redlock, name: string): Promise<void> {
  const abort = new AbortController();
  const acquiring = rejection(redlock.acquire(name, { wait: 0, signal: abort.signal }));
  await turns(5);
  abort.abort();
  expect(await acquiring).toMatchObject({ code: "LOCK_ABORTED" });
}

describe("a request in flight when its connection breaks", () => {
  test.each(userClients)("is sent again by ioredis, and rejected by node-redis: $name", async (kind) => {
    const server = await bed.server();
    const client = bed.client(kind, server);
    await client.connect();
    const instance = instanceOf(client);
    server.script = onceFor("identify", { dropBefore: "RST" });
    const outcome = await instance.run([identify()]).then(
      (replies) => replies.length,
      () => "rejected",
    );
    await eventually("the client connects again", () => instance.isAvailable);
    expect(outcome).toBe(kind.isIoredis ? 1 : "rejected");
    expect(server.operationsOn(1)).toEqual(["identify"]);
    expect(server.operationsOn(2)).toEqual(kind.isIoredis ? ["identify"] : []);
  });

  test.each(cases())("with %s by %s, %s: an acquire is undone", async (_, how, when, kind) => {
    const { server, redlock } = await bed.open(kind);
    await redlock.using("warm", () => undefined);
    server.script = onceFor("mutex.acquire", { [when]: how } as never);
    // The next attempt waits for the next connection.
    await (await redlock.acquire("x", { wait: 0 })).release();
    await eventually("the release is carried out", () =>
      server.executed.some(({ connection, operation }) => connection === 2 && operation === "mutex.release"),
    );
    await redlock.using("y", () => undefined);
    expect(server.locks).toEqual([]);
    expect(lateGrants(server)).toEqual([]);
  });

  test.each(cases())("with %s by %s, %s: a release is sent again", async (_, how, when, kind) => {
    const { server, redlock } = await bed.open(kind);
    const lock = await redlock.acquire("x");
    server.script = onceFor("mutex.release", { [when]: how } as never);
    expect(await lock.release()).toBe(true);
    await eventually("the release is carried out", () =>
      server.executed.some(({ connection, operation }) => connection === 2 && operation === "mutex.release"),
    );
    expect(server.locks).toEqual([]);
    await redlock.using("x", () => undefined);
    // The library sends it at once, and again to confirm it. ioredis sends it as well.
    const releases = server.received
      .filter(({ connection }) => connection === 2)
      .flatMap(({ requests }) => requests)
      .filter(({ operation, args }) => operation.name === "mutex.release" && args[0] === lock.token);
    expect(releases).toHaveLength(kind.isIoredis ? 3 : 2);
    expect(lateGrants(server)).toEqual([]);
  });

  test.each(cases())(
    "with %s by %s, %s: an acquire and its release keep their order, also if the server has lost the script",
    async (_, how, when, kind) => {
      const { server, redlock } = await bed.open(kind);
      await redlock.using("warm", () => undefined);
      // The reply is missing until the caller has given up.
      server.script = ({ connection, operations }) => {
        if (connection > 1 || !operations.includes("mutex.acquire")) return "answer";
        return when === "dropBefore" ? "hang" : "holdReply";
      };
      const abort = new AbortController();
      const acquiring = redlock.acquire("x", { signal: abort.signal });
      await eventually("the acquire arrives", () => countReceived(server, "mutex.acquire") === 2);
      abort.abort();
      await rejection(acquiring);
      await eventually("the release arrives", () => countReceived(server, "mutex.release") === 2);
      server.restart(how);
      await eventually("the release is carried out", () =>
        server.executed.some(
          ({ connection, operation }) => connection === 2 && operation === "mutex.release",
        ),
      );
      await redlock.using("y", () => undefined);
      expect(server.locks).toEqual([]);
      expect(lateGrants(server)).toEqual([]);
    },
  );
});

describe("requests during an outage", () => {
  test.each(userClients)(
    "$name: releases are kept for the next connection, and nothing else",
    async (kind) => {
      const { server, client, redlock } = await bed.open(kind);
      const lock = await redlock.acquire("x");
      let downs = 0;
      redlock.on("instance:down", () => (downs += 1));
      server.refuse();
      server.break("RST");
      await eventually("the outage is noticed", () => downs === 1);
      for (const name of ["y", "z"]) await tryAndGiveUp(redlock, name);
      const extending = rejection(lock.extend());
      const releasing = lock.release();
      await server.listen();
      expect(await releasing).toBe(true);
      expect(await extending).toMatchObject({ code: "LOCK_RELEASED" });
      expect(server.locks).toEqual([]);
      await eventually("the server is identified", () => server.operationsOn(2).includes("identify"));
      expect(new Set(server.operationsOn(2))).toEqual(new Set(["mutex.release", "identify"]));
      await redlock.using("x", () => undefined);
      expect(await client.ping()).toBe("PONG");
    },
  );

  test.each(userClients)("$name without a queue: a release is sent on the next connection", async (kind) => {
    const server = await bed.server();
    const client = bed.client(kind, server, kind.withoutQueue);
    await client.connect();
    const redlock = bed.redlock(client);
    const lock = await redlock.acquire("x");
    let downs = 0;
    redlock.on("instance:down", () => (downs += 1));
    server.refuse();
    server.break("RST");
    await eventually("the outage is noticed", () => downs === 1);
    const releasing = lock.release();
    await server.listen();
    expect(await releasing).toBe(true);
    expect(server.locks).toEqual([]);
    await redlock.using("x", () => undefined);
  });

  test.each(userClients)(
    "$name: no request is kept during the handshake of the next connection",
    async (kind) => {
      const { server, redlock } = await bed.open(kind);
      await redlock.using("x", () => undefined);
      server.script = ({ connection }) => (connection === 2 ? "hang" : "answer");
      server.break("RST");
      await eventually("the handshake begins", () =>
        server.received.some(({ connection }) => connection === 2),
      );
      const acquiring = redlock.acquire("y", { wait: 0 });
      await turns(5);
      server.script = () => "answer";
      server.resume();
      await (await acquiring).release();
      await redlock.using("x", () => undefined);
      const acquires = server.executed.filter(({ operation }) => operation === "mutex.acquire");
      expect(acquires).toHaveLength(3);
    },
  );

  test.each(userClients)(
    "$name: no request is kept if the first connection breaks in its handshake",
    async (kind) => {
      const server = await bed.server();
      server.script = ({ connection }) => (connection === 1 ? { dropBefore: "RST" } : "hang");
      const client = bed.client(kind, server);
      const redlock = bed.redlock(client);
      client.connect().catch(() => undefined);
      await eventually("the next handshake begins", () =>
        server.received.some(({ connection }) => connection === 2),
      );
      const acquiring = redlock.acquire("y", { wait: 0 });
      await turns(5);
      server.script = () => "answer";
      server.resume();
      await (await acquiring).release();
      await redlock.using("x", () => undefined);
      expect(server.executed.filter(({ operation }) => operation === "mutex.acquire")).toHaveLength(2);
    },
  );

  test.each(userClients)("$name: no request is kept if the first connection is refused", async (kind) => {
    const server = await bed.server();
    server.refuse();
    const client = bed.client(kind, server);
    const redlock = bed.redlock(client);
    client.connect().catch(() => undefined);
    let downs = 0;
    redlock.on("instance:down", () => (downs += 1));
    await eventually("the refused connection is noticed", () => downs === 1);
    for (const name of ["x", "y", "z"]) {
      // Each request is made in the middle of an attempt to connect.
      await once(client.source as unknown as EventEmitter, kind.isIoredis ? "connecting" : "reconnecting");
      await tryAndGiveUp(redlock, name);
    }
    await server.listen();
    await redlock.using("x", () => undefined);
    const acquires = server.executed.filter(({ operation }) => operation === "mutex.acquire");
    expect(acquires).toHaveLength(1);
    expect(server.locks).toEqual([]);
  });
});
