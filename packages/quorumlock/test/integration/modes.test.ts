import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { fenceKey } from "../support/lock-keys.ts";
import { bundledProgram } from "../support/bundled-program.ts";
import { clientsOn, startClusterClient } from "../support/real-clients.ts";
import { otherRedlocks } from "../support/other-redlocks.ts";
import { allVote, RequestCounter } from "../support/request-counter.ts";
import { ports, testServers } from "../support/server-access.ts";
import { exitsOfFour } from "../support/test-processes.ts";
import { rejection } from "../support/timing.ts";

// Read/write locks and locks on trees, on real servers.

const servers = await testServers(3);
const startReaderWriter = await bundledProgram(new URL("../support/reader-writer.ts", import.meta.url));
const [store] = servers;
const client = clientsOn(servers);

test("readers and writers of four processes exclude each other, readers share, and tokens are in order", async () => {
  const args = ["6", "2", ...ports(servers).map(String)];
  const exits = await exitsOfFour(() => startReaderWriter(args));
  const { admin } = store!;
  expect(exits).toEqual([0, 0, 0, 0]);
  expect(await admin.mget("readers:visits", "writers:visits")).toEqual(["120", "40"]);
  expect(await admin.get("violations")).toBeNull();
  expect(Number(await admin.get("together"))).toBeGreaterThan(0);
  await admin.del("readers", "writers", "fence", "together", "readers:visits", "writers:visits");
});

describe("a plain client of another library", () => {
  test.each(otherRedlocks)(
    "$name is excluded by readers and by trees, and excludes them",
    async ({ make }) => {
      const sources = servers.map(({ server }) => new Redis(server.port));
      const other = make(sources);
      const redlock = client({ prefix: "" });
      const tree = redlock.hierarchy("acme", "orders");
      const mixed = redlock.modes([
        { name: "doc", mode: "S" },
        { name: "page", mode: "IX" },
      ]);
      const refusal = /LockError|ExecutionError/;
      for (const [lockable, names, isShared] of [
        [redlock.readWrite("doc").read, ["doc"], true],
        [redlock.readWrite("doc").write, ["doc"], false],
        [tree, ["{acme}", "{acme}/orders"], false],
        [tree.shared, ["{acme}", "{acme}/orders"], true],
        [mixed, ["doc", "page"], true],
      ] as const) {
        for (const name of names) {
          const held = await lockable.acquire();
          expect(String(await rejection(other.lock(name)))).toMatch(refusal);
          // A second reader, where one may come in, excludes it too.
          const second = await lockable.tryAcquire();
          await held.release();
          const refused = second === null ? "" : String(await rejection(other.lock(name)));
          expect(refused).toMatch(isShared ? refusal : /^$/);
          await second?.release();
          const theirs = await other.lock(name);
          expect(await lockable.tryAcquire()).toBeNull();
          await theirs.unlock();
        }
      }
      // The lowest form of such a client: one command on each server.
      const read = await redlock.readWrite("doc").read.acquire();
      const sets = await Promise.all(servers.map(({ admin }) => admin.set("doc", "mine", "PX", 5_000, "NX")));
      expect(sets.filter((reply) => reply === "OK").length).toBeLessThan(2);
      await read.release();
      for (const { admin } of servers) await admin.del("doc");
      for (const source of sources) source.disconnect();
    },
  );
});

test("a reader whose process dies frees its share at its own deadline", async () => {
  const [one, two] = [client(), client()];
  const dead = await one.readWrite("doc").read.acquire({ ttl: 1_000, autoExtend: false });
  const writer = await two.readWrite("doc").write.acquire({ wait: 30_000 });
  expect(dead.isHeld).toBe(false);
  await writer.release();
});

test("FLUSHALL on all servers: a reader that extends in time keeps its share, and one that cannot is lost", async () => {
  const [one, two] = [client(), client()];
  const kept = await one.readWrite("doc").read.acquire();
  for (const { admin } of servers) await admin.flushall();
  await kept.extend();
  expect(
    await two
      .readWrite("doc")
      .write.tryAcquire()
      .catch(() => null),
  ).toBeNull();
  for (const { admin } of servers) {
    await admin.flushall();
    await admin.set("lock:doc", "foreign", "PX", 60_000);
  }
  expect(await rejection(kept.extend())).toMatchObject({ code: "LOCK_LOST" });
  for (const { admin } of servers) await admin.flushall();
});

test("one script call for each server and round: read, write, tree, conversion", async () => {
  const redlock = client({ autoExtend: false, requestTimeout: 60_000, ttl: 120_000 });
  const { read, write } = redlock.readWrite("doc");
  const tree = redlock.hierarchy("acme", "orders", "42");
  await allVote(redlock);
  // Counters that differ need a second round.
  for (const { admin } of servers)
    for (const name of ["doc", "{acme}"]) await admin.set(fenceKey(name), 1_000);
  await using counter = await RequestCounter.start(servers);
  const expectCalls = async (count: number, work: () => Promise<unknown>): Promise<void> => {
    const sent = await counter.during([redlock], work);
    expect(sent.map(({ calls }) => calls)).toEqual(servers.map(() => count));
  };
  await expectCalls(2, async () => (await write.acquire()).release());
  await expectCalls(2, async () => (await read.acquire()).release());
  await expectCalls(2, async () => (await tree.acquire()).release());
  await expectCalls(2, async () => (await tree.shared.acquire()).release());
  await expectCalls(4, async () => {
    const held = await (await write.acquire()).downgrade();
    await (await held.upgrade()).release();
  });
});

test("a cluster is one of the instances: a tree lies in one hash slot, and several names in several", async () => {
  await using started = await startClusterClient(servers);
  const { redlock } = started;
  const leaf = await redlock.hierarchy("acme", "orders", "42").acquire();
  const sibling = await redlock.hierarchy("acme", "orders", "43").acquire();
  expect(await redlock.hierarchy("acme").shared.tryAcquire()).toBeNull();
  await leaf.release();
  await sibling.release();
  // These names lie on different nodes.
  const names = ["alpha", "beta", "gamma", "delta"];
  const mixed = await redlock
    .modes(names.map((name, index) => ({ name, mode: index === 0 ? "X" : "S" })))
    .acquire();
  for (const name of names) expect(await redlock.tryAcquire(name)).toBeNull();
  await (await redlock.readWrite("beta").read.acquire()).release();
  const late = redlock.acquire("alpha", { wait: 30_000 });
  await mixed.release();
  const after = await late;
  expect(after.fence).toBeGreaterThan(mixed.fence);
  await after.release();
  const { read, write } = redlock.readWrite("doc");
  const reader = await read.acquire();
  const waiting = write.acquire({ wait: 30_000 });
  await reader.release();
  const writer = await waiting;
  await (await writer.downgrade()).release();
});
