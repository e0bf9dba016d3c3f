import { Cluster } from "ioredis";
import { Cluster as Cluster5 } from "ioredis5";
import { createClient as createClient5 } from "redis5";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type InstanceError, type InstanceSource, type QuorumError, Redlock } from "../../src/index.ts";
import { startRedisServer, startRedisServers } from "../../src/testing/index.ts";
import { freePort } from "../../src/testing/free-port.ts";
import { FRESH } from "../support/fresh.ts";
import { locksOn, testServers } from "../support/server-access.ts";
import { eventually, rejection } from "../support/timing.ts";
import { userClients } from "../support/user-clients.ts";
import { collectWarnings } from "../support/warnings.ts";

interface User {
  readonly username?: string;
  readonly password?: string;
}

const open = await testServers(3);
const guarded = await startRedisServers(3, { args: ["--requirepass", "right"] });
afterAll(() => guarded.stop());

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Clients that may never connect: the test does not wait for that. */
const kinds = [
  ...userClients.map((kind) => ({
    name: kind.name,
    make: (port: number, user: User): InstanceSource => {
      const client = kind.create(port, user);
      client.connect().catch(() => undefined);
      closers.push(() => client.end());
      return client.source;
    },
  })),
  {
    name: "URL",
    make: (port: number, { username = "", password = "" }: User): InstanceSource =>
      `redis://${password === "" ? "" : `${username}:${password}@`}127.0.0.1:${port}`,
  },
];

function redlockOf(sources: readonly InstanceSource[], options = {}): Redlock {
  const redlock = new Redlock(sources, { ...FRESH, ...options });
  closers.unshift(() => redlock.close());
  return redlock;
}

const guardedPorts = guarded.map(({ port }) => port);
const openPorts = open.map(({ server }) => server.port);

async function addUser(...rights: string[]): Promise<User> {
  for (const { admin } of open)
    await admin.call("ACL", "SETUSER", "poor", "reset", "on", ">secret", "~*", "&*", "+@all", ...rights);
  return { username: "poor", password: "secret" };
}

