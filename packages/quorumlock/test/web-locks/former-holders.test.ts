import { expect, test } from "vitest";
import { FormerHolders } from "../../src/web-locks/former-holders.ts";
import { rejection } from "../support/timing.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { world } from "../support/world.ts";
import { held } from "./fleet.ts";
import { lost, processOn, sleep, valuesOf } from "./seizing-process.ts";

// Holders that do not know that their lock was stolen: none comes back, and nobody gets the lock beside them. In virtual time.

test("a theft that arrives late, after its process has given up, lets nobody in beside the former holder", async () => {
  const made = world();
  let isLate = true;
  const { locks: late } = await processOn(
    made,
    { ttl: 1_000, wait: 0 },
    {
      onSeize: (run) => {
        if (!isLate) return run();
        made.clock.setTimer(3_000, () => void run(), true);
        return Promise.resolve().then(lost);
      },
    },
  );
  const { locks } = await processOn(made, { ttl: 30_000 });
  const { locks: others } = await processOn(made);
  const gaveUp = rejection(late.request("a", { steal: true }, () => undefined));
  await made.clock.advance(1_000);
  expect(await gaveUp).toMatchObject({ name: "QuorumError" });
  isLate = false;
  const holder = held(locks, "a");
  await holder.granted;
  await made.clock.advance(1_000);
  const next = held(others, "a");
  const order: string[] = [];
  void holder.done.catch(() => order.push("the holder knows"));
  void next.granted.then(() => order.push("the next is granted"));
  await made.clock.advance(60_000);
  expect(order).toEqual(["the holder knows", "the next is granted"]);
  next.release();
  await next.done;
});

test("a theft whose replies are lost still keeps the lock until the former holder knows", async () => {
  const made = world();
  let replies = 3;
  const { locks: holders } = await processOn(made);
  const { locks } = await processOn(
    made,
    {},
    {
      onSeize: async (run) => {
        const reply = await run();
        replies -= 1;
        return replies >= 0 ? lost() : reply;
      },
    },
  );
  const former = held(holders, "a");
  await former.granted;
  const error = rejection(former.done);
  const thief = locks.request("a", { steal: true }, () => "stolen");
  await made.clock.advance(12_000);
  expect(await error).toMatchObject({ name: "AbortError" });
  expect(await thief).toBe("stolen");
  await made.clock.advance(30_000);
  expect(valuesOf(made)).toEqual([undefined, undefined, undefined]);
});

test("nobody gets the lock between two attempts of a theft", async () => {
  const made = world();
  let replies = 3;
  const { locks: holders } = await processOn(made);
  const { locks: others } = await processOn(made);
  const { locks } = await processOn(
    made,
    {},
    {
      onSeize: async (run) => {
        const reply = await run();
        replies -= 1;
        return replies >= 0 ? lost() : reply;
      },
    },
  );
  const former = held(holders, "a");
  await former.granted;
  const order: string[] = [];
  const waiting = others.request("a", () => void order.push("waiting"));
  await made.clock.advance(100);
  const thief = locks.request("a", { steal: true }, async () => {
    order.push("thief");
    await sleep(made.clock, 1_000);
    order.push("the thief ends");
  });
  await made.clock.advance(30_000);
  await Promise.all([thief, waiting]);
  expect(order).toEqual(["thief", "the thief ends", "waiting"]);
});

test("a chain of thefts with short ttls keeps the lock until the first holder knows", async () => {
  const made = world();
  const { locks: holders } = await processOn(made, { ttl: 30_000 });
  const { locks: first } = await processOn(made, { ttl: 1_000 });
  const { locks: second } = await processOn(made, { ttl: 1_000 });
  const former = held(holders, "a");
  await former.granted;
  const errors = [rejection(former.done)];
  errors.push(rejection(first.request("a", { steal: true }, () => sleep(made.clock, 500))));
  await made.clock.advance(100);
  const thief = second.request("a", { steal: true }, () => "stolen");
  await made.clock.advance(29_000);
  for (const error of errors) expect(await error).toMatchObject({ name: "AbortError" });
  await made.clock.advance(2_000);
  expect(await thief).toBe("stolen");
  expect(valuesOf(made)).toEqual([undefined, undefined, undefined]);
});

test("a client that closes, before the former holder of what it has stolen knows, leaves the keys to expire", async () => {
  const made = world();
  const { locks: holders } = await processOn(made, { ttl: 30_000 });
  const { locks, redlock } = await processOn(made, { ttl: 1_000 });
  const former = held(holders, "a");
  await former.granted;
  const error = rejection(former.done);
  const thief = locks.request("a", { steal: true }, () => "stolen");
  await settle();
  await redlock.close();
  expect(await thief).toBe("stolen");
  await made.clock.advance(29_000);
  expect(await error).toMatchObject({ name: "AbortError" });
  await made.clock.advance(2_000);
  expect(valuesOf(made)).toEqual([undefined, undefined, undefined]);
});

test("a late reply about a holder of this process, which knows of the theft, delays nothing", async () => {
  const made = world();
  const { locks } = await processOn(
    made,
    {},
    {
      onSeize: async (run, index) => {
        const reply = await run();
        if (index === 2) await sleep(made.clock, 200);
        return reply;
      },
    },
  );
  const former = held(locks, "a");
  await former.granted;
  const error = rejection(former.done);
  const thief = held(locks, "a", { steal: true });
  await thief.granted;
  expect(await error).toMatchObject({ name: "AbortError" });
  await made.clock.advance(500);
  thief.release("at once");
  let isDone = false;
  void thief.done.then(() => (isDone = true));
  await made.clock.advance(100);
  expect(isDone).toBe(true);
});

test("any number of former holders is counted, and those whose time is over are forgotten", async () => {
  const clock = new VirtualClock();
  const former = new FormerHolders(clock);
  former.add(
    Array.from({ length: 200_000 }, (_, index) => `token ${index}`),
    1_000,
  );
  former.add(["last"], 2_000);
  expect(former.leftMs).toBe(2_000);
  await clock.advance(1_500);
  expect(former.leftMs).toBe(500);
  former.delete("last");
  expect(former.leftMs).toBe(0);
});
