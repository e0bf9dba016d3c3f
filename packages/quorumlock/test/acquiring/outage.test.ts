import { expect, test } from "vitest";
import { MemoryInstance, Redlock } from "../../src/index.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { WatchedInstance } from "../support/watched-instance.ts";

test("callers do not wake each other without a pause while servers refuse every call", async () => {
  const clock = new VirtualClock();
  const instances = ["a", "b", "c"].map((label) => new WatchedInstance({ clock, label }));
  let calls = 0;
  for (const instance of instances) {
    instance.run = () => {
      calls += 1;
      // The limit ends a loop without a pause.
      if (calls > 3_000) return new Promise(() => undefined);
      return new Promise((_, reject) => void setImmediate(() => reject(new Error("NOPERM"))));
    };
  }
  const redlock = new Redlock(instances, { clock });
  const work = ["a", "b", "c", "d"].map((name) => redlock.acquire(name, { wait: 5_000 }));
  for (let turn = 0; turn < 20; turn += 1) await settle();
  // One identity request and one request for each caller, on each instance. No time has passed.
  expect(calls).toBeLessThan(3 * 2 * (1 + work.length));
  const outcomes = Promise.allSettled(work);
  await clock.advance(6_000);
  expect((await outcomes).map(({ status }) => status)).toEqual(work.map(() => "rejected"));
  expect(calls).toBeLessThan(3_000);
  await redlock.close();
});

test("a wall clock at 1970 still gives a fencing token above 0", async () => {
  const clock = new VirtualClock();
  clock.stepWall(-clock.wall());
  const redlock = new Redlock([new MemoryInstance({ clock })], { clock });
  const lock = await redlock.acquire("a");
  expect(lock.fence).toBeGreaterThan(0);
  await redlock.close();
});
