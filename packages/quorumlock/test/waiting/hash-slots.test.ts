import { expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import type { Reply, Request } from "../../src/operations/request.ts";
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
  for (const cluster of clusters) {
    cluster.operations.length = 0;
    let requests = 0;
    // Without this limit, callers that wake each other would never let the time go on.
    cluster.onRequest = () => ((requests += 1) > 1_000 ? "ERR too many requests" : undefined);
  }

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

/** A cluster whose replies to acquire requests for the later name are delayed. */
class SlowLaterCluster extends ClusterNode {
  readonly #clock: VirtualClock;
  isDelaying = false;
  delayed = 0;

  constructor(clock: VirtualClock, label: string) {
    super({ clock, label });
    this.#clock = clock;
  }

  override async run(requests: readonly Request[]): Promise<readonly Reply[]> {
    const replies = await super.run(requests);
    const isLater = requests.some(
      ({ operation, keys }) => operation.name === "mutex.acquire" && keys[0] === `lock:${LATER}`,
    );
    if (this.isDelaying && isLater) {
      this.delayed += 1;
      await new Promise<void>((resolve) => void this.#clock.setTimer(5, resolve, false));
    }
    return replies;
  }
}

test("a message about a name counts that comes before the refusal for the name", async () => {
  const clock = new VirtualClock();
  const clusters = ["m0", "m1", "m2"].map((label) => new SlowLaterCluster(clock, label));
  const newClient = (): Redlock => new Redlock(clusters, { clock, ttl: 60_000 });
  const first = await newClient().acquire(FIRST, { autoExtend: false });
  const later = await newClient().acquire(LATER, { autoExtend: false });
  const waiting = newClient().acquire([FIRST, LATER], { wait: 59_000, autoExtend: false });
  await clock.advance(1_000);

  for (const cluster of clusters) cluster.isDelaying = true;
  await first.release();
  for (let ms = 0; ms < 50 && clusters.some(({ delayed }) => delayed === 0); ms += 1) await clock.advance(1);
  // The servers have refused the later name, and the replies are on their way.
  await later.release();
  for (const cluster of clusters) cluster.isDelaying = false;
  let grantedAt = Infinity;
  void waiting.then(() => (grantedAt = clock.monotonic()));
  const releasedAt = clock.monotonic();
  await clock.advance(30_000);
  expect(grantedAt - releasedAt).toBeLessThan(1_000);
});
