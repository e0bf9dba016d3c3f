import * as v8 from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { LockWatch } from "../../src/diagnostics/lock-watch.ts";
import { rejection } from "../support/timing.ts";
import { world } from "../support/world.ts";

v8.setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const { queryObjects } = v8 as typeof v8 & {
  readonly queryObjects: (constructor: object, options: { readonly format: "count" }) => number;
};

/** How many watches of locks are still in memory. */
async function countWatches(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  return queryObjects(LockWatch, { format: "count" });
}

const TURNS = 300;

test("a context that acquires and releases again and again keeps no locks that are over", async () => {
  const { redlock } = world(3, { diagnostics: true });
  const outer = await redlock.acquire("outer");
  for (let turn = 0; turn < TURNS; turn++) await (await redlock.acquire("inner")).release();
  expect(await countWatches()).toBeLessThan(20);
  await outer.release();
});

test("a context that acquires each lock before it releases the last one keeps no locks that are over", async () => {
  const { redlock } = world(3, { diagnostics: true });
  let held = await redlock.acquire("step:0");
  for (let turn = 1; turn < TURNS; turn++) {
    const next = await redlock.acquire(`step:${turn}`);
    await held.release();
    held = next;
  }
  expect(await countWatches()).toBeLessThan(20);
  await held.release();
});

test("a context keeps no acquisitions that have failed", async () => {
  const { redlock, clock } = world(3, { diagnostics: true });
  const gone = await redlock.acquire("taken");
  // A promise keeps the context in which it was made, so the promises must not stay in memory.
  const fail = async (): Promise<void> => {
    const failures = Array.from({ length: TURNS }, () => rejection(redlock.acquire("taken", { wait: 10 })));
    await clock.advance(20);
    expect(await Promise.all(failures)).toHaveLength(TURNS);
  };
  await fail();
  const description = await gone.detach();
  for (let turn = 0; turn < TURNS; turn++)
    expect(await redlock.tryAcquire("taken", { ttl: 1_000 })).toBeNull();
  await clock.advance(20_000);
  for (let turn = 0; turn < 20; turn++)
    expect(await rejection(redlock.attach(description))).toMatchObject({ code: "LOCK_LOST" });
  expect(await countWatches()).toBeLessThan(20);
});

test("a context has the latest locks only, if it acquires very many at once", async () => {
  const { redlock, clock } = world(3, { diagnostics: true });
  const locks = await Promise.all(Array.from({ length: TURNS }, (_, id) => redlock.acquire(`many:${id}`)));
  const warned: string[] = [];
  redlock.on("diagnostics:warning", ({ names }) => warned.push(...names));
  const oldest = rejection(redlock.acquire("many:0", { wait: 100 }));
  await clock.advance(200);
  await oldest;
  expect(warned).toEqual([]);
  const latest = rejection(redlock.acquire(`many:${TURNS - 1}`, { wait: 100 }));
  await clock.advance(200);
  await latest;
  expect(warned).toEqual([`many:${TURNS - 1}`]);
  for (const lock of locks) await lock.release();
});
