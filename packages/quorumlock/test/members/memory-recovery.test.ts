import { afterEach, describe, expect, test } from "vitest";
import type { MemoryInstance, Redlock } from "../../src/index.ts";
import { MAX_JITTER_MS } from "../../src/members/memory-recovery.ts";
import { parseMarker } from "../../src/operations/marker.ts";
import { fenceKey } from "../support/lock-keys.ts";
import { MembersWorld } from "../support/members-world.ts";
import { rejection } from "../support/timing.ts";
import { advanceDuring } from "../support/world.ts";
import { settle } from "../support/virtual-clock.ts";

/** The window of the restart guard with the allowance for drift. */
const QUARANTINE_MS = 10_102;
/** The same, and the delay of a recovery. */
const RECOVERED_MS = QUARANTINE_MS + MAX_JITTER_MS + 1;
const MARKER = "lock:~server";

let world = new MembersWorld();
afterEach(() => {
  world = new MembersWorld();
});

/** What a server writes to disk. */
type Snapshot = readonly (readonly [key: string, value: string, remainingMs: number])[];

function snapshotOf(instance: MemoryInstance): Snapshot {
  return instance.keys().map((key) => [key, instance.get(key) ?? "", instance.remaining(key)]);
}

/** Restarts a server from an older snapshot, as Redis does by default. */
function restartFrom(instance: MemoryInstance, snapshot: Snapshot): void {
  instance.restart();
  for (const [key, value, remainingMs] of snapshot)
    instance.set(key, value, remainingMs < 0 ? Infinity : remainingMs);
}

async function nextFence(redlock: Redlock, name = "x"): Promise<number> {
  const lock = await redlock.acquire(name, { wait: 0 });
  await lock.release();
  return lock.fence;
}

/** Grants tokens that only a and b have. Returns the last one. */
async function countUp(redlock: Redlock, grants: number): Promise<number> {
  const before = world.one("c").get(fenceKey("x"));
  let last = 0;
  for (let turn = 0; turn < grants; turn += 1) last = await nextFence(redlock);
  if (before !== undefined) world.one("c").set(fenceKey("x"), before);
  return last;
}

function sourceOf(label: string): string {
  const marker = parseMarker(world.one(label).get(MARKER) ?? "");
  return marker.state === "complete" ? marker.source : marker.state;
}

describe("the first use of a set", () => {
  test("gives all servers the same floor, and every server votes at once", async () => {
    const redlock = world.client("abc");
    const lock = await redlock.acquire("x");
    expect(["a", "b", "c"].map((label) => world.one(label).get("lock:x"))).toEqual(
      Array.from({ length: 3 }, () => lock.token),
    );
    const floors = ["a", "b", "c"].map((label) => world.one(label).get(MARKER)?.split(" ").at(-1));
    expect(new Set(floors)).toEqual(new Set([String(lock.fence)]));
    await lock.release();
  });

  test("by several clients at the same moment leaves no server in quarantine", async () => {
    const clients = Array.from({ length: 5 }, () => world.client("abc"));
    await Promise.all(clients.map((redlock, index) => redlock.using(`warm ${index}`, () => undefined)));
    expect(["a", "b", "c"].map(sourceOf)).toEqual(["first-use", "first-use", "first-use"]);
  });
});

describe("a server that restarts from an older snapshot", () => {
  test("gets its counters from the others, so tokens increase although its clock is behind", async () => {
    const redlock = world.client("abc");
    await nextFence(redlock);
    const old = snapshotOf(world.one("a"));
    const last = await countUp(redlock, 20);
    restartFrom(world.one("a"), old);
    await world.clock.advance(RECOVERED_MS);
    expect(sourceOf("a")).toBe("instances");
    expect(Number(world.one("a").get(fenceKey("x")))).toBe(last);
    // Now a and c decide alone.
    world.one("b").losesRequests = true;
    expect(await nextFence(redlock)).toBe(last + 1);
  });

  test("does not vote before that", async () => {
    const redlock = world.client("abc");
    await nextFence(redlock);
    const old = snapshotOf(world.one("a"));
    restartFrom(world.one("a"), old);
    await settle();
    world.one("b").kill();
    const error = await rejection(advanceDuring(world.clock, 600, redlock.acquire("x", { wait: 0 })));
    expect(String(error)).toMatch(/a: the server restarted 0\.\d s ago/);
  });

  test("does not vote between the end of its quarantine and the recovery of its counters", async () => {
    const redlock = world.client("abc");
    await nextFence(redlock);
    const old = snapshotOf(world.one("a"));
    const last = await countUp(redlock, 20);
    restartFrom(world.one("a"), old);
    await world.clock.advance(QUARANTINE_MS);
    // Only b knows the last token. It is too slow for a vote, and a and c would be a quorum without it.
    world.one("b").delayOf = () => 150;
    await world.clock.advance(2);
    const refused = rejection(redlock.acquire("x", { wait: 0 }));
    await world.clock.advance(400);
    expect(String(await refused)).toMatch(/a: the fencing counters of the server are being recovered/);
    await world.clock.advance(1_000);
    world.one("b").delayOf = () => 0;
    expect(await nextFence(redlock)).toBeGreaterThan(last);
  });

  test("raises its counters to its time if too few others have theirs", async () => {
    const redlock = world.client("abc");
    await nextFence(redlock);
    const [a, b] = [snapshotOf(world.one("a")), snapshotOf(world.one("b"))];
    const last = await countUp(redlock, 5);
    restartFrom(world.one("a"), a);
    restartFrom(world.one("b"), b);
    await world.clock.advance(RECOVERED_MS);
    expect(["a", "b"].map(sourceOf)).toContain("clock");
    expect(await nextFence(redlock)).toBeGreaterThan(last);
  });

  test("and is the only one, raises its counters to its time before it votes", async () => {
    const redlock = world.client("a");
    await nextFence(redlock);
    const old = snapshotOf(world.one("a"));
    let last = 0;
    for (let turn = 0; turn < 5; turn += 1) last = await nextFence(redlock);
    restartFrom(world.one("a"), old);
    await world.clock.advance(20);
    expect(sourceOf("a")).toBe("clock");
    expect(await nextFence(redlock)).toBeGreaterThan(last);
  });
});

