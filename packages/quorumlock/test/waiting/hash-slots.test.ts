import { expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { hashSlot } from "../../src/operations/hash-slot.ts";
import { ClusterNode } from "../support/cluster-node.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";

/** Two names in different hash slots. A caller requests the first one first. */
const [FIRST, LATER] = ["a", "b"].toSorted(
  (one, other) => hashSlot(`lock:${one}`) - hashSlot(`lock:${other}`),
) as [string, string];

test("callers that wait for a name in a later hash slot do not wake each other with the names of earlier ones", async () => {
  const clock = new VirtualClock();
  const clusters = ["m0", "m1", "m2"].map((label) => new ClusterNode({ clock, label }));
  const newClient = (): Redlock => new Redlock(clusters, { clock, ttl: 10_000 });
  const [holder, ...waiters] = [newClient(), newClient(), newClient(), newClient()];
  const lock = await holder.acquire(LATER, { autoExtend: false });
  for (const cluster of clusters) cluster.operations.length = 0;

  const waiting = waiters.map((client) =>
    client.acquire([FIRST, LATER], { wait: 60_000, autoExtend: false }),
  );
  await settle();
  await clock.advance(5_000);
  // Each asks, subscribes, asks again, and polls after 2 s and after 4 s.
  const requests = clusters.map((cluster) => cluster.countOperations("mutex.acquire"));
  expect(Math.max(...requests)).toBeLessThanOrEqual(waiters.length * 2 * 6);

  await lock.release();
  for (let left = waiting; left.length > 0;) {
    await clock.advance(500);
    const next = await Promise.race(left.map(async (one) => ({ one, lock: await one })));
    await next.lock.release();
    left = left.filter((one) => one !== next.one);
  }
  await Promise.all([holder, ...waiters].map((client) => client.close()));
});
