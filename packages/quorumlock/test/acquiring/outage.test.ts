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
      return new Promise((_, reject) => void setImmediate(() => reject(new Error("BUSY"))));
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

test("a waiter asks again soon if most servers refuse its calls, although one reports the holder", async () => {
  const clock = new VirtualClock();
  const instances = ["a", "b", "c"].map((label) => new WatchedInstance({ clock, label }));
  const redlock = new Redlock(instances, { clock, ttl: 10_000, requestTimeout: 100 });
  await redlock.using("warm", () => undefined);
  const other = new Redlock(instances, { clock, ttl: 500, requestTimeout: 100 });
  await other.acquire("x");
  const [, ...refusing] = instances;
  const answer = refusing.map((instance) => instance.run.bind(instance));
  for (const instance of refusing) {
    // The refusals of the two come one after the other, so the first one does not make it an outage.
    const delayMs = instance.label === "b" ? 1 : 2;
    instance.run = () =>
      new Promise((_, reject) => void clock.setTimer(delayMs, () => reject(new Error("LOADING")), false));
  }
  const waiting = redlock.acquire("x", { wait: 9_000 });
  await clock.advance(1_000);
  refusing.forEach((instance, index) => (instance.run = answer[index]!));
  let isGranted = false;
  const granted = waiting.then(() => (isGranted = true));
  // The pauses of an outage are 1 s at most.
  await clock.advance(1_200);
  expect(isGranted).toBe(true);
  await granted;
  await redlock.close();
  await other.close();
});

test("a waiter asks again at once if servers get ready during its attempt", async () => {
  const clock = new VirtualClock();
  const instances = ["a", "b", "c", "d"].map((label) => new WatchedInstance({ clock, label }));
  const delays = new Map<string, (label: string) => number>();
  for (const instance of instances) {
    const answer = instance.run.bind(instance);
    instance.run = async (requests) => {
      const delaysMs = requests.map(({ operation }) => delays.get(operation.name)?.(instance.label) ?? 0);
      const delayMs = Math.max(...delaysMs);
      if (delayMs > 0) await new Promise<void>((resolve) => void clock.setTimer(delayMs, resolve, false));
      return answer(requests);
    };
  }
  // The second client comes while the first one has set up one server of four. The other three look as if they had lost their memory,
  // so it looks at them again after its request timeout.
  delays.set("marker.replace", (label) => (label === "d" ? 0 : 20));
  const options = { clock, requestTimeout: 400 };
  const first = new Redlock(instances, options);
  const firstLock = first.acquire("x");
  await clock.advance(10);
  const second = new Redlock(instances, options);
  const startedAt = clock.monotonic();
  const grantedAfter = second
    .semaphore("y", { permits: 2 })
    .acquire({ wait: 20_000 })
    .then(() => clock.monotonic() - startedAt);
  await clock.advance(100);
  // The first of the three begins an attempt that cannot win. The others get ready before its replies.
  delays.set("marker.lose", (label) => (label === "a" ? 1 : 5));
  delays.set("slots.acquire", () => 10);
  await clock.advance(3_000);
  expect(await grantedAfter).toBeLessThan(400 + 1 + 2 * 10 + 10);
  await firstLock;
  await first.close();
  await second.close();
});

test("with two of five servers dead, a lock takes as many requests as with all of them", async () => {
  const clock = new VirtualClock();
  const instances = ["a", "b", "c", "d", "e"].map((label) => new WatchedInstance({ clock, label }));
  const redlock = new Redlock(instances, { clock });
  await redlock.using("warm", () => undefined);
  await clock.advance(1_000);
  const spent = async (name: string): Promise<readonly string[][]> => {
    const before = instances.map(({ operations }) => operations.length);
    await redlock.using(name, () => undefined);
    await settle();
    return instances.map(({ operations }, index) => operations.slice(before[index]));
  };
  const lock = ["mutex.acquire", "mutex.release"];
  expect(await spent("x")).toEqual([lock, lock, lock, lock, lock]);
  instances[3]!.kill();
  instances[4]!.kill();
  const startedAt = clock.monotonic();
  expect(await spent("x")).toEqual([lock, lock, lock, [], []]);
  // No timer was waited for.
  expect(clock.monotonic()).toBe(startedAt);
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
