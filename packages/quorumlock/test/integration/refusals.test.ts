import { Redis } from "ioredis";
import { afterAll, describe, expect, test } from "vitest";
import { type Lock, type QuorumError, Redlock } from "../../src/index.ts";
import { FRESH } from "../support/fresh.ts";
import { RequestCounter, type Sent } from "../support/request-counter.ts";
import { testServers } from "../support/server-access.ts";
import { eventually, rejection } from "../support/timing.ts";

const servers = await testServers(3);
/** Requests are not repeated. */
const PATIENT = { ...FRESH, requestTimeout: 60_000 };
const clients: Redis[] = [];
afterAll(() => clients.forEach((client) => client.disconnect()));

function connect(place: number, user?: string): Redis {
  const { port } = servers[place]!.server;
  const client = new Redis({ port, ...(user !== undefined && { username: user, password: "secret" }) });
  client.on("error", () => undefined);
  clients.push(client);
  return client;
}

async function addUser(name: string, ...rights: string[]): Promise<void> {
  for (const { admin } of servers)
    await admin.call("ACL", "SETUSER", name, "reset", "on", ">secret", "~*", "&*", "+@all", ...rights);
}

/** How many script calls a server has had since the last reset, also those that it refused. */
async function scriptCalls(place: number): Promise<number> {
  const stats = await servers[place]!.admin.info("commandstats");
  const counts = [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+),.*rejected_calls=(\d+)/g)];
  return counts.reduce((sum, [, calls, rejected]) => sum + Number(calls) + Number(rejected), 0);
}

async function countDuring(act: () => Promise<unknown>): Promise<readonly number[]> {
  for (const { admin } of servers) await admin.config("RESETSTAT");
  await act();
  return Promise.all(servers.map((_, place) => scriptCalls(place)));
}

test("a caller that a full server refuses pauses between its attempts, and the server is not down", async () => {
  const { admin } = servers[0]!;
  const redlock = new Redlock([connect(0)], FRESH);
  await redlock.using("warm", () => undefined);
  const downs: unknown[] = [];
  redlock.on("instance:down", (event) => downs.push(event));
  await admin.config("SET", "maxmemory", "1");
  await using counter = await RequestCounter.start(servers.slice(0, 1));
  const attempts = (): number =>
    counter.allOperations()[0]!.filter((name) => name === "mutex.acquire").length;
  const end = new AbortController();
  const startedAt = performance.now();
  const acquiring = rejection(redlock.acquire("x", { wait: Infinity, signal: end.signal }));
  await eventually("it has tried six times", () => attempts() >= 6);
  const elapsedMs = performance.now() - startedAt;
  end.abort();
  await acquiring;
  const error = await rejection(redlock.acquire("x", { wait: 0 }));
  await admin.config("SET", "maxmemory", "0");
  expect((error as QuorumError).failures[0]?.error).toMatchObject({
    code: "INSTANCE_REPLY",
    message: expect.stringMatching(/\bOOM /),
  });
  expect(downs).toEqual([]);
  // The pauses double up to a second: they are at least 25, 50, 100, 200 and 400 ms. A slow machine makes them longer.
  expect(elapsedMs).toBeGreaterThan(770);
  await redlock.close();
});

describe("a user without the right to run scripts", () => {
  test("is refused by the words of the server at once, sends few requests, and the server is not down", async () => {
    await addUser("no-scripts", "-eval", "-evalsha");
    const redlock = new Redlock([connect(0, "no-scripts")], PATIENT);
    const downs: unknown[] = [];
    redlock.on("instance:down", (event) => downs.push(event));
    let errors: readonly unknown[] = [];
    const [calls = 0] = await countDuring(async () => {
      const callers = Array.from({ length: 50 }, () => redlock.acquire("x", { wait: Infinity }));
      errors = await Promise.all(callers.map(rejection));
    });
    for (const error of errors)
      expect((error as QuorumError).failures[0]?.error).toMatchObject({
        code: "INSTANCE_REPLY",
        message: expect.stringMatching(/^NOPERM /),
      });
    expect(downs).toEqual([]);
    // Two identifications, one attempt and its withdrawal.
    expect(calls).toBeLessThanOrEqual(4);
    await redlock.close();
  });

  test("on one of three servers costs the others nothing while it waits", async () => {
    await addUser("no-scripts", "-eval", "-evalsha");
    const holder = new Redlock([connect(0), connect(1), connect(2)], FRESH);
    const lock = await holder.acquire("y", { autoExtend: false, ttl: 30_000 });
    const redlock = new Redlock([connect(0, "no-scripts"), connect(1), connect(2)], PATIENT);
    await using counter = await RequestCounter.start(servers.slice(1));
    let sent: readonly Sent[] = [];
    const [calls] = await countDuring(async () => {
      sent = await counter.during([redlock], () => rejection(redlock.acquire("y", { wait: 1_500 })));
    });
    for (const { operations } of sent) {
      const countOf = (what: string): number => operations.filter((name) => name === `mutex.${what}`).length;
      // One before it is in line and one after that, and another one if a server had not answered when the second was refused. A server
      // that answers later than that gets a release. Then nothing is sent until the end of the place in line.
      expect(countOf("acquire")).toBeLessThanOrEqual(3);
      expect(countOf("release")).toBeLessThanOrEqual(countOf("acquire"));
      expect(countOf("leave")).toBeLessThanOrEqual(1);
      expect(operations.filter((name) => !/^mutex\.(acquire|release|leave)$/.test(name))).toEqual([]);
    }
    expect(calls).toBeLessThan(30);
    await lock.release();
    await Promise.all([holder.close(), redlock.close()]);
  });
});

test("of two names in one tick, only the one fails that the user may not use", async () => {
  await addUser("half", "resetkeys", "~lock:~*", "~lock:mine*");
  const redlock = new Redlock([connect(0, "half"), connect(1, "half"), connect(2, "half")], FRESH);
  await redlock.using("mine", () => undefined);
  const [mine, other] = await Promise.allSettled([
    redlock.tryAcquire("mine"),
    redlock.acquire("other", { wait: 100 }),
  ]);
  expect((mine as PromiseFulfilledResult<Lock | null>).value?.isHeld).toBe(true);
  expect(String((other as PromiseRejectedResult).reason)).toContain("NOPERM");
  await redlock.close();
});

test("a client without an offline queue that is not connected yet gets the lock", async () => {
  for (const count of [1, 3]) {
    const unconnected = Array.from({ length: count }, (_, place) => {
      const client = new Redis({ port: servers[place]!.server.port, enableOfflineQueue: false });
      clients.push(client);
      return client;
    });
    const redlock = new Redlock(unconnected, FRESH);
    await (await redlock.acquire("z")).release();
    await redlock.close();
  }
});