/** How a client is refused for good: its servers, its user, and what each line of the error says. */
const refusals: Readonly<Record<string, () => Promise<readonly [readonly number[], User, RegExp]>>> = {
  "a wrong password": async () => [
    guardedPorts,
    { password: "wrong" },
    /: (WRONGPASS|NOAUTH) .*; (correct the user name and the password|give the client the password)/,
  ],
  "no password": async () => [
    guardedPorts,
    {},
    /: (NOAUTH|ERR Protocol error: unauthenticated) .*; give the client the password/,
  ],
  "no right to run scripts": async () => [
    openPorts,
    await addUser("-eval", "-evalsha"),
    /: NOPERM .*'eval(sha)?' command; give the user this right; docs\/servers\.md/,
  ],
  "no right to a command of the scripts": async () => [
    openPorts,
    await addUser("-set"),
    /: ERR .*(script|'set' command).*; give the user this right/,
  ],
  "no right to the keys": async () => [
    openPorts,
    await addUser("resetkeys", "~locks:*"),
    /: NOPERM .*keys?\b.* \("lock:/,
  ],
};

describe.each(kinds)("$name", ({ make }) => {
  describe.each(Object.entries(refusals))("with %s", (_name, refusal) => {
    test.each([1, 3])("ends at once, whatever its limit, and says why: N = %i", async (count) => {
      const [ports, user, line] = await refusal();
      const redlock = redlockOf(ports.slice(0, count).map((port) => make(port, user)));
      const calls = [
        () => redlock.acquire("a", { wait: Infinity }),
        () => redlock.using("a", { wait: Infinity }, () => undefined),
        () => redlock.tryAcquire("a"),
      ];
      for (const call of calls) {
        const error = (await rejection(call())) as QuorumError;
        expect(error).toMatchObject({ code: "LOCK_NO_QUORUM", names: ["a"] });
        const lines = error.message.split("\n").slice(1);
        expect(lines).toHaveLength(count);
        const refused = lines.filter((each) => line.test(each));
        // The wait ends when two of three servers have answered. A single attempt can end with the first of them.
        const least = call === calls[2] ? 1 : Math.floor(count / 2) + 1;
        expect(refused.length).toBeGreaterThanOrEqual(least);
        const failures = error.failures.map(({ error: failure }) => failure as InstanceError);
        expect(failures.filter(({ isPermanent }) => isPermanent === true)).toHaveLength(refused.length);
      }
      for (const server of open) expect(await locksOn(server)).toEqual([]);
    });
  });

  test("with a wrong password on one server of three has locks, and a warning names that server", async () => {
    const warnings = collectWarnings();
    const [wrong] = guardedPorts;
    const sources = [wrong!, openPorts[1]!, openPorts[2]!].map((port, place) =>
      make(port, place === 0 ? { password: "wrong" } : {}),
    );
    const [one, two] = [redlockOf(sources), redlockOf(sources.map((source) => source))];
    const lock = await one.acquire("b", { wait: Infinity });
    const waiting = two.acquire("b", { wait: Infinity });
    await lock.extend();
    await lock.release();
    await (await waiting).release();
    const seen = await warnings.stop();
    // Once for each client.
    expect(seen.map(({ code }) => code)).toEqual(["QUORUMLOCK_REFUSED", "QUORUMLOCK_REFUSED"]);
    for (const { message } of seen)
      expect(message).toMatch(new RegExp(`^(127.0.0.1|localhost):${wrong}: (WRONGPASS|NOAUTH) `));
  });

  test("with a wrong port warns once while it waits, and has the lock when the server is there", async () => {
    const warnings = collectWarnings();
    const port = await freePort();
    const redlock = redlockOf([make(port, {})]);
    const acquired = redlock.acquire("c", { wait: Infinity });
    await eventually("the warning", () => warnings.seen.length > 0);
    expect(warnings.seen[0]).toEqual({
      code: "QUORUMLOCK_UNREACHABLE",
      message: expect.stringMatching(
        new RegExp(
          `^(127.0.0.1|localhost):${port}: .*ECONNREFUSED.*; the client keeps trying; check the address`,
        ),
      ),
    });
    await using _server = await startRedisServer({ port });
    await (await acquired).release();
    expect(await warnings.stop()).toHaveLength(1);
  });
});

test.each([
  ["ioredis 5", Cluster5],
  ["ioredis 6", Cluster],
])("a cluster client of %s with a wrong password ends at once", async (_name, Client) => {
  const nodes = guardedPorts.map((port) => ({ host: "127.0.0.1", port }));
  const client = new Client(nodes, { redisOptions: { password: "wrong" }, clusterRetryStrategy: () => 5 });
  closers.push(() => client.disconnect());
  const redlock = redlockOf([client]);
  const error = await rejection(redlock.acquire("a", { wait: Infinity }));
  expect(String(error)).toMatch(/cluster of .*: WRONGPASS .*; correct the user name and the password/);
});

test("a client that the server refuses and disconnects does not connect again and again", async () => {
  // Without a password, this version does not authenticate, and the server ends the connection after a long command.
  const client = createClient5({
    socket: { host: "127.0.0.1", port: guardedPorts[0]!, reconnectStrategy: () => 5 },
  });
  closers.push(() => client.destroy());
  let connections = 0;
  client.on("error", () => undefined);
  client.on("ready", () => (connections += 1));
  await client.connect();
  const redlock = redlockOf([client]);
  for (let call = 0; call < 3; call += 1) await rejection(redlock.acquire("a", { wait: Infinity }));
  for (let command = 0; command < 2_000; command += 1) await client.ping().catch(() => undefined);
  await eventually("it is connected", () => client.isReady);
  // The request and the release of each call can end a connection.
  expect(connections).toBeLessThanOrEqual(7);
});

test.each([
  ["PEXPIRE", ["-pexpire"]],
  ["DEL", ["-del"]],
  ["the key", ["resetkeys", "~lock:~*"]],
])("one server of three that refuses %s has a warning, and no other sign", async (_what, rights) => {
  const user = await addUser();
  await open[0]!.admin.call("ACL", "SETUSER", "poor", ...rights);
  const warnings = collectWarnings();
  const redlock = redlockOf(openPorts.map((port) => `redis://poor:${user.password}@127.0.0.1:${port}`));
  for (let call = 0; call < 3; call += 1) {
    const lock = await redlock.acquire("f");
    // A longer ttl, because a renewal within a millisecond writes nothing.
    await lock.extend(60_000);
    await lock.release();
  }
  await eventually("the warning", () => warnings.seen.length > 0);
  expect(await warnings.stop()).toEqual([
    {
      code: "QUORUMLOCK_REFUSED",
      message: expect.stringMatching(new RegExp(`^127.0.0.1:${openPorts[0]}: .*; give the user this right`)),
    },
  ]);
});

test("a server that restarts is no warning: an event reports it", async () => {
  const warnings = collectWarnings();
  await using server = await startRedisServer();
  const redlock = redlockOf([server.url]);
  const downs: unknown[] = [];
  redlock.on("instance:down", (event) => downs.push(event));
  await redlock.using("d", () => undefined);
  await server.restart();
  await eventually("the event", () => downs.length > 0);
  await redlock.using("d", { wait: Infinity }, () => undefined);
  expect(await warnings.stop()).toEqual([]);
});

test("a channel that the user may not use is named by the event and a warning, and waiters poll", async () => {
  const user = await addUser("resetchannels", "&locks:*");
  const warnings = collectWarnings();
  const sources = openPorts.map((port) => `redis://poor:secret@127.0.0.1:${port}`);
  const [one, two] = [redlockOf(openPorts.map((port) => `redis://127.0.0.1:${port}`)), redlockOf(sources)];
  expect(user.username).toBe("poor");
  const losses: { readonly error: InstanceError }[] = [];
  two.on("instance:wake:lost", (event) => losses.push(event));
  const lock = await one.acquire("e", { ttl: 60_000 });
  const waiting = two.acquire("e", { wait: Infinity });
  await eventually("the events", () => losses.length === 3);
  await lock.release();
  await (await waiting).release();
  for (const { error } of losses)
    expect(error.message).toMatch(
      /^NOPERM .*channels?\b.* \("lock:~wake:\{\w+\}e"\); give the user this right/,
    );
  expect((await warnings.stop()).map(({ code }) => code)).toEqual(Array(3).fill("QUORUMLOCK_REFUSED"));
});
