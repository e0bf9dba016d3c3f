import { describe, expect, test } from "vitest";
import { identify } from "../../src/operations/identify.ts";
import { instanceOf, scriptedBed } from "../support/scripted-bed.ts";
import type { Received, ScriptedServer, Step } from "../support/scripted-server.ts";
import { eventually, rejection } from "../support/timing.ts";
import { userClients } from "../support/user-clients.ts";

const bed = scriptedBed();
/** A time limit that a held reply exceeds. */
const SHORT_MS = 100;

function on(operation: string, step: Step): (command: Received) => Step {
  return ({ operations }) => (operations.includes(operation) ? step : "answer");
}

function callsWith({ received }: ScriptedServer, operation: string): readonly string[] {
  return received.filter(({ operations }) => operations.includes(operation)).map(({ name }) => name);
}

describe.each(userClients)("replies to $name", (kind) => {
  test("may arrive byte by byte", async () => {
    const { server, redlock } = await bed.open(kind);
    server.script = () => "fragments";
    const lock = await redlock.acquire("x");
    await lock.extend();
    expect(await lock.release()).toBe(true);
    expect(server.locks).toEqual([]);
  });

  test("may arrive in one write for many commands, and each goes to its own request", async () => {
    const server = await bed.server();
    const client = bed.client(kind, server);
    await client.connect();
    const instance = instanceOf(client);
    server.script = () => "hang";
    const replies = [1, 2, 3].map(() => instance.run([identify(), identify()]));
    const pings = [client.ping(), client.ping()];
    await eventually(
      "all commands arrive",
      () => server.received.filter(({ name }) => name === "ping").length === 2,
    );
    server.script = () => "answer";
    server.resume();
    const runId = server.host.store.runId;
    for (const pair of await Promise.all(replies))
      expect(pair.map((reply) => (reply as readonly unknown[])[1])).toEqual([runId, runId]);
    expect(await Promise.all(pings)).toEqual(["PONG", "PONG"]);
  });

  test("that come after the time limit do not count, and the grant is undone", async () => {
    const { server, redlock } = await bed.open(kind, { requestTimeout: SHORT_MS });
    await redlock.using("warm", () => undefined);
    const heard: string[] = [];
    redlock.on("instance:down", ({ error }) => heard.push(`down ${error.code}`));
    redlock.on("instance:up", () => heard.push("up"));
    server.script = on("mutex.acquire", "holdReply");
    expect(await rejection(redlock.acquire("x", { wait: 0 }))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(heard).toEqual(["down INSTANCE_TIMEOUT"]);
    await eventually("the release is carried out", () => server.locks.length === 0);
    server.script = () => "answer";
    server.resume();
    await eventually("the late replies end the outage", () => heard.length === 2);
    expect(heard).toEqual(["down INSTANCE_TIMEOUT", "up"]);
    await redlock.using("x", () => undefined);
    // The connection was not replaced.
    expect(server.connectionCount).toBe(1);
  });

  test("that a hung server never sends do not let its backlog grow", async () => {
    const { server, redlock } = await bed.open(kind, { requestTimeout: SHORT_MS });
    await redlock.using("warm", () => undefined);
    server.script = () => "hang";
    await rejection(redlock.acquire("x", { wait: 0 }));
    const received = server.received.length;
    for (let turn = 0; turn < 20; turn += 1) await rejection(redlock.acquire(`n${turn}`, { wait: 0 }));
    expect(server.received.length - received).toBeLessThanOrEqual(1);
    server.script = () => "answer";
    server.resume();
    await eventually("the release is carried out", () => server.locks.length === 0);
  });
});

describe.each(userClients)("errors of the server for $name", (kind) => {
  test("a script that was forgotten is sent with its text, and the lock is granted once", async () => {
    const { server, redlock } = await bed.open(kind);
    await redlock.using("warm", () => undefined);
    server.host.forgetScripts();
    server.received.length = 0;
    const lock = await redlock.acquire("x");
    expect(callsWith(server, "mutex.acquire")).toEqual(["evalsha", "eval"]);
    expect(server.executed.filter(({ token }) => token === lock.token)).toHaveLength(1);
    await lock.release();
    expect(callsWith(server, "mutex.release")).toEqual(["evalsha"]);
  });

  test("a script that was forgotten is not sent again for a request that was withdrawn meanwhile", async () => {
    const { server, redlock } = await bed.open(kind);
    await redlock.using("warm", () => undefined);
    server.host.forgetScripts();
    server.received.length = 0;
    server.script = on("mutex.acquire", "holdReply");
    const abort = new AbortController();
    const acquiring = redlock.acquire("x", { signal: abort.signal });
    await eventually("the acquire arrives", () => callsWith(server, "mutex.acquire").length === 1);
    abort.abort();
    expect(await rejection(acquiring)).toMatchObject({ code: "LOCK_ABORTED" });
    await eventually("the release arrives", () => callsWith(server, "mutex.release").length === 1);
    server.script = () => "answer";
    server.resume();
    await redlock.using("y", () => undefined);
    // The acquires of "warm" and "y" are carried out, and that of "x" is not.
    expect(server.executed.filter(({ operation }) => operation === "mutex.acquire")).toHaveLength(2);
    expect(server.locks).toEqual([]);
  });

  test.each([
    ["LOADING Redis is loading the dataset in memory"],
    ["BUSY Redis is busy running a script"],
    ["NOPERM User default has no permissions to run the 'evalsha' command"],
    ["READONLY You can't write against a read only replica."],
    ["ERR unknown"],
  ])("%s: the vote does not count, nothing is sent twice, and a later request works", async (error) => {
    const { server, redlock } = await bed.open(kind);
    await redlock.using("warm", () => undefined);
    server.received.length = 0;
    server.script = on("mutex.acquire", { error });
    const failure = (await rejection(redlock.acquire("x", { wait: 0 }))) as { failures: { error: Error }[] };
    expect(failure).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(failure.failures.map((each) => each.error.message).join()).toContain(error);
    expect(callsWith(server, "mutex.acquire")).toHaveLength(1);
    server.script = () => "answer";
    await redlock.using("x", () => undefined);
    expect(server.locks).toEqual([]);
    expect(server.connectionCount).toBe(1);
  });

  test("a release that the server refuses is sent again while the connection stays open", async () => {
    const { server, redlock } = await bed.open(kind);
    const lock = await redlock.acquire("x");
    let refusals = 0;
    server.script = ({ operations }) => {
      if (!operations.includes("mutex.release") || refusals > 0) return "answer";
      refusals += 1;
      return { error: "BUSY Redis is busy running a script" };
    };
    await rejection(lock.release());
    expect(server.locks).toEqual(["lock:x"]);
    await eventually("the release is carried out", () => server.locks.length === 0);
    expect(server.connectionCount).toBe(1);
  });

  test("an identification that the server refuses is sent again before the next acquire", async () => {
    const server = await bed.server();
    const client = bed.client(kind, server);
    server.script = on("identify", { error: "LOADING Redis is loading the dataset in memory" });
    await client.connect();
    const redlock = bed.redlock(client);
    await rejection(redlock.acquire("x", { wait: 0 }));
    expect(server.executed.map(({ operation }) => operation)).not.toContain("identify");
    server.script = () => "answer";
    await redlock.using("x", () => undefined);
    expect(server.executed.map(({ operation }) => operation)).toContain("identify");
  });
});
