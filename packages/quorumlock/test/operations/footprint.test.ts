import { Redis } from "ioredis";
import { afterAll, expect, test } from "vitest";
import { IoredisInstance } from "../../src/instances/ioredis.ts";
import { SLOTS } from "../../src/operations/hash-slot.ts";
import { mutexKind } from "../../src/operations/mutex.ts";
import { noteFirstUse } from "../../src/testing/conformance-bed.ts";
import { testServers } from "../support/server-access.ts";

const [server] = await testServers(1);
const { admin } = server!;
const client = new Redis(server!.server.port);
const instance = new IoredisInstance(client);
afterAll(() => client.disconnect());

const NAMES = 100_000;
const BATCH = 250;

async function lockOnce(stem: string): Promise<void> {
  for (let from = 0; from < NAMES; from += BATCH) {
    const names = Array.from({ length: BATCH }, (_, index) => `${stem}:${from + index}`);
    const owner = { token: `token-of-${stem}`, prefix: "lock:", fence: 0, isWithdrawn: false };
    const granted = await instance.run(
      names.map((name) => mutexKind.acquire([name], owner, 60_000, undefined)),
    );
    expect(granted.every((reply) => typeof reply === "number" && reply > 0)).toBe(true);
    const released = await instance.run(names.map((name) => mutexKind.release([name], owner, "client")));
    expect(released.every((reply) => reply === 1)).toBe(true);
  }
}

async function usedMemory(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await admin.info("memory"))?.[1]);
}

test(
  "100,000 names that were locked leave nothing but the counters of their slots",
  { timeout: 60_000 },
  async () => {
    await noteFirstUse(instance, "lock:");
    const empty = await usedMemory();
    await lockOnce("order");
    const keys = await admin.keys("*");
    expect(keys.filter((key) => !key.startsWith("lock:~fence:"))).toEqual(["lock:~server"]);
    expect(keys.length).toBeLessThanOrEqual(SLOTS + 1);
    const counters = (await usedMemory()) - empty;
    const perCounter = await admin.memory("USAGE", keys[0]!);
    console.log(
      `${keys.length} counters, ${perCounter} bytes each, ${(counters / 1_024 / 1_024).toFixed(2)} MB in all`,
    );
    expect(counters).toBeLessThan(2.5 * 1_024 * 1_024);

    // Almost all counters exist now, so other names leave nothing at all.
    const before = await usedMemory();
    await lockOnce("invoice");
    expect(await admin.dbsize()).toBeLessThanOrEqual(SLOTS + 1);
    const perName = ((await usedMemory()) - before) / NAMES;
    console.log(`${perName.toFixed(2)} bytes for each further name`);
    expect(perName).toBeLessThan(1);
  },
);
