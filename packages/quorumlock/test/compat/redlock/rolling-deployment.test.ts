import { Redis } from "ioredis";
import OldRedlock from "redlock";
import { afterAll, describe, expect, test } from "vitest";
import Redlock, { type Lock } from "../../../src/compat/redlock/index.ts";
import { FRESH } from "../../support/fresh.ts";
import { testServers } from "../../support/server-access.ts";

// Processes with `redlock` 5 and processes with the drop-in on the same servers, as while a deployment rolls out.

const DURATION_MS = 60_000;
const servers = await testServers(3);
const clients = servers.map(({ server }) => new Redis(server.port));
// The published types are not found by the present module resolution. The interface is the same.
const oldRedlock = new OldRedlock(clients as never, { retryCount: 0 }) as unknown as Redlock;
// A grant may need another attempt if the machine pauses. A refusal is the same in each.
const newRedlock = new Redlock(clients, { ...FRESH, retryCount: 3, retryDelay: 1, retryJitter: 0 });
afterAll(() => newRedlock.quit());

const isRefused = async (acquiring: Promise<unknown>): Promise<boolean> => {
  try {
    await acquiring;
    return false;
  } catch (error) {
    expect(error).toMatchObject({
      name: "ExecutionError",
      message: "The operation was unable to achieve a quorum during its retry window.",
    });
    return true;
  }
};

describe.each([
  ["the drop-in", "redlock", newRedlock, oldRedlock],
  ["redlock", "the drop-in", oldRedlock, newRedlock],
] as const)("a lock of %s", (_, __, holder, other) => {
  const name = `held by ${holder === newRedlock ? "new" : "old"}`;

  test("keeps the other package out until its release", async () => {
    const lock = await holder.acquire([name], DURATION_MS);
    expect(await isRefused(other.acquire([name], DURATION_MS))).toBe(true);
    await lock.release();
    await (await other.acquire([name], DURATION_MS)).release();
  });

  test("keeps the other package out after an extension", async () => {
    const lock = await holder.acquire([name], 10_000);
    const extended = await lock.extend(DURATION_MS);
    expect(await isRefused(other.acquire(["free", name], DURATION_MS))).toBe(true);
    await extended.release();
    await (await other.acquire([name, "free"], DURATION_MS)).release();
  });

  test("can be passed on to the other package by its value", async () => {
    const lock = await holder.acquire([name], DURATION_MS);
    const { resources, value, attempts, expiration } = lock;
    const passed = { redlock: other, resources, value, attempts, expiration };
    const extended = await other.extend(passed as Lock, 2 * DURATION_MS);
    expect(await isRefused(holder.acquire([name], DURATION_MS))).toBe(true);
    await other.release(extended);
    await (await holder.acquire([name], DURATION_MS)).release();
  });
});

test("both packages together never hold one resource twice", async () => {
  let [inside, maxInside, visits] = [0, 0, 0];
  const settings = { retryCount: -1, retryDelay: 4, retryJitter: 4 };
  const work = async (redlock: Redlock): Promise<void> => {
    for (let turn = 0; turn < 8; turn += 1)
      await redlock.using(["contended"], 5_000, settings, async () => {
        inside += 1;
        visits += 1;
        maxInside = Math.max(maxInside, inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      });
  };
  const both = [newRedlock, oldRedlock];
  await Promise.all([...both, ...both, ...both].map(work));
  expect([visits, maxInside]).toEqual([48, 1]);
});
