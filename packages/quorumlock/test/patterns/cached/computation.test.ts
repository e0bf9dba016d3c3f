import { expect, test } from "vitest";
import { startComputation } from "../../../src/patterns/cached/computation.ts";
import { outcomeOf } from "../../support/outcome.ts";
import { settle, VirtualClock } from "../../support/virtual-clock.ts";
import { cacheWorld } from "./cache-world.ts";

test("a computation whose lock is lost before it begins has an aborted signal", async () => {
  const reason = new Error("lost");
  const signals: AbortSignal[] = [];
  const compute = ({ signal }: { readonly signal: AbortSignal }): number => signals.push(signal);
  const { result } = startComputation(new VirtualClock(), compute, {
    key: "a",
    fence: 1,
    limitMs: 1_000,
    abandoned: new AbortController().signal,
    lost: AbortSignal.abort(reason),
  });
  expect(await result).toBe(1);
  expect(signals[0]).toMatchObject({ aborted: true, reason });
});

test("a lock that is lost while the winner reads is followed by another try, not by a computation without a lock", async () => {
  const world = cacheWorld({ storeTimeout: 60_000 });
  const fences: (number | undefined)[] = [];
  const process = world.process();
  const call = outcomeOf(
    world.clock,
    process.cache.get("a", ({ fence, signal }) => {
      fences.push(fence);
      return signal.aborted ? "without a lock" : "with a lock";
    }),
  );
  // The first read is answered at once, and the one under the lock late.
  for (let turn = 0; turn < 50 && world.store.calls.length < 1; turn++) await Promise.resolve();
  world.store.delayMs.get = 10_000;
  await settle();
  expect(world.store.calls).toEqual(["get v:a", "get v:a"]);
  world.store.delayMs.get = 0;
  for (const instance of world.instances) instance.set("lock:cache:a", `${"e".repeat(32)}@other:1`, 7_000);
  await world.clock.advance(20_000);
  expect(call).toMatchObject({ state: "fulfilled", value: "with a lock" });
  expect(fences).toHaveLength(1);
});