describe("a server whose quarantine becomes longer", () => {
  test("gets its counters after the longer quarantine, not after the first one", async () => {
    const redlock = world.client("abc");
    await nextFence(redlock);
    world.one("a").restart();
    await world.clock.advance(5_000);
    await redlock.using("y", { ttl: 60_000 }, () => undefined);
    await world.clock.advance(RECOVERED_MS);
    expect(sourceOf("a")).toBe("lost");
    await world.clock.advance(60_602 - RECOVERED_MS - 5_000 + MAX_JITTER_MS + 1);
    expect(sourceOf("a")).toBe("instances");
  });
});

test("a server that never had data is not said to have lost them", async () => {
  await world.client("abc").using("warm", () => undefined);
  await world.clock.advance(4 * RECOVERED_MS);
  const redlock = world.client("abd");
  const heard: string[] = [];
  redlock.on("instance:unsafe", ({ instance, message }) => heard.push(`${instance}: ${message}`));
  await redlock.using("x", () => undefined);
  await world.clock.advance(1_000);
  expect(heard).toEqual([
    expect.stringMatching(
      /^d: the server had no lock data 0\.\d s ago: it is new in a set that is in use, or it lost /,
    ),
  ]);
});

/** As an operator who corrects a counter, as its error says. */
function deleteCounter(instance: MemoryInstance, key: string): void {
  instance.delete(key);
  instance.delete(MARKER);
}

test("a server with a counter that cannot be counted up says what to do, and recovers after that", async () => {
  const redlock = world.client("abc");
  const last = await countUp(redlock, 5);
  const key = fenceKey("x");
  world.one("a").set(key, "abc");
  for (const label of ["b", "c"]) world.one(label).set(key, "abc");
  const error = await rejection(redlock.acquire("x", { wait: 0 }));
  expect(String(error)).toContain(
    `the fencing counter ${key} cannot be counted up: abc; delete it together with ${MARKER}, on one server after another`,
  );
  for (const label of ["b", "c"]) world.one(label).set(key, String(last));
  deleteCounter(world.one("a"), key);
  await nextFence(redlock);
  await world.clock.advance(RECOVERED_MS);
  expect(sourceOf("a")).toBe("instances");
  expect(Number(world.one("a").get(key))).toBeGreaterThan(last);
});

