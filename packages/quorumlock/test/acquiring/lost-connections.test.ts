import { expect, test } from "vitest";
import { LockError, Redlock } from "../../src/index.ts";
import { settle, VirtualClock } from "../support/virtual-clock.ts";
import { WatchedInstance } from "../support/watched-instance.ts";

async function world() {
  const clock = new VirtualClock();
  const instances = ["a", "b", "c"].map((label) => new WatchedInstance({ clock, label }));
  const redlock = new Redlock(instances, { clock, requestTimeout: 500 });
  await redlock.using("warm", () => undefined);
  return { clock, instances, redlock };
}

/** Watches a promise that the test does not wait for. */
function outcomeOf(promise: Promise<unknown>): { value: unknown } {
  const outcome: { value: unknown } = { value: "pending" };
  promise.then(
    (value) => (outcome.value = value),
    (error: unknown) => (outcome.value = error),
  );
  return outcome;
}

test("an attempt without a wait rides out connections that are being made again", async () => {
  const { clock, instances, redlock } = await world();
  // One of the two attempts is in flight when the connections end, the other one begins afterwards.
  for (const instance of instances) instance.losesRequests = true;
  const early = outcomeOf(redlock.tryAcquire("early"));
  await settle();
  for (const instance of instances) {
    instance.losesRequests = false;
    instance.disconnect();
  }
  const late = outcomeOf(redlock.tryAcquire("late"));
  await clock.advance(50);
  expect([early.value, late.value]).toEqual(["pending", "pending"]);
  const calls = instances.map(({ runCalls }) => runCalls);
  for (const instance of instances.slice(1)) instance.reconnect();
  await clock.advance(1);
  expect([early.value, late.value]).toMatchObject([{ names: ["early"] }, { names: ["late"] }]);
  // The identification and both requests are one call, and nothing was sent before.
  expect(instances.map(({ runCalls }, index) => runCalls - calls[index]!)).toEqual([0, 2, 2]);
  await redlock.close();
});

test("query, attach and extend ride them out as well", async () => {
  const { clock, instances, redlock } = await world();
  const lock = await redlock.acquire("x");
  const description = await lock.detach();
  const own = await redlock.acquire("y", { autoExtend: false });
  for (const instance of instances) instance.disconnect();
  const outcomes = [redlock.query("x"), redlock.attach(description), own.extend(60_000)].map(outcomeOf);
  const values = () => outcomes.map(({ value }) => value);
  await clock.advance(50);
  expect(values()).toEqual(["pending", "pending", "pending"]);
  for (const instance of instances.slice(1)) instance.reconnect();
  await clock.advance(1);
  expect(values()).toMatchObject([{ isHeld: true }, { token: lock.token }, undefined]);
  expect(own.remaining()).toBeGreaterThan(50_000);
  await redlock.close();
});

test("a release rides them out, and says that the lock was held", async () => {
  const { clock, instances, redlock } = await world();
  const lock = await redlock.acquire("x");
  for (const instance of instances) instance.disconnect();
  const released = outcomeOf(lock.release());
  await clock.advance(50);
  expect([released.value, lock.isHeld]).toEqual(["pending", false]);
  for (const instance of instances.slice(1)) instance.reconnect();
  await clock.advance(1);
  expect(released.value).toBe(true);
  expect(instances.slice(1).map((instance) => instance.get("lock:x"))).toEqual([undefined, undefined]);
  await redlock.close();
});

test("a release fails if no connection comes, or the client closes", async () => {
  for (const closes of [false, true]) {
    const { clock, instances, redlock } = await world();
    const lock = await redlock.acquire("x");
    for (const instance of instances) instance.disconnect();
    const released = outcomeOf(lock.release());
    await clock.advance(10);
    const closing = closes ? redlock.close() : undefined;
    await clock.advance(500);
    expect(released.value).toMatchObject({ code: "LOCK_NO_QUORUM" });
    await Promise.all([closing ?? redlock.close(), clock.advance(1_000)]);
  }
});

test("it fails if no connection comes in the time that a request may take", async () => {
  const { clock, instances, redlock } = await world();
  for (const instance of instances) instance.disconnect();
  const outcome = outcomeOf(redlock.tryAcquire("x"));
  await clock.advance(499);
  expect(outcome.value).toBe("pending");
  await clock.advance(1);
  expect(outcome.value).toMatchObject({ code: "LOCK_NO_QUORUM" });
  // From now on the connections count as down.
  const next = outcomeOf(redlock.tryAcquire("x"));
  await settle();
  expect(next.value).toBeInstanceOf(LockError);
  await redlock.close();
});

test("a majority that is down for longer is not waited for", async () => {
  const { clock, instances, redlock } = await world();
  for (const instance of instances.slice(1)) instance.disconnect();
  await clock.advance(501);
  instances[0]!.disconnect();
  const outcome = outcomeOf(redlock.tryAcquire("x"));
  await settle();
  expect(outcome.value).toMatchObject({ code: "LOCK_NO_QUORUM" });
  await redlock.close();
});
