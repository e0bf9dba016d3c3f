import { describe, expect, test } from "vitest";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { clientsOn } from "../support/real-clients.ts";
import { testServers, type TestServer } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";

const servers = await testServers(3);
const wake = keySpaceOf("lock:").wake("a");

/** How often the servers ran each command since the last call. */
async function commandsOf(
  list: readonly TestServer[],
  work: () => Promise<unknown>,
): Promise<Map<string, number>> {
  for (const { admin } of list) await admin.config("RESETSTAT");
  await work();
  const counts = new Map<string, number>();
  for (const { admin } of list)
    for (const [, name = "", calls] of (await admin.info("commandstats")).matchAll(
      /^cmdstat_(\w+):calls=(\d+)/gm,
    ))
      counts.set(name, (counts.get(name) ?? 0) + Number(calls));
  return counts;
}

/** Resolves when every server has noted that the name is observed. */
async function observed(list: readonly TestServer[]): Promise<void> {
  await eventually("the name is observed", async () => {
    const lines = await Promise.all(list.map(({ admin }) => admin.get(wake)));
    return lines.every((line) => line?.startsWith("~") === true);
  });
}

describe.each([1, 3])("on %i servers", (count) => {
  const used = servers.slice(0, count);
  const client = clientsOn(servers);

  test("observers of other processes are woken by the release, and no key is left of them", async () => {
    const held = await client({}, count).acquire("a", { ttl: 600_000 });
    const observing = [client({}, count), client({}, count)].map((redlock) =>
      redlock.untilFree("a", { wait: Infinity }),
    );
    await observed(used);
    await held.release();
    expect(await Promise.all(observing)).toEqual([held.token, held.token]);
    for (const { admin } of used) expect(await admin.exists(wake)).toBe(0);
    expect(await client({}, count).untilFree("a")).toBeUndefined();
  });

  test("costs one round and a subscription", async () => {
    const redlock = client({}, count);
    const held = await redlock.acquire("a", { ttl: 600_000, autoExtend: false });
    const observer = client({}, count);
    await observer.untilFree("free");
    const counts = await commandsOf(used, async () => {
      const observing = observer.untilFree("a", { wait: Infinity });
      await observed(used);
      await held.release();
      await observing;
    });
    // The observer's round and the release.
    expect(counts.get("evalsha")).toBe(2 * count);
    expect(counts.get("subscribe")).toBe(count);
    expect(counts.get("publish")).toBe(count);
  });

  test("a thousand observers cost a locker three commands more for one release, and then none", async () => {
    const redlock = client({ autoExtend: false }, count);
    await redlock.using("a", () => undefined);
    const alone = await commandsOf(used, () => redlock.using("a", () => undefined));
    const processes = Array.from({ length: 10 }, () => client({}, count));
    const held = await redlock.acquire("a", { ttl: 600_000 });
    const observing = processes.flatMap((process) =>
      Array.from({ length: 100 }, () => process.untilFree("a", { wait: Infinity })),
    );
    await observed(used);
    // All of them have looked.
    for (const process of processes) await process.query("a");
    const release = await commandsOf(used, async () => {
      await held.release();
      expect(await Promise.all(observing)).toEqual(observing.map(() => held.token));
    });
    const after = await commandsOf(used, () => redlock.using("a", () => undefined));
    // One script call, whose commands do not depend on the number of observers.
    expect(release.get("evalsha")).toBe(count);
    expect(release.get("publish")).toBe(count);
    const total = [...release].reduce((sum, [name, calls]) => sum + (name === "evalsha" ? 0 : calls), 0);
    expect(total).toBeLessThanOrEqual(9 * count + count);
    expect(after).toEqual(alone);
  });
});
