import { afterEach, describe, expect, test } from "vitest";
import { type LockEvents, Redlock } from "../../src/index.ts";
import { MAX_JITTER_MS } from "../../src/members/memory-recovery.ts";
import { AppendingInstance } from "../support/appending-instance.ts";
import { MembersWorld } from "../support/members-world.ts";
import { rejection } from "../support/timing.ts";
import { settle } from "../support/virtual-clock.ts";

// The restart guard is on by default with three instances or more. A change of the set can turn it on or off.

/** The window of a ttl of 10 s, with the allowance for drift. */
const WINDOW_MS = 10_102;

let world = new MembersWorld();
afterEach(() => {
  world = new MembersWorld();
});

function unsafe(redlock: Redlock): LockEvents["instance:unsafe"][] {
  const heard: LockEvents["instance:unsafe"][] = [];
  redlock.on("instance:unsafe", (event) => heard.push(event));
  return heard;
}

describe("a set that grows from two to three instances", () => {
  test("has the guard as soon as both sets decide, and keeps it when the change is complete", async () => {
    const redlock = world.client("ab");
    const heard = unsafe(redlock);
    await redlock.using("warm", () => undefined);
    world.one("a").restart();
    await settle();
    // Two instances have no guard.
    await (await redlock.acquire("x", { wait: 0 })).release();
    await world.clock.advance(WINDOW_MS + MAX_JITTER_MS);
    const change = await redlock.reconfigure(world.set("abc"));
    expect(heard).toEqual([]);
    world.one("a").restart();
    await settle();
    expect(heard).toMatchObject([{ instance: "a", cause: "restart", abstainsMs: WINDOW_MS }]);
    expect(await rejection(redlock.tryAcquire("x"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    await world.clock.advance(WINDOW_MS + MAX_JITTER_MS);
    await change.complete();
    world.one("b").restart();
    await settle();
    expect(heard).toMatchObject([{ instance: "a" }, { instance: "b", abstainsMs: WINDOW_MS }]);
    await redlock.using("x", () => expect(world.one("b").get("lock:x")).toBeUndefined());
  });

  test("lets a server abstain that restarted before, for the rest of the window", async () => {
    const redlock = world.client("ab");
    const heard = unsafe(redlock);
    await redlock.using("warm", () => undefined);
    world.one("b").restart();
    await world.clock.advance(4_000);
    await redlock.using("x", () => undefined);
    await redlock.reconfigure(world.set("abc"));
    expect(heard).toMatchObject([{ instance: "b", abstainsMs: WINDOW_MS - 4_000 }]);
    const before = world.one("b").countOperations("mutex.acquire");
    expect(await rejection(redlock.tryAcquire("x"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    expect(world.one("b").countOperations("mutex.acquire")).toBe(before);
    await world.clock.advance(WINDOW_MS - 4_000);
    await (await redlock.acquire("x", { wait: 0 })).release();
  });

  test("lets a server abstain that refuses INFO, because it counts as just started", async () => {
    world.one("b").refusesInfo = true;
    const redlock = world.client("ab");
    const heard = unsafe(redlock);
    await redlock.using("x", () => expect(world.one("b").get("lock:x")).toBeDefined());
    await world.clock.advance(4_000);
    await redlock.reconfigure(world.set("abc"));
    expect(heard).toMatchObject([{ instance: "b", abstainsMs: WINDOW_MS - 4_000 }]);
    expect(await rejection(redlock.tryAcquire("x"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
  });

  test("asks a server with an append-only file then, and it votes at once if it writes every change", async () => {
    const { clock } = world;
    const appending = new AppendingInstance({ clock, label: "m0" });
    appending.restart();
    const redlock = new Redlock([appending, world.one("a")], { clock, ttl: 10_000, requestTimeout: 100 });
    const heard = unsafe(redlock);
    await redlock.using("warm", () => undefined);
    expect(appending.questions).toHaveLength(0);
    await redlock.reconfigure([appending, ...world.set("ab")]);
    expect(appending.questions).toHaveLength(1);
    expect(await rejection(redlock.tryAcquire("x"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
    appending.questions[0]!("always");
    await settle();
    await (await redlock.acquire("x", { wait: 0 })).release();
    expect(heard).toEqual([]);
  });
});

test("a set that shrinks from three to two instances has the guard until the change is complete", async () => {
  const redlock = world.client("abc");
  await redlock.using("warm", () => undefined);
  const change = await redlock.reconfigure(world.set("ab"));
  world.one("b").restart();
  await settle();
  expect(await rejection(redlock.tryAcquire("x"))).toMatchObject({ code: "LOCK_NO_QUORUM" });
  await world.clock.advance(WINDOW_MS + MAX_JITTER_MS);
  await change.complete();
  world.one("b").restart();
  await settle();
  await (await redlock.acquire("x", { wait: 0 })).release();
});

test("a longer ttl during a change makes the quarantine longer for the members of both sets", async () => {
  for (const young of "cd") {
    world = new MembersWorld();
    world.one(young).restart();
    await world.clock.advance(20_000);
    const redlock = world.client("abc");
    await redlock.reconfigure(world.set("abd"));
    // The new member gets its counters.
    await world.clock.advance(1_000);
    await redlock.using("x", () => expect(world.one(young).get("lock:x")).toBeDefined());
    await redlock.using("y", { ttl: 60_000 }, () => expect(world.one(young).get("lock:y")).toBeUndefined());
  }
});
