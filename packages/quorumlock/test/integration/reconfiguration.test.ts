import { expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { resourceKeys } from "../../src/operations/keys.ts";
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

test("real servers are changed one after the other for a wholly different set, under load", async () => {
  const options = { ...FRESH, requestTimeout: 5_000, ttl: 20_000 };
  const clients = [0, 1].map(() => new Redlock(urls(0, 1, 2), options));
  const until = { going: true };
  let inside = 0;
  let most = 0;
  const fences: number[] = [];
  const work = clients.flatMap((redlock) =>
    [1, 2, 3].map(async () => {
      while (until.going) {
        await redlock.using("load", { wait: Infinity }, async (lock) => {
          inside += 1;
          most = Math.max(most, inside);
          fences.push(lock.fence);
          await new Promise((resolve) => setTimeout(resolve, 1));
          inside -= 1;
        });
      }
    }),
  );
  const goesOn = async (): Promise<void> => {
    const before = fences.length;
    await eventually("locks are granted", () => fences.length > before + 20);
  };
  const lasting = await clients[0]!.acquire("lasting", { autoExtend: true });
  await goesOn();
  for (const next of [urls(0, 1, 3), urls(3, 4, 5)]) {
    const changes = await Promise.all(clients.map((redlock) => redlock.reconfigure(next)));
    await goesOn();
    for (const change of changes) void change.complete();
    await goesOn();
  }
  for (const place of [3, 4, 5]) expect(await servers[place]!.admin.get("lock:lasting")).toBe(lasting.token);
  until.going = false;
  await Promise.all(work);
  expect(await lasting.release()).toBe(true);
  expect(most).toBe(1);
  expect(fences).toEqual(fences.toSorted((a, b) => a - b));
  expect(new Set(fences).size).toBe(fences.length);
  // Who left is let go of with the last lock.
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

test("fencing counters are carried over page by page, also of names with special characters", async () => {
  for (const prefix of ["lock:", "lo[*]?\\ck:", ""]) {
    const redlock = new Redlock(urls(0, 1, 2), { ...FRESH, prefix });
    const names = Array.from({ length: 350 }, (_, index) => (index % 2 ? `name-${index}` : `tag{${index}}`));
    const fences = await Promise.all(names.map((name) => redlock.using(name, ({ fence }) => fence)));
    // Some others' keys stand between them.
    await servers[0]!.admin.mset(Object.fromEntries(names.map((name) => [`other:${prefix}${name}`, "1"])));
    // The new servers have counters of an earlier time.
    const stale = names.map((name) => [resourceKeys(prefix, name).fence, "7"]);
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
