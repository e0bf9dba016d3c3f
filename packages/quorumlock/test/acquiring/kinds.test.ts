import { expect, test } from "vitest";
import { Acquirable } from "../../src/acquiring/acquirable.ts";
import { resolveOptions } from "../../src/base/options.ts";
import { Client } from "../../src/client/client.ts";
import type { Lock, Lockable } from "../../src/index.ts";
import { MemoryInstance } from "../../src/instances/memory.ts";
import { anyOfKind } from "../support/any-of-kind.ts";
import { withoutCounters } from "../support/lock-keys.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";

// A second kind of lock runs on the same rounds, waiting, extension and local queue as the mutex.

function createWorld(places = 2) {
  const clock = new VirtualClock();
  const instances = [0, 1, 2].map((index) => new MemoryInstance({ clock, label: `m${index}` }));
  const clients = [0, 1].map(
    () => new Client(instances, resolveOptions({ clock, requestTimeout: 100, restartGuard: false })),
  );
  const lockables = clients.map(
    (client): Lockable => new Acquirable(client, anyOfKind, { name: "x", places, place: 0 }),
  );
  return { clock, instances, clients, lockables };
}

test("each client holds one of the places, and a third caller waits until any of them is free", async () => {
  const { instances, lockables } = createWorld();
  const [one, two] = [await lockables[0]!.acquire(), await lockables[1]!.acquire()];
  expect(await lockables[1]!.tryAcquire()).toBeNull();
  let third: Lock | undefined;
  void lockables[1]!.acquire({ wait: Infinity }).then((lock) => (third = lock));
  await settle();
  expect(third).toBeUndefined();
  await one.release();
  await settle();
  expect(third?.isHeld).toBe(true);
  expect(third!.fence).not.toBe(two.fence);
  await two.release();
  await third!.release();
  for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
});

test("never more callers hold it than it has places, in one process and in two", async () => {
  const { clock, instances, clients, lockables } = createWorld(3);
  let [inside, maxInside] = [0, 0];
  const served: number[] = [];
  const work = Array.from({ length: 40 }, async (_, index) => {
    await lockables[index % 2]!.using({ wait: Infinity }, async () => {
      inside += 1;
      maxInside = Math.max(maxInside, inside);
      await new Promise<void>((resolve) => clock.setTimer(5, resolve, true));
      inside -= 1;
      served.push(index);
    });
  });
  for (let turn = 0; turn < 600 && served.length < 40; turn += 1) await clock.advance(10);
  await Promise.all(work);
  expect([served.length, maxInside]).toEqual([40, 3]);
  await Promise.all(clients.map((client) => client.close()));
  for (const instance of instances) expect(withoutCounters(instance.keys())).toEqual([]);
});

test("its locks extend themselves, and are lost if they cannot", async () => {
  const { clock, instances, lockables } = createWorld();
  const lock = await lockables[0]!.acquire({ ttl: 1_000 });
  await clock.advance(5_000);
  expect(lock.isHeld).toBe(true);
  for (const instance of instances) instance.pause();
  await clock.advance(1_000);
  expect([lock.isHeld, lock.signal.aborted]).toEqual([false, true]);
});
