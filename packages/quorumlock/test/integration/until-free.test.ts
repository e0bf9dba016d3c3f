import { describe, expect, test } from "vitest";
import type { Redlock } from "../../src/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { fenceKey } from "../support/lock-keys.ts";
import { clientsOn } from "../support/real-clients.ts";
import { allVote, RequestCounter } from "../support/request-counter.ts";
import { testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";

const servers = await testServers(3);
const wake = keySpaceOf("lock:").wake("a");
/** Requests are not repeated, and locks are not extended. */
const CALM = { autoExtend: false, requestTimeout: 60_000, ttl: 120_000 } as const;

/** The commands in the scripts that the clients run on all servers during `work`. */
async function commandsOf(
  counter: RequestCounter,
  clients: readonly Redlock[],
  work: () => Promise<unknown>,
): Promise<(command: string) => number> {
  const sent = await counter.during(clients, work);
  return (command) => sent.flatMap(({ commands }) => commands.filter((each) => each === command)).length;
}

/** Begins to observe, and resolves when every observer has looked at the name on each server. Each look reads two times. */
async function beginToObserve(
  counter: RequestCounter,
  begin: () => readonly Promise<unknown>[],
): Promise<{ readonly observing: readonly Promise<unknown>[] }> {
  const before = counter.countsOf("pttl");
  const observing = begin();
  await eventually("all observers have looked", () =>
    counter.countsOf("pttl").every((count, index) => count === before[index]! + 2 * observing.length),
  );
  return { observing };
}

describe.each([1, 3])("on %i servers", (count) => {
  const used = servers.slice(0, count);
  const client = clientsOn(servers);

  test("observers of other processes are woken by the release, and no key is left of them", async () => {
    await using counter = await RequestCounter.start(used);
    const held = await client({}, count).acquire("a", { ttl: 600_000 });
    const processes = [client({}, count), client({}, count)];
    const { observing } = await beginToObserve(counter, () =>
      processes.map((process) => process.untilFree("a", { wait: Infinity })),
    );
    for (const { admin } of used) expect(await admin.get(wake)).toBe("~");
    await held.release();
    expect(await Promise.all(observing)).toEqual([held.token, held.token]);
    for (const { admin } of used) expect(await admin.exists(wake)).toBe(0);
    expect(await client({}, count).untilFree("a")).toBeUndefined();
  });

  test("costs one round and a subscription", async () => {
    await using counter = await RequestCounter.start(used);
    const [redlock, observer] = [client(CALM, count), client(CALM, count)];
    for (const each of [redlock, observer]) await allVote(each);
    const held = await redlock.acquire("a", { ttl: 600_000 });
    const counts = await commandsOf(counter, [redlock, observer], async () => {
      const { observing } = await beginToObserve(counter, () => [
        observer.untilFree("a", { wait: Infinity }),
      ]);
      await held.release();
      await Promise.all(observing);
    });
    // One look on each server, and the release, which rewrites the line.
    expect(counts("pttl")).toBe(3 * count);
    expect(counts("publish")).toBe(count);
    expect(counter.countsOf("subscribe")).toEqual(used.map(() => 1));
  });

  test("a thousand observers cost a locker a few commands more for one release, and then none", async () => {
    await using counter = await RequestCounter.start(used);
    const redlock = client(CALM, count);
    await allVote(redlock);
    // Counters that differ need a second round.
    for (const { admin } of used) await admin.set(fenceKey("a"), 1_000);
    const alone = await commandsOf(counter, [redlock], () => redlock.using("a", () => undefined));
    const processes = Array.from({ length: 10 }, () => client(CALM, count));
    for (const each of processes) await allVote(each);
    const held = await redlock.acquire("a", { ttl: 600_000 });
    const { observing } = await beginToObserve(counter, () =>
      processes.flatMap((process) =>
        Array.from({ length: 100 }, () => process.untilFree("a", { wait: Infinity })),
      ),
    );
    const release = await commandsOf(counter, [redlock, ...processes], async () => {
      await held.release();
      expect(await Promise.all(observing)).toEqual(observing.map(() => held.token));
    });
    const after = await commandsOf(counter, [redlock, ...processes], () =>
      redlock.using("a", () => undefined),
    );
    // What does not depend on the number of observers: the key and the note are deleted, and one message is published.
    expect(release("publish")).toBe(count);
    expect(release("del")).toBe(2 * count);
    expect(release("pttl")).toBe(count);
    for (const command of ["set", "del", "mget", "publish", "pttl"])
      expect(after(command)).toBe(alone(command));
  });
});
