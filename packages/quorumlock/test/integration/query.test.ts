import { afterAll, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { FRESH } from "../support/fresh.ts";
import { RequestCounter } from "../support/request-counter.ts";
import { testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";
import { userClients } from "../support/user-clients.ts";

const servers = await testServers(3);
const urls = servers.map(({ server }) => server.url);
const redlock = new Redlock(urls, { ...FRESH, owner: "holder" });
afterAll(() => redlock.close());
const counter = await RequestCounter.start(servers);
afterAll(() => counter[Symbol.asyncDispose]());

const WRITING = /^(set|incr|decr|del|pexpire|publish|hset|hdel|zadd|zrem|setrange)/;

/** What `read` resolves to. Fails if the client's requests write. */
async function withoutWrites<T>(client: Redlock, read: () => Promise<T>): Promise<T> {
  let result!: T;
  const sent = await counter.during([client], async () => (result = await read()));
  for (const { commands } of sent) {
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((command) => WRITING.test(command))).toEqual([]);
  }
  return result;
}

test.each(userClients)("$name reads the state of locks, and writes nothing", async (kind) => {
  const clients = servers.map(({ server }) => kind.create(server.port));
  await Promise.all(clients.map((client) => client.connect()));
  const reader = new Redlock(
    clients.map(({ source }) => source),
    FRESH,
  );
  const held = await redlock.acquire(["a", "b"], { ttl: 60_000, autoExtend: false });
  expect(await reader.query("free")).toMatchObject({ isHeld: false, holders: [], waiters: 0, answers: 3 });
  const state = await withoutWrites(reader, () => reader.query(["a", "b", "free"]));
  expect(state).toMatchObject({
    names: ["a", "b", "free"],
    isHeld: true,
    holders: [{ token: held.token, owner: "holder", names: ["a", "b"], votes: 3, thisProcess: true }],
    partial: [],
    answers: 3,
    instances: 3,
  });
  expect(state.holders[0]!.remaining).toBeGreaterThan(0);
  expect(state.holders[0]!.remaining).toBeLessThanOrEqual(60_000);
  await held.release();
  expect(await reader.query(["a", "b"])).toMatchObject({ isHeld: false, holders: [], partial: [] });
  await reader.close();
  for (const client of clients) client.end();
});

test.each(userClients)("$name reads the state of semaphores, and writes nothing", async (kind) => {
  const clients = servers.map(({ server }) => kind.create(server.port));
  await Promise.all(clients.map((client) => client.connect()));
  const reader = new Redlock(
    clients.map(({ source }) => source),
    FRESH,
  );
  for (const source of [redlock, redlock.tenant("acme", { maxLocks: 9 })]) {
    const jobs = source.semaphore("jobs", { permits: 9 });
    const other = (source === redlock ? reader : reader.tenant("acme", { maxLocks: 9 })).semaphore("jobs", {
      permits: 5,
    });
    await jobs.resize(6);
    const held = await Promise.all([
      jobs.acquire({ ttl: 60_000, permits: 2, autoExtend: false }),
      jobs.acquire({ ttl: 60_000, autoExtend: false }),
    ]);
    expect(new Set(held.flatMap(({ slots }) => slots)).size).toBe(3);
    const state = await withoutWrites(reader, () => other.query());
    expect(state).toMatchObject({ isHeld: true, partial: [], waiters: 0, answers: 3, permits: 6, free: 3 });
    expect(new Map(state.holders.map(({ token, slots, votes }) => [token, [slots, votes]]))).toEqual(
      new Map(held.map(({ token, slots }) => [token, [slots, 3]])),
    );
    for (const { remaining, owner } of state.holders) {
      expect(owner).toBe("holder");
      expect(remaining).toBeGreaterThan(0);
      expect(remaining).toBeLessThanOrEqual(60_000);
    }
    const waiting = jobs.acquire({ permits: 5, wait: 30_000 });
    await eventually("the caller is in line", async () => (await other.query()).waiters === 1);
    for (const lock of held) await lock.release();
    await (await waiting).release();
    expect(await other.query()).toMatchObject({ isHeld: false, holders: [], free: 6, waiters: 0 });
  }
  await reader.close();
  for (const client of clients) client.end();
});

test("an instance on which the name is no lock does not count", async () => {
  const { admin } = servers[0]!;
  await redlock.query("odd");
  await admin.hset("lock:odd", "field", "value");
  expect(await redlock.query("odd")).toMatchObject({ isHeld: false, answers: 2, instances: 3 });
  await admin.del("lock:odd");
});

test("another client is seen in line", async () => {
  const other = new Redlock(urls, FRESH);
  const held = await redlock.acquire("lined", { ttl: 60_000 });
  const waits = [1, 2].map(() => other.acquire("lined", { wait: 30_000 }));
  await eventually("the other client is in line", async () => (await redlock.query("lined")).waiters === 1);
  expect((await other.query("lined")).waiters).toBe(2);
  await held.release();
  for (const wait of waits) await (await wait).release();
  await other.close();
});
