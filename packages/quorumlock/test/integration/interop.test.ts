import { Redis } from "ioredis";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import Redlock4 from "redlock4";
import { Redlock } from "../../src/index.ts";
import { FRESH } from "../support/fresh.ts";
import { locksOn, testServers } from "../support/server-access.ts";
import { rejection } from "../support/timing.ts";

const servers = await testServers(3);
const clients = servers.map(({ server }) => new Redis(server.port));
const ours = new Redlock(clients, { ...FRESH, prefix: "", requestTimeout: 5_000 });
const theirs = new Redlock4(clients, { retryCount: 0 });
const patient = new Redlock4(clients, { retryCount: 500, retryDelay: 5, retryJitter: 5 });

afterEach(async () => {
  for (const server of servers) expect(await locksOn(server)).toEqual([]);
});
afterAll(async () => {
  await ours.close();
  for (const client of clients) client.disconnect();
});

describe("a plain Redlock client of another kind on the same servers", () => {
  test("is shut out by our lock, and let in after its release", async () => {
    const lock = await ours.acquire("shared");
    expect(await rejection(theirs.lock("shared", 5_000))).toHaveProperty("name", "LockError");
    await lock.release();
    const other = await theirs.lock("shared", 5_000);
    await other.unlock();
  });

  test("shuts us out, is named, and lets us in without being able to tell us", async () => {
    const other = await theirs.lock("shared", 30_000);
    expect(await ours.tryAcquire("shared")).toBeNull();
    const error = await rejection(ours.acquire("shared", { wait: 50 }));
    expect(error).toMatchObject({ code: "LOCK_TIMEOUT", holder: { owner: undefined, token: other.value } });
    const waiting = ours.acquire("shared", { wait: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await other.unlock();
    expect(await (await waiting).release()).toBe(true);
  });

  test("and ours are never in at the same time", async () => {
    let inside = 0;
    let most = 0;
    let visits = 0;
    const visit = async (): Promise<void> => {
      inside += 1;
      visits += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    const us = Array.from({ length: 4 }, async () => {
      for (let turn = 0; turn < 10; turn++) await ours.using("contended", { wait: Infinity }, visit);
    });
    const them = Array.from({ length: 4 }, async () => {
      for (let turn = 0; turn < 10; turn++) {
        const lock = await patient.lock("contended", 10_000);
        await visit();
        await lock.unlock();
      }
    });
    await Promise.all([...us, ...them]);
    expect([visits, most]).toEqual([80, 1]);
  });
});
