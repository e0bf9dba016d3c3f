import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Lock, Redlock } from "../../src/index.ts";
import { bundledProgram } from "../support/bundled-program.ts";
import { FRESH } from "../support/fresh.ts";
import { keysWithoutExpiry, locksOn, ports, testServers, type TestServer } from "../support/server-access.ts";
import { exitsOfFour } from "../support/test-processes.ts";
import { eventually } from "../support/timing.ts";

const servers = await testServers(3);
const startContender = await bundledProgram(new URL("../support/contender.ts", import.meta.url));
const clients: Redlock[] = [];

function client(list: readonly TestServer[] = servers): Redlock {
  const redlock = new Redlock(
    list.map(({ server }) => server.url),
    // The machine may be busy with other tests, so the limits are long. These tests are about order, not speed.
    { ...FRESH, requestTimeout: 5_000, ttl: 20_000 },
  );
  clients.push(redlock);
  return redlock;
}

beforeEach(() => Promise.all(servers.map(({ admin }) => admin.flushall())));
afterEach(async () => {
  await Promise.all(clients.splice(0).map((redlock) => redlock.close()));
  for (const server of servers) {
    expect(await locksOn(server)).toEqual([]);
    expect(await keysWithoutExpiry(server)).toEqual([]);
  }
});

/** Counts the holders that are inside at the same time. */
class CriticalSection {
  #inside = 0;
  maxInside = 0;
  visits = 0;
  readonly fences: number[] = [];

  async visit(lock: Lock): Promise<void> {
    this.#inside += 1;
    this.visits += 1;
    this.maxInside = Math.max(this.maxInside, this.#inside);
    this.fences.push(lock.fence);
    await new Promise((resolve) => setImmediate(resolve));
    this.#inside -= 1;
  }
}

describe("split votes", () => {
  test("of two clients and two servers always resolve", async () => {
    const section = new CriticalSection();
    const two = servers.slice(0, 2);
    const [a, b] = [client(two), client(two)];
    for (let turn = 0; turn < 50; turn++) {
      await Promise.all([a, b].map((redlock) => redlock.using("even", (lock) => section.visit(lock))));
    }
    expect([section.visits, section.maxInside]).toEqual([100, 1]);
  });

  test("of eight clients and three servers resolve, and fencing tokens increase with each holder", async () => {
    const section = new CriticalSection();
    const contenders = Array.from({ length: 8 }, () => client());
    await Promise.all(
      contenders.map(async (redlock) => {
        for (let turn = 0; turn < 20; turn++)
          await redlock.using("eight", { wait: Infinity }, (lock) => section.visit(lock));
      }),
    );
    expect([section.visits, section.maxInside]).toEqual([160, 1]);
    expect(section.fences).toEqual(section.fences.toSorted((a, b) => a - b));
    expect(new Set(section.fences).size).toBe(160);
  });
});

describe("many waiters", () => {
  test("five hundred in one process all acquire, in order, and one at a time", async () => {
    const redlock = client();
    const section = new CriticalSection();
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        redlock.using("many", { wait: Infinity }, async (lock) => {
          order.push(index);
          await section.visit(lock);
        }),
      ),
    );
    expect([section.visits, section.maxInside]).toEqual([500, 1]);
    expect(order).toEqual(Array.from({ length: 500 }, (_, index) => index));
    expect(section.fences).toEqual(section.fences.toSorted((a, b) => a - b));
  });

  test("fifty in each of four processes all acquire, one at a time", async () => {
    const [store] = servers;
    const args = ["50", ...ports(servers).map(String)];
    const exits = await exitsOfFour(() => startContender(args));
    expect(exits).toEqual([0, 0, 0, 0]);
    expect(await store!.admin.get("visits")).toBe("200");
    expect(await store!.admin.get("violations")).toBeNull();
    const fences = (await store!.admin.lrange("fences", 0, -1)).map(Number);
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    await store!.admin.del("visits", "inside", "fences");
  });

  test("the other waiters acquire if some give up", async () => {
    const redlock = client();
    const first = await redlock.acquire("a");
    const waits = Array.from({ length: 20 }, (_, index) => {
      const signal = index % 2 === 0 ? AbortSignal.timeout(10) : undefined;
      return redlock.acquire("a", { wait: Infinity, signal }).then(
        async (lock) => {
          await lock.release();
          return "served";
        },
        (error: { code: string }) => error.code,
      );
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await first.release();
    const outcomes = await Promise.all(waits);
    expect(outcomes).toEqual(outcomes.map((_, index) => (index % 2 === 0 ? "LOCK_ABORTED" : "served")));
  });
});

describe("several names", () => {
  test("are locked all or none, in any order of the names", async () => {
    const [one, two] = [client(), client()];
    const inside = new Set<string>();
    let violations = 0;
    const sets = [["a", "b"], ["b", "c"], ["c", "a"], ["c", "b", "a"], ["b"]];
    await Promise.all(
      [one, two].flatMap((redlock) =>
        sets.map(async (names) => {
          for (let turn = 0; turn < 8; turn++) {
            await redlock.using(names, { wait: Infinity }, async () => {
              for (const name of names) {
                if (inside.has(name)) violations += 1;
                inside.add(name);
              }
              await new Promise((resolve) => setImmediate(resolve));
              for (const name of names) inside.delete(name);
            });
          }
        }),
      ),
    );
    expect(violations).toBe(0);
  });

  test("tryAcquire acquires no name if one of them is held", async () => {
    const [one, two] = [client(), client()];
    const held = await one.acquire("b");
    expect(await two.tryAcquire(["a", "b"])).toBeNull();
    await eventually("a is free again", async () => (await servers[0]!.admin.exists("lock:a")) === 0);
    await held.release();
  });
});
