import { expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { FRESH } from "../support/fresh.ts";
import { keysWithoutExpiry, locksOn, testServers, type TestServer } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";

const servers = await testServers(6);
const urls = (...places: number[]): readonly string[] => places.map((place) => servers[place]!.server.url);

async function connections({ admin }: TestServer): Promise<number> {
  return (
    String(await admin.client("LIST"))
      .trim()
      .split("\n").length - 1
  );
}

test("real servers are replaced by a different set in two steps, under load", async () => {
  const options = { ...FRESH, requestTimeout: 5_000, ttl: 20_000 };
  const clients = [0, 1].map(() => new Redlock(urls(0, 1, 2), options));
  const state = { isRunning: true };
  let inside = 0;
  let maxInside = 0;
  const fences: number[] = [];
  const work = clients.flatMap((redlock) =>
    [1, 2, 3].map(async () => {
      while (state.isRunning) {
        await redlock.using("load", { wait: Infinity }, async (lock) => {
          inside += 1;
          maxInside = Math.max(maxInside, inside);
          fences.push(lock.fence);
          await new Promise((resolve) => setTimeout(resolve, 1));
          inside -= 1;
        });
      }
    }),
  );
  const expectProgress = async (): Promise<void> => {
    const before = fences.length;
    await eventually("locks are granted", () => fences.length > before + 20);
  };
  const lasting = await clients[0]!.acquire("lasting");
  await expectProgress();
  for (const next of [urls(0, 1, 3), urls(3, 4, 5)]) {
    const changes = await Promise.all(clients.map((redlock) => redlock.reconfigure(next)));
    await expectProgress();
    for (const change of changes) void change.complete();
    await expectProgress();
  }
  for (const place of [3, 4, 5]) expect(await servers[place]!.admin.get("lock:lasting")).toBe(lasting.token);
  state.isRunning = false;
  await Promise.all(work);
  expect(await lasting.release()).toBe(true);
  expect(maxInside).toBe(1);
  expect(fences).toEqual(fences.toSorted((a, b) => a - b));
  expect(new Set(fences).size).toBe(fences.length);
  // Removed servers are disconnected with the last lock.
  for (const place of [0, 1, 2]) {
    await eventually(
      "only the test's own connection is left",
      async () => (await connections(servers[place]!)) === 0,
    );
  }
  await Promise.all(clients.map((redlock) => redlock.close()));
  for (const server of servers) {
    expect(await locksOn(server)).toEqual([]);
    expect(await keysWithoutExpiry(server)).toEqual([]);
  }
});

test("fencing counters are carried over, for any prefix, also for names with special characters", async () => {
  for (const prefix of ["lock:", "lo[*]?\\ck:", ""]) {
    const redlock = new Redlock(urls(0, 1, 2), { ...FRESH, prefix });
    const names = Array.from({ length: 350 }, (_, index) => (index % 2 ? `name-${index}` : `tag{${index}}`));
    const fences = await Promise.all(names.map((name) => redlock.using(name, ({ fence }) => fence)));
    // Keys of other programs are between them.
    await servers[0]!.admin.mset(Object.fromEntries(names.map((name) => [`other:${prefix}${name}`, "1"])));
    // The new servers have old counters.
    const stale = names.map((name) => [keySpaceOf(prefix).fence(name), "7"]);
    for (const place of [3, 4, 5]) await servers[place]!.admin.mset(Object.fromEntries(stale));
    const change = await redlock.reconfigure(urls(3, 4, 5));
    await change.complete();
    for (const [index, name] of names.entries()) {
      await redlock.using(name, ({ fence }) => expect(fence).toBeGreaterThan(fences[index]!));
    }
    await redlock.close();
    await Promise.all(servers.map(({ admin }) => admin.flushall()));
  }
});