describe("a server whose data are deleted while it runs", () => {
  function flush(instance: MemoryInstance): void {
    for (const key of instance.keys()) instance.delete(key);
  }

  test("does not vote for a second holder", async () => {
    const [holder, other] = [world.client("abc"), world.client("abc")];
    await other.using("warm", () => undefined);
    const lock = await holder.acquire("x");
    // The holder's lock is on a and b.
    world.one("c").delete("lock:x");
    flush(world.one("b"));
    // Without the check of the marker, b and c would grant it.
    const error = await rejection(other.acquire("x", { wait: 0 }));
    expect(lock.isHeld).toBe(true);
    expect(String(error)).toMatch(
      /b: the server had no lock data 0\.0 s ago: .* lost everything without a restart/,
    );
    await world.clock.advance(RECOVERED_MS);
    expect(sourceOf("b")).toBe("instances");
  });

  test("is in quarantine also if it has started just before, and the window is short", async () => {
    const options = { ttl: 500, requestTimeout: 50 };
    const [holder, other] = [world.client("abc", options), world.client("abc", options)];
    await holder.using("warm", () => undefined);
    await other.using("warm", () => undefined);
    world.one("b").restart();
    // The quarantine after the restart is over, and the counters are back.
    await world.clock.advance(1_600);
    expect(sourceOf("b")).toBe("instances");
    const lock = await holder.acquire("x");
    world.one("c").delete("lock:x");
    flush(world.one("b"));
    expect(String(await rejection(other.acquire("x", { wait: 0 })))).toMatch(
      /b: the server .* does not vote/,
    );
    expect(lock.isHeld).toBe(true);
  });

  test("is in quarantine for a client that comes later as well", async () => {
    const known = world.client("abc");
    await known.using("warm", () => undefined);
    flush(world.one("b"));
    await known.using("other", () => undefined);
    await world.clock.advance(4_000);
    const newcomer = world.client("abc");
    const heard: string[] = [];
    newcomer.on("instance:unsafe", ({ instance, message }) => heard.push(`${instance}: ${message}`));
    await newcomer.using("x", () => undefined);
    expect(heard).toEqual([
      expect.stringMatching(
        /^b: the server had no lock data 4\.0 s ago: it is new in a set that is in use, or /,
      ),
    ]);
  });

  test("gets no counter by an extension, which would hide the loss", async () => {
    const [holder, other] = [world.client("abc"), world.client("abc")];
    await other.using("warm", () => undefined);
    const lock = await holder.acquire("x");
    flush(world.one("b"));
    await lock.extend();
    await lock.release();
    // With a counter there, b would vote.
    expect(world.one("b").get(fenceKey("x"))).toBeUndefined();
    await other.using("x", () => undefined);
    expect(sourceOf("b")).toBe("lost");
  });
});

describe("a single server whose data are deleted", () => {
  test("grants the next lock, also without a wait, with a larger token", async () => {
    const redlock = world.client("a");
    const before = await nextFence(redlock);
    await world.clock.advance(20);
    for (const key of world.one("a").keys()) world.one("a").delete(key);
    const lock = await redlock.tryAcquire("x");
    expect(lock?.fence).toBeGreaterThan(before);
    await lock?.release();
  });
});

describe("a server that other clients see as complete", () => {
  test("gets nothing before all sources are read, so that a small counter does not hide its loss", async () => {
    const [aware, unaware] = [world.client("abc"), world.client("abc")];
    await unaware.using("warm", () => undefined);
    const last = await countUp(aware, 10);
    // Now c has a small counter, and b, which had the large one, loses everything.
    for (const key of world.one("b").keys()) world.one("b").delete(key);
    await aware.using("x", () => undefined);
    world.one("c").set(fenceKey("x"), String(last - 9));
    await world.clock.advance(RECOVERED_MS - MAX_JITTER_MS - 2);
    // The counters of a come late.
    world.one("a").pause();
    await world.clock.advance(MAX_JITTER_MS + 2);
    expect(world.one("b").get(fenceKey("x"))).toBeUndefined();
    world.one("a").resume();
    await world.clock.advance(2_000);
    expect(sourceOf("b")).toBe("instances");
    expect(await nextFence(unaware)).toBeGreaterThan(last);
  });
});

describe("a server that refuses INFO", () => {
  test("recovers its counters after each restart, because its marker names no process", async () => {
    for (const label of ["a", "b", "c"]) world.one(label).refusesInfo = true;
    const redlock = world.client("abc");
    const warm = redlock.using("warm", { wait: 30_000 }, () => undefined);
    await world.clock.advance(RECOVERED_MS);
    await warm;
    const old = snapshotOf(world.one("a"));
    const last = await countUp(redlock, 5);
    restartFrom(world.one("a"), old);
    await world.clock.advance(RECOVERED_MS);
    expect(sourceOf("a")).toBe("instances");
    world.one("b").kill();
    expect(await nextFence(redlock)).toBe(last + 1);
  });
});

describe("complete()", () => {
  test("waits for a reply that takes longer than the time limit, and not for an instance that hangs", async () => {
    const redlock = world.client("abc");
    const last = await countUp(redlock, 5);
    const change = await redlock.reconfigure(world.set("bcd"));
    world.one("a").pause();
    let reads = 0;
    for (const label of ["b", "c"]) {
      world.one(label).delayOf = (operation) =>
        operation === "counters.read" && ++reads % 16 === 0 ? 150 : 0;
    }
    const completed = change.complete();
    await world.clock.advance(3_000);
    await completed;
    expect(reads).toBeGreaterThan(16);
    expect(await nextFence(redlock)).toBeGreaterThan(last);
  });

  test("does not count a server without its counters as read", async () => {
    const redlock = world.client("abc");
    await nextFence(redlock);
    const last = await countUp(redlock, 5);
    // Only a and b have the token, and b forgets it.
    world.one("b").restart();
    await settle();
    const change = await redlock.reconfigure(world.set("bcd"));
    world.one("a").pause();
    const failed = rejection(change.complete());
    await world.clock.advance(1_000);
    expect(String(await failed)).toMatch(/b: its own fencing counters are not complete/);
    world.one("a").resume();
    await world.clock.advance(RECOVERED_MS);
    await change.complete();
    expect(await nextFence(redlock)).toBeGreaterThan(last);
  });
});
