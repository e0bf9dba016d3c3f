import { expect, test } from "vitest";
import { settle } from "../support/virtual-clock.ts";
import { watchedWorld } from "../support/watched-world.ts";

const FOREVER = { wait: Infinity };

test("a query of a read/write lock reports every reader, and the writer that waits", async () => {
  const world = watchedWorld();
  const [one, two] = [world.client({ owner: "one" }), world.client({ owner: "two" })];
  const { read, write } = one.readWrite("doc");
  expect(await read.query()).toMatchObject({ isHeld: false, holders: [], waiters: 0 });
  const only = await read.acquire({ ttl: 8_000, autoExtend: false });
  expect(await read.query()).toMatchObject({
    isHeld: true,
    holders: [{ token: only.token, owner: "one", remaining: 8_000, thisProcess: true, votes: 3 }],
  });
  const other = await two.readWrite("doc").read.acquire({ ttl: 5_000, autoExtend: false });
  const waiting = world.client().readWrite("doc").write.acquire(FOREVER);
  await settle();
  const { holders, waiters } = await write.query();
  expect(waiters).toBe(1);
  const ends = new Map(holders.map(({ owner, remaining }) => [owner, remaining]));
  expect(ends).toEqual(
    new Map([
      ["one", 8_000],
      ["two", 5_000],
    ]),
  );
  await only.release();
  await other.release();
  const writer = await waiting;
  expect(await read.query()).toMatchObject({ holders: [{ token: writer.token }], waiters: 0 });
  await writer.release();
});

test("a query of a node reports the names that each holder has", async () => {
  const world = watchedWorld();
  const redlock = world.client();
  const leaf = await redlock.hierarchy("acme", "orders", "41").acquire();
  const { holders } = await redlock.hierarchy("acme", "orders").query();
  expect(holders).toMatchObject([{ token: leaf.token, names: ["{acme}", "{acme}/orders"] }]);
  await leaf.release();
});

test("a query of a fair lock counts the callers that wait, also several of one process", async () => {
  const world = watchedWorld();
  const [one, two] = [world.client(), world.client()];
  const held = await one.fair("turn").acquire();
  const waiting = [one, two, two].map((redlock) => redlock.fair("turn").acquire(FOREVER));
  await settle();
  expect(await one.fair("turn").query()).toMatchObject({ holders: [{ token: held.token }], waiters: 3 });
  await held.release();
  for (const next of waiting) await (await next).release();
});

test("a query of a lock of a tenant reports its holder", async () => {
  const redlock = watchedWorld().client();
  const lock = await redlock.tenant("acme", { maxLocks: 2 }).mutex("report").acquire();
  const state = await redlock.tenant("acme", { maxLocks: 2 }).mutex("report").query();
  expect(state).toMatchObject({ isHeld: true, holders: [{ token: lock.token }] });
  await lock.release();
});
