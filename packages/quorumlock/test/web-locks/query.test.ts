import { describe, expect, test } from "vitest";
import { MemoryInstance, QuorumError, Redlock } from "../../src/index.ts";
import { webLocks } from "../../src/web-locks/index.ts";
import { rejection } from "../support/timing.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { fleet, held } from "./fleet.ts";

describe("query", () => {
  test("shows holders of other names if they are given, and locks that are no web locks", async () => {
    const { locks, others, otherRedlock } = fleet();
    const reader = held(others, "a", { mode: "shared" });
    await reader.granted;
    const mutex = await otherRedlock.acquire("b");
    expect(await locks.query()).toEqual({ held: [], pending: [] });
    expect(await locks.query({ names: ["a", "b", "free", ""] })).toEqual({
      held: [
        { name: "a", mode: "shared", clientId: expect.stringMatching(/^other#[0-9a-f]{8}$/) },
        { name: "b", mode: "exclusive", clientId: "other" },
      ],
      pending: [],
    });
    await mutex.release();
    reader.release();
    await reader.done;
  });

  test("shows a client of another process that waits, once and without a mode", async () => {
    const { clock, locks, others } = fleet();
    const holder = held(locks, "a");
    await holder.granted;
    const waiting = [held(others, "a"), held(others, "a")];
    await clock.advance(100);
    const { held: holds, pending } = await locks.query();
    expect(holds).toHaveLength(1);
    expect(pending).toEqual([{ name: "a", clientId: expect.stringMatching(/^[0-9a-f]{8}$/) }]);
    expect((await others.query()).pending).toHaveLength(2);
    for (const each of [holder, ...waiting]) each.release();
    await clock.advance(1_000);
    await Promise.all(waiting.map((each) => each.done));
  });

  test("rejects with a QuorumError if too few instances answer", async () => {
    const { clock, instances, locks } = fleet();
    await locks.request("warm", () => undefined);
    for (const instance of instances.slice(1)) instance.pause();
    const error = rejection(locks.query({ names: ["a"] }));
    await clock.advance(1_000);
    expect(await error).toBeInstanceOf(QuorumError);
    for (const instance of instances) instance.resume();
  });

  test("counts instances with the same label each on its own", async () => {
    const clock = new VirtualClock();
    const instances = [0, 1, 2].map(() => new MemoryInstance({ clock, label: "same" }));
    const locks = webLocks(new Redlock(instances, { clock }));
    await locks.request("warm", () => undefined);
    for (const instance of instances.slice(1)) instance.pause();
    const error = rejection(locks.query({ names: ["a"] }));
    await clock.advance(1_000);
    expect(await error).toBeInstanceOf(QuorumError);
  });

  test("shows a lock of its own client that an object with another prefix has, if the name is given", async () => {
    const redlock = Redlock.memory();
    const [long, short] = [webLocks(redlock, { prefix: "ab" }), webLocks(redlock, { prefix: "a" })];
    const holder = held(long, "c");
    await holder.granted;
    const { held: holds, pending } = await short.query({ names: ["bc"] });
    expect([holds, pending]).toEqual([[expect.objectContaining({ name: "bc", mode: "exclusive" })], []]);
    holder.release();
    await holder.done;
    await redlock.close();
  });
});

test("two objects for one client and one prefix are one lock manager", async () => {
  const redlock = Redlock.memory();
  const [one, two] = [webLocks(redlock), webLocks(redlock, { ttl: 5_000 })];
  const holder = held(one, "a");
  await holder.granted;
  expect((await two.query()).held).toMatchObject([{ name: "a", mode: "exclusive" }]);
  await two.request("a", { steal: true }, () => undefined);
  // At once, and not at the next extension.
  expect(await rejection(holder.done)).toMatchObject({ name: "AbortError" });
  await redlock.close();
});
