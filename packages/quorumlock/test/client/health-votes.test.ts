import { expect, test } from "vitest";
import type { InstanceSource, LockEvents } from "../../src/index.ts";
import { AddressResolution } from "../../src/client/address-resolution.ts";
import { resolveHealthOptions } from "../../src/client/health-options.ts";
import { Events } from "../../src/base/events.ts";
import { MovableInstance } from "../../src/instances/movable.ts";
import { INTERVAL_MS, MOMENT_MS } from "../support/checked-client.ts";
import { MembersWorld, TTL_MS } from "../support/members-world.ts";
import { advanceDuring } from "../support/world.ts";

// Health checks and moves must not change which votes count.

/** A world in which the address of `e` leads to the server of `c`. */
function worldWithAlias(): MembersWorld {
  const world = new MembersWorld();
  world.one("e").run = (requests) => world.one("c").run(requests);
  return world;
}

test("checks do not delay the votes of servers that refuse INFO", async () => {
  const world = new MembersWorld();
  for (const instance of world.set("abc")) instance.refusesInfo = true;
  const redlock = world.client("abc", { health: { interval: 300, jitter: 0 }, restartGuard: true });
  const early = redlock.acquire("x", { wait: TTL_MS + 2_000 });
  const lock = await advanceDuring(world.clock, TTL_MS + 2_000, early);
  for (let check = 0; check < 20; check += 1) await world.clock.advance(300);
  const health = await advanceDuring(world.clock, MOMENT_MS, redlock.health());
  expect(health).toMatchObject({ canLock: true, voting: 3 });
  const second = await advanceDuring(world.clock, MOMENT_MS, redlock.tryAcquire("y"));
  expect(second).not.toBeNull();
  expect(lock.isHeld).toBe(true);
  await advanceDuring(world.clock, MOMENT_MS, redlock.close());
});

test("a server that an instance is moved to does not extend a lock twice", async () => {
  const world = worldWithAlias();
  const resolver = ({ instance }: { readonly instance: string }): InstanceSource | undefined =>
    instance === "b" ? world.one("e") : undefined;
  const redlock = world.client("abc", {
    health: { interval: INTERVAL_MS, jitter: 0, resolver },
    restartGuard: false,
  });
  const held = await advanceDuring(
    world.clock,
    10,
    redlock.acquire("held", { ttl: 60_000, autoExtend: false }),
  );
  const extensions: string[] = [];
  redlock.on("instance:moved", () => {
    held.extend(60_000).then(
      () => extensions.push("extended"),
      (error: Error) => extensions.push(error.name),
    );
  });
  world.one("a").kill();
  world.one("b").kill();
  await world.clock.advance(5 * INTERVAL_MS);
  expect(extensions.length).toBeGreaterThan(0);
  expect(extensions).not.toContain("extended");
  await advanceDuring(world.clock, MOMENT_MS, redlock.close());
});

test("a server without a run id does not vote for an instance that was moved to it", async () => {
  const world = worldWithAlias();
  for (const instance of world.set("abc")) instance.refusesInfo = true;
  const resolver = ({ instance }: { readonly instance: string }): InstanceSource | undefined =>
    instance === "b" ? world.one("e") : undefined;
  const redlock = world.client("abc", {
    health: { interval: INTERVAL_MS, jitter: 0, resolver },
    restartGuard: false,
  });
  const failures: string[] = [];
  redlock.on("instance:resolve:failed", ({ error }) => failures.push(error.message));
  await advanceDuring(world.clock, 10, redlock.acquire("held", { ttl: 60_000, autoExtend: false }));
  world.one("a").kill();
  world.one("b").kill();
  for (let second = 0; second < 6; second += 1) {
    await world.clock.advance(INTERVAL_MS);
    const granted = await advanceDuring(world.clock, MOMENT_MS, redlock.tryAcquire("x").catch(String));
    expect(granted).toMatch(/QuorumError/);
  }
  expect(failures).toEqual([
    "e does not tell its run id, so it could be the server of another instance; give the user the right to run INFO",
  ]);
  await advanceDuring(world.clock, MOMENT_MS, redlock.close());
});

test("a change of the instances during a check is not an outage", async () => {
  const world = new MembersWorld();
  const redlock = world.client("abc", {
    health: { interval: INTERVAL_MS, jitter: 0 },
    restartGuard: false,
    requestTimeout: 2_000,
  });
  const lost: LockEvents["quorum:lost"][] = [];
  redlock.on("quorum:lost", (event) => lost.push(event));
  await advanceDuring(
    world.clock,
    10,
    redlock.using("x", () => undefined),
  );
  world.one("c").delayOf = (operation) => (operation === "identify" ? 1_500 : 0);
  const checking = redlock.health();
  const changing = redlock.reconfigure(world.set("ade"));
  await world.clock.advance(20_000);
  await changing;
  const health = await checking;
  expect(lost).toEqual([]);
  expect(health.instances.map(({ instance }) => instance)).toEqual(["a", "b", "c"]);
  expect(health).toMatchObject({ configured: 3, canLock: true });
  await advanceDuring(world.clock, MOMENT_MS, redlock.close());
});

test("no password of an address is in an event, whatever its characters, and the number of reasons is bounded", async () => {
  const world = new MembersWorld();
  const { clock } = world;
  const events = new Events();
  const messages: string[] = [];
  events.on("instance:resolve:failed", ({ error }) => messages.push(error.message));
  const instance = new MovableInstance({ source: world.one("a"), open: () => world.one("a") });
  let calls = 0;
  const resolver = (): InstanceSource => {
    calls += 1;
    if (calls > 1) throw new Error(`request ${calls} failed`);
    return "redis://:pa'ss`w\"d@127.0.0.1:1";
  };
  const options = resolveHealthOptions({ interval: INTERVAL_MS, jitter: 0, resolver });
  const resolution = new AddressResolution(
    { clock, events, options, resolver, isTaken: () => true },
    instance,
  );
  for (let check = 0; check < 200; check += 1) {
    resolution.onSilence(INTERVAL_MS * 100);
    await clock.advance(10 * INTERVAL_MS);
  }
  expect(calls).toBeGreaterThan(100);
  expect(messages).toHaveLength(16);
  expect(messages[0]).toBe(
    'the resolver returned "redis://***@127.0.0.1:1", where another instance is already',
  );
});
