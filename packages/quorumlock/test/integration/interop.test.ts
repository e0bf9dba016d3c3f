import { Redis } from "ioredis";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import Redlock4 from "redlock4";
import { Redlock } from "../../src/index.ts";
import { FRESH } from "../support/fresh.ts";
import { locksOn, testServers } from "../support/server-access.ts";
import { eventually, rejection } from "../support/timing.ts";

const servers = await testServers(3);
const clients = servers.map(({ server }) => new Redis(server.port));
const redlock = new Redlock(clients, { ...FRESH, prefix: "", requestTimeout: 5_000, ttl: 60_000 });
const otherClient = new Redlock4(clients, { retryCount: 0 });
const retryingClient = new Redlock4(clients, { retryCount: 500, retryDelay: 5, retryJitter: 5 });

afterEach(async () => {
  // The other library does not wait for the last server. No lock ends by itself in this time.
  await eventually("all locks are released", async () => {
    const locks = await Promise.all(servers.map(locksOn));
    return locks.flat().length === 0;
  });
});
afterAll(async () => {
  await redlock.close();
  for (const client of clients) client.disconnect();
});

describe("a client of another Redlock library on the same servers", () => {
  test("cannot acquire a lock that this library holds, until its release", async () => {
    const lock = await redlock.acquire("shared");
    expect(await rejection(otherClient.lock("shared", 60_000))).toHaveProperty("name", "LockError");
    await lock.release();
    const otherLock = await otherClient.lock("shared", 60_000);
    await otherLock.unlock();
  });

  test("holds a lock that this library cannot acquire until its release, which is not announced", async () => {
    const otherLock = await otherClient.lock("shared", 60_000);
    expect(await redlock.tryAcquire("shared")).toBeNull();
    const error = await rejection(redlock.acquire("shared", { wait: 50 }));
    expect(error).toMatchObject({
      code: "LOCK_TIMEOUT",
      holder: { owner: undefined, token: otherLock.value },
    });
    const waiting = redlock.acquire("shared", { wait: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await otherLock.unlock();
    expect(await (await waiting).release()).toBe(true);
  });

  test("never holds a lock at the same time as this library", async () => {
    let inside = 0;
    let maxInside = 0;
    let visits = 0;
    const visit = async (): Promise<void> => {
      inside += 1;
      visits += 1;
      maxInside = Math.max(maxInside, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    const ownWork = Array.from({ length: 4 }, async () => {
      for (let turn = 0; turn < 10; turn++) await redlock.using("contended", { wait: Infinity }, visit);
    });
    const otherWork = Array.from({ length: 4 }, async () => {
      for (let turn = 0; turn < 10; turn++) {
        const lock = await retryingClient.lock("contended", 60_000);
        await visit();
        await lock.unlock();
      }
    });
    await Promise.all([...ownWork, ...otherWork]);
    expect([visits, maxInside]).toEqual([80, 1]);
  });
});
