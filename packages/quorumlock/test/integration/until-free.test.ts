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

/** Begins to observe, and resolves when every observer has looked at the name on each server. Each look reads two times. */
async function beginToObserve(
  list: readonly TestServer[],
  begin: () => readonly Promise<unknown>[],
): Promise<{ readonly observing: readonly Promise<unknown>[] }> {
  for (const { admin } of list) await admin.config("RESETSTAT");
  const observing = begin();
  await eventually("all observers have looked", async () => {
    const stats = await Promise.all(list.map(({ admin }) => admin.info("commandstats")));
    return stats.every((text) => Number(/cmdstat_pttl:calls=(\d+)/.exec(text)?.[1]) === 2 * observing.length);
  });
  return { observing };
}

describe.each([1, 3])("on %i servers", (count) => {
  const used = servers.slice(0, count);
  const client = clientsOn(servers);

  test("observers of other processes are woken by the release, and no key is left of them", async () => {
    const held = await client({}, count).acquire("a", { ttl: 600_000 });
    const processes = [client({}, count), client({}, count)];
    const { observing } = await beginToObserve(used, () =>
      processes.map((process) => process.untilFree("a", { wait: Infinity })),
    );
    for (const { admin } of used) expect(await admin.get(wake)).toBe("~");
    await held.release();
    expect(await Promise.all(observing)).toEqual([held.token, held.token]);
    for (const { admin } of used) expect(await admin.exists(wake)).toBe(0);
    expect(await client({}, count).untilFree("a")).toBeUndefined();
  });

  test("costs one round and a subscription", async () => {
    const redlock = client({}, count);
    const held = await redlock.acquire("a", { ttl: 600_000, autoExtend: false });
    const observer = client({}, count);
    await observer.query("free");
    const counts = await commandsOf(used, async () => {
      const { observing } = await beginToObserve(used, () => [observer.untilFree("a", { wait: Infinity })]);
      await held.release();
      await Promise.all(observing);
    });
    // One look on each server, and the release, which rewrites the line.
    expect(counts.get("pttl")).toBe(3 * count);
    expect(counts.get("subscribe")).toBe(count);
    expect(counts.get("publish")).toBe(count);
  });

  test("a thousand observers cost a locker a few commands more for one release, and then none", async () => {
    const redlock = client({ autoExtend: false }, count);
    await redlock.using("a", () => undefined);
    const alone = await commandsOf(used, () => redlock.using("a", () => undefined));
    const processes = Array.from({ length: 10 }, () => client({}, count));
    const held = await redlock.acquire("a", { ttl: 600_000 });
    const { observing } = await beginToObserve(used, () =>
      processes.flatMap((process) =>
        Array.from({ length: 100 }, () => process.untilFree("a", { wait: Infinity })),
      ),
    );
    const release = await commandsOf(used, async () => {
      await held.release();
      expect(await Promise.all(observing)).toEqual(observing.map(() => held.token));
    });
    const after = await commandsOf(used, () => redlock.using("a", () => undefined));
    // What does not depend on the number of observers: the key and the note are deleted, and one message is published.
    expect(release.get("publish")).toBe(count);
    expect(release.get("del")).toBe(2 * count);
    expect(release.get("pttl")).toBe(count);
    for (const command of ["set", "del", "mget", "publish", "pttl"])
      expect(after.get(command)).toBe(alone.get(command));
  });
});
