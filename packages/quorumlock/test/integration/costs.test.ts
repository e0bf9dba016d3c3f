import { createHook } from "node:async_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Redis } from "ioredis";
import { describe, expect, test, vi } from "vitest";
import { type Lock, Redlock, type RedlockOptions } from "../../src/index.ts";
import { keySpaceOf } from "../../src/operations/keys.ts";
import { singleKinds } from "../support/clients.ts";
import { FRESH } from "../support/fresh.ts";
import { startProxy } from "../support/proxy.ts";
import { allVote, RequestCounter } from "../support/request-counter.ts";
import { testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";
import { fenceKey } from "../support/lock-keys.ts";

// The costs of locks, as counts instead of times.

const servers = await testServers(3);
const [first] = servers;

/** A client with open connections on servers that know the script. All its tokens have the same length. */
async function warmClient(
  sources: ConstructorParameters<typeof Redlock>[0],
  options: RedlockOptions = {},
): Promise<Redlock> {
  const redlock = new Redlock(sources, {
    ...FRESH,
    owner: "bench",
    requestTimeout: 10_000,
    ttl: 60_000,
    ...options,
  });
  await redlock.using("warm-up", () => undefined);
  return redlock;
}

/** The number of scripts in the cache of a server. */
async function cachedScripts(admin: Redis): Promise<number> {
  return Number(/number_of_cached_scripts:(\d+)/.exec(await admin.info("memory"))?.[1]);
}

describe.each(singleKinds.filter(({ name }) => name !== "URL"))("bytes over $name", (kind) => {
  test("of one lock, and of many locks in one tick", async () => {
    const proxy = await startProxy(first!.server.port);
    const client = await kind.connect([proxy.port]);
    const redlock = await warmClient([client.source]);
    const spent = async (work: () => Promise<unknown>): Promise<readonly number[]> => {
      const before = [proxy.sentBytes, proxy.receivedBytes] as const;
      await work();
      return [proxy.sentBytes - before[0], proxy.receivedBytes - before[1]];
    };
    const names = Array.from({ length: 128 }, (_, index) => `order:${100 + index}`);
    const all = (work: (name: string, index: number) => Promise<unknown>) => () =>
      Promise.all(names.map(work));
    const locks: Lock[] = [];

    // The counters exist after this, as is usual. The first grant of a name may need a second round.
    await all((name) => redlock.using(name, () => undefined))();
    let lock: Lock | undefined;
    expect(await spent(async () => (lock = await redlock.acquire("order:100")))).toEqual([227, 19]);
    expect(await spent(async () => lock?.extend())).toEqual([243, 4]);
    expect(await spent(async () => lock?.release())).toEqual([232, 4]);
    expect(await spent(all(async (name, index) => (locks[index] = await redlock.acquire(name))))).toEqual([
      11_662, 2_438,
    ]);
    expect(await spent(all((_, index) => locks[index]!.release()))).toEqual([12_683, 518]);

    await redlock.close();
    client.close();
    proxy.close();
    await first!.admin.flushall();
  });
});

describe("writes", () => {
  test("of many requests in one tick are one for each server", async () => {
    for (const { admin } of servers) await admin.flushall();
    const sources = servers.map(({ server }) => new Redis(server.port));
    const redlock = await warmClient(sources);
    // The client writes which servers it uses once all of them have answered.
    for (const { admin } of servers)
      await eventually(
        "the note is there",
        async () => (await admin.exists(keySpaceOf("lock:").notes)) === 1,
      );
    const names = Array.from({ length: 200 }, (_, index) => `write:${index}`);
    const writes = sources.map(({ stream }) => vi.spyOn(stream, "write"));
    const spent = (): readonly number[] => writes.map((write) => write.mock.calls.splice(0).length);

    const locks = names.map((name) => redlock.acquire(name));
    await new Promise((resolve) => setImmediate(resolve));
    expect(spent()).toEqual([1, 1, 1]);
    const held = await Promise.all(locks);
    spent();
    const extended = held.map((lock) => lock.extend());
    await new Promise((resolve) => setImmediate(resolve));
    expect(spent()).toEqual([1, 1, 1]);
    await Promise.all(extended);
    const released = held.map((lock) => lock.release());
    await new Promise((resolve) => setImmediate(resolve));
    expect(spent()).toEqual([1, 1, 1]);
    await Promise.all(released);

    await redlock.close();
    for (const source of sources) source.disconnect();
  });
});

describe("script calls", () => {
  test("are one for each server and round, for every operation", async () => {
    const redlock = await warmClient(
      servers.map(({ server }) => server.url),
      { autoExtend: false, requestTimeout: 60_000, ttl: 600_000 },
    );
    await allVote(redlock);
    await using counter = await RequestCounter.start(servers);
    const expectCalls = async (calls: number, work: () => Promise<unknown>): Promise<void> => {
      const sent = await counter.during([redlock], work);
      expect(sent.map((each) => each.calls)).toEqual(servers.map(() => calls));
    };
    const names = Array.from({ length: 600 }, (_, index) => `call:${index}`);

    // The counters exist and are equal. Otherwise the first grant of a name may need a second round.
    for (const { admin } of servers)
      for (const name of ["a", ...names]) await admin.set(fenceKey(name), 1_000, "PX", 60_000);
    let lock: Lock | undefined;
    await expectCalls(1, async () => (lock = await redlock.acquire("a")));
    await expectCalls(1, async () => lock?.extend());
    await expectCalls(1, async () => lock?.release());
    // A grant and a hand-over without a pause, because a row of hand-overs ends after some time.
    await expectCalls(2, async () => {
      const held = await redlock.acquire("a");
      const next = redlock.acquire("a");
      await held.release();
      lock = await next;
    });
    await expectCalls(1, async () => lock?.release());
    // One call has at most 256 requests.
    let locks: readonly Lock[] = [];
    await expectCalls(3, async () => (locks = await Promise.all(names.map((name) => redlock.acquire(name)))));
    await expectCalls(3, () => Promise.all(locks.map((held) => held.extend())));
    await expectCalls(3, () => Promise.all(locks.map((held) => held.release())));
    // One for locks, and one for questions about the server.
    expect(await Promise.all(servers.map(({ admin }) => cachedScripts(admin)))).toEqual([2, 2, 2]);
    await redlock.close();
  });
});

describe("promises", () => {
  test.each([1, 3])("of a cycle are fewer than five, with %i servers", async (count) => {
    const redlock = await warmClient(servers.slice(0, count).map(({ server }) => server.url));
    let promises = 0;
    const hook = createHook({ init: (_, type) => void (type === "PROMISE" && (promises += 1)) });
    const names = Array.from({ length: 200 }, (_, index) => `promise:${index}`);
    const cycles = async (): Promise<void> => {
      const locks = await Promise.all(names.map((name) => redlock.acquire(name, { wait: 60_000 })));
      await Promise.all(locks.map((lock) => lock.release()));
    };
    // The counters exist after this.
    await cycles();
    hook.enable();
    await cycles();
    hook.disable();
    await redlock.close();
    expect(promises / names.length).toBeLessThan(5);
  });
});

describe("held locks with automatic extension", () => {
  test("share one timer", async () => {
    const timers = new Set<number>();
    const hook = createHook({
      init: (id, type) => void (type === "Timeout" && timers.add(id)),
      destroy: (id) => void timers.delete(id),
    });
    const redlock = await warmClient([first!.server.url]);
    hook.enable();
    const locks = await Promise.all(
      Array.from({ length: 500 }, (_, index) => redlock.acquire(`timer:${index}`)),
    );
    // The hook reports the end of a timer with a delay.
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    hook.disable();
    expect(timers.size).toBeLessThanOrEqual(1);
    await Promise.all(locks.map((lock) => lock.release()));
    await redlock.close();
  });

  test("need little heap", async () => {
    const COUNT = 10_000;
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const client = new Redis(first!.server.port);
    const redlock = await warmClient([client]);
    const used = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      collect();
      return process.memoryUsage().heapUsed;
    };
    const acquire = (name: string): Promise<Lock> => redlock.acquire(name);
    // Compiled code is not part of the locks, so it is compiled first.
    for (let warm = 0; warm < 3; warm++) {
      const locks = await Promise.all(Array.from({ length: 1_000 }, (_, index) => acquire(`heap:${index}`)));
      await Promise.all(locks.map((lock) => lock.release()));
    }
    const before = await used();
    const held: Lock[] = [];
    while (held.length < COUNT) {
      const from = held.length;
      const more = await Promise.all(
        Array.from({ length: 250 }, (_, index) => acquire(`heap:${from + index}`)),
      );
      held.push(...more);
    }
    const each = ((await used()) - before) / COUNT;
    await Promise.all(held.map((lock) => lock.release()));
    await redlock.close();
    client.disconnect();
    expect(each).toBeLessThan(1_000);
  });
});
