import { Redlock as SesameRedlock } from "@sesamecare-oss/redlock";
import { Redis } from "ioredis";
import { Mutex, RedlockMutex } from "redis-semaphore";
import { createLock, createRedlock, IoredisAdapter } from "redlock-universal";
import Redlock4 from "redlock4";
import { afterAll, describe, expect, test } from "vitest";
import CompatRedlock from "../../../src/compat/redlock/index.ts";
import { Redlock } from "../../../src/index.ts";
import { FRESH } from "../../support/fresh.ts";
import { testServers } from "../../support/server-access.ts";
import { eventually } from "../../support/timing.ts";

// The packages of docs/migration.md on the same servers as this library, as while a deployment rolls out.

interface Held {
  release(): Promise<unknown>;
}
/** Tries once to acquire a name. `undefined` if it is held. */
type Try = (name: string) => Promise<Held | undefined>;

const DURATION_MS = 60_000;
const servers = await testServers(3);
const clients = servers.map(({ server }) => new Redis(server.port));
const client = clients[0]!;
// A grant may need another attempt if the machine pauses. A refusal is the same in each.
const quickly = { retryCount: 3, retryDelay: 1, retryJitter: 0 };
const compat = new CompatRedlock(clients, { ...FRESH, ...quickly });
const options = { ...FRESH, ttl: DURATION_MS };
const plain = new Redlock(clients, { ...options, prefix: "" });
const plainAlone = new Redlock([client], { ...options, prefix: "" });
const semaphores = new Redlock(clients, { ...options, prefix: "mutex:" });
const semaphoresAlone = new Redlock([client], { ...options, prefix: "mutex:" });
afterAll(async () => {
  await Promise.all([plain, plainAlone, semaphores, semaphoresAlone].map((redlock) => redlock.close()));
  for (const each of [...clients, ...inDatabase1]) each.disconnect();
});

const onFailure = <T>(acquiring: Promise<T>): Promise<T | undefined> => acquiring.catch(() => undefined);
const ofThis =
  (redlock: Redlock): Try =>
  async (name) =>
    (await redlock.tryAcquire(name)) ?? undefined;
const ofCompat =
  (redlock: CompatRedlock): Try =>
  (name) =>
    onFailure(redlock.acquire([name], DURATION_MS));

const redlock4 = new Redlock4(clients, { retryCount: 0 });
const sesame = new SesameRedlock(clients as never, { retryCount: 0 });
// It selects the database of its own option in each script, whatever the client has selected.
const inDatabase1 = servers.map(({ server }) => new Redis(server.port, { db: 1 }));
const compatInDatabase1 = new CompatRedlock(inDatabase1, { ...FRESH, ...quickly });
const sesameInDatabase1 = new SesameRedlock(inDatabase1 as never, { retryCount: 0, db: 1 });
const once = { lockTimeout: DURATION_MS, acquireAttemptsLimit: 1 };
const ofMutex =
  (make: (name: string) => Pick<Mutex, "tryAcquire" | "release">): Try =>
  async (name) => {
    const mutex = make(name);
    return (await mutex.tryAcquire()) ? mutex : undefined;
  };
const adapters = clients.map((each) => new IoredisAdapter(each as never));
const ofLock =
  (make: (key: string) => ReturnType<typeof createRedlock>): Try =>
  async (key) => {
    const lock = make(key);
    const handle = await onFailure(lock.acquire());
    return handle && { release: () => lock.release(handle) };
  };
const universal = { ttl: DURATION_MS, retryAttempts: 0 };

describe.each<[other: string, own: string, Try, Try]>([
  [
    "redlock 4",
    "the drop-in",
    async (name) => {
      const lock = await onFailure(redlock4.lock(name, DURATION_MS));
      return lock && { release: () => lock.unlock() };
    },
    ofCompat(compat),
  ],
  [
    "@sesamecare-oss/redlock",
    "the drop-in",
    (name) => onFailure(sesame.acquire([name], DURATION_MS)),
    ofCompat(compat),
  ],
  [
    "@sesamecare-oss/redlock with the option db: 1",
    "the drop-in with clients of database 1",
    (name) => onFailure(sesameInDatabase1.acquire([name], DURATION_MS)),
    ofCompat(compatInDatabase1),
  ],
  [
    "RedlockMutex of redis-semaphore",
    "the prefix mutex:",
    ofMutex((name) => new RedlockMutex(clients, name, once)),
    ofThis(semaphores),
  ],
  [
    "Mutex of redis-semaphore",
    "one client and the prefix mutex:",
    ofMutex((name) => new Mutex(client, name, once)),
    ofThis(semaphoresAlone),
  ],
  [
    "createRedlock of redlock-universal",
    "an empty prefix",
    ofLock((key) => createRedlock({ adapters, key, ...universal })),
    ofThis(plain),
  ],
  [
    "createLock of redlock-universal",
    "one client and an empty prefix",
    ofLock((key) => createLock({ adapter: adapters[0]!, key, ...universal })),
    ofThis(plainAlone),
  ],
])("%s and %s", (other, own, tryOther, tryOwn) => {
  test.each([
    ["the other package", tryOther, tryOwn],
    ["this library", tryOwn, tryOther],
  ])("exclude each other while %s holds the name", async (_, tryFirst, trySecond) => {
    const name = `${other} ${own}`;
    const held = await tryFirst(name);
    expect(held).toBeDefined();
    expect(await trySecond(name)).toBeUndefined();
    await held!.release();
    const next = await trySecond(name);
    expect(next).toBeDefined();
    await next!.release();
  });
});

test("@sesamecare-oss/redlock without the option db uses database 0, whatever the client has selected", async () => {
  const lock = await new SesameRedlock(inDatabase1 as never, { retryCount: 0 }).acquire(["db"], DURATION_MS);
  await eventually("it is in database 0", async () => (await servers[0]!.admin.get("db")) === lock.value);
  await lock.release();
});
