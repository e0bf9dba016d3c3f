import { once } from "node:events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LeaseLockable, leaseLock, type LeaseLockOptions } from "../../../src/kubernetes/index.ts";
import { testCluster, type TestCluster } from "../../support/test-cluster.ts";
import { startProcess } from "../../support/test-processes.ts";

// Locks on Leases with the real client, over the wire. `npm run test:kubernetes` runs these tests against a real API server.

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await testCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** Lockables for one Lease, each with a client of its own, as in processes of their own. */
function lockables(count: number, options: LeaseLockOptions = {}): readonly LeaseLockable[] {
  const target = { namespace: cluster.namespace, name: cluster.leaseName() };
  return Array.from({ length: count }, (_, index) =>
    leaseLock(cluster.coordination(), target, { owner: `racer-${index}`, ...options }),
  );
}

it("has one winner of ten racers, and the Lease names it", async () => {
  const racers = lockables(10);
  const locks = await Promise.all(racers.map((racer) => racer.tryAcquire()));
  const winners = locks.filter((lock) => lock !== null);
  expect(winners).toHaveLength(1);
  const [winner] = winners;
  const [, name = ""] = racers[0]!.name.split("/");
  const lease = await cluster.coordination().readNamespacedLease({ name, namespace: cluster.namespace });
  expect(lease.spec).toMatchObject({
    holderIdentity: winner!.token,
    leaseTransitions: winner!.fence,
    leaseDurationSeconds: 15,
  });
  expect(await winner!.release()).toBe(true);
  const released = await cluster.coordination().readNamespacedLease({ name, namespace: cluster.namespace });
  expect(released.spec?.holderIdentity ?? "").toBe("");
  expect(released.metadata?.uid).toBe(lease.metadata?.uid);
});

it("is held by one at a time while many want it, with growing fences in the order of their turns", async () => {
  const racers = lockables(4, { wait: 60_000, pollInterval: 50 });
  let inside = 0;
  const fences: number[] = [];
  const turn = (racer: LeaseLockable): Promise<void> =>
    racer.using(async (lock) => {
      inside += 1;
      expect(inside).toBe(1);
      fences.push(lock.fence);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    });
  await Promise.all([...racers, ...racers, ...racers].map((racer) => turn(racer)));
  expect(fences).toHaveLength(12);
  expect(fences).toEqual(fences.toSorted((a, b) => a - b));
  expect(new Set(fences).size).toBe(12);
});

it("extends itself over the wire, and is extended by its holder", async () => {
  const [lockable] = lockables(1, { ttl: 6_000 });
  await using lock = await lockable!.acquire();
  let extended = 0;
  await new Promise<void>((resolve, reject) => {
    lockable!.on("lock:extended", () => {
      extended += 1;
      if (extended === 2) resolve();
    });
    lockable!.on("lock:lost", ({ error }) => reject(error));
  });
  await lock.extend(60_000);
  expect(lock.remaining()).toBeGreaterThan(6_000);
});

it("is taken over from a process that was killed, after the duration of its lease", async () => {
  const name = cluster.leaseName();
  const { namespace } = cluster;
  const program = new URL("../../support/lease-process.ts", import.meta.url);
  const child = startProcess(program, [cluster.config.exportConfig(), namespace, name, "2000"]);
  const exited = once(child, "exit");
  try {
    const [held] = (await once(child, "message")) as [{ fence: number; token: string }];
    const taker = leaseLock(cluster.coordination(), { namespace, name }, { wait: 60_000 });
    expect((await taker.query()).holders).toMatchObject([{ token: held.token, thisProcess: false }]);
    child.kill("SIGKILL");
    await exited;
    let waitedMs = 0;
    const other = leaseLock(cluster.coordination(), { namespace, name }, { wait: 60_000, ttl: 30_000 });
    other.on("lock:acquire:succeeded", (event) => (waitedMs = event.waitedMs));
    await using lock = await other.acquire();
    expect(lock.fence).toBe(held.fence + 1);
    expect(waitedMs).toBeGreaterThanOrEqual(2_000);
  } finally {
    child.kill("SIGKILL");
    await exited;
  }
});
