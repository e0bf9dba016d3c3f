import { expect, test } from "vitest";
import { MemoryInstance, Redlock } from "../../src/index.ts";
import { inspectLocks, releaseForOperator } from "../../src/operator/index.ts";
import { VirtualClock } from "../support/virtual-clock.ts";

const clock = new VirtualClock();

function sameLabels(): { readonly instances: readonly MemoryInstance[]; readonly redlock: Redlock } {
  const instances = [0, 1, 2].map(() => new MemoryInstance({ clock, label: "same" }));
  return { instances, redlock: new Redlock(instances, { clock }) };
}

test("instances with the same label are inspected each on its own, also those of a semaphore", async () => {
  const { instances, redlock } = sameLabels();
  await redlock.acquire("a");
  await redlock.semaphore("permits", { permits: 2 }).acquire();
  instances[2]!.pause();
  const inspecting = inspectLocks(redlock, ["a", "permits"]);
  await clock.advance(1_000);
  for (const { instances: found } of await inspecting)
    expect(found.map(({ state, holds }) => [state, holds.length])).toEqual([
      ["answered", 1],
      ["answered", 1],
      ["no-answer", 0],
    ]);
});

test("one answer of three with the same label is no quorum for an operator", async () => {
  const { instances, redlock } = sameLabels();
  const { token } = await redlock.acquire("a", { ttl: 60_000, autoExtend: false });
  for (const instance of instances.slice(1)) instance.pause();
  const releasing = releaseForOperator(redlock, { name: "a", token: "other", mode: "now", operator: "anna" });
  await clock.advance(5_000);
  expect(await releasing).toMatchObject({ released: false, why: "no-quorum" });
  const ours = releaseForOperator(redlock, { name: "a", token, mode: "drain", operator: "anna" });
  await clock.advance(5_000);
  expect(await ours).toMatchObject({ released: false, why: "no-quorum" });
});

test("a lock of another kind on one of three with the same label does not reject an acquisition that waits", async () => {
  const { instances, redlock } = sameLabels();
  // All three have data, so none is new in a set that is in use.
  await redlock.using("warm", () => undefined);
  const [first, second] = instances.map((instance) => new Redlock([instance], { clock }));
  await first!.semaphore("a", { permits: 1 }).acquire({ ttl: 60_000 });
  await second!.acquire("a", { ttl: 2_000, autoExtend: false });
  const acquiring = redlock.readWrite("a").read.acquire({ wait: 10_000 });
  await clock.advance(5_000);
  expect(await acquiring).toMatchObject({ names: ["a"] });
});
