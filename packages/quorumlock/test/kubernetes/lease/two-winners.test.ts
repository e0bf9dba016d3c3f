import { expect, it } from "vitest";
import { LeaseWorld } from "../../support/lease-world.ts";

/** A lock in a ConfigMap: whoever creates the object has the lock, and an expired object is deleted and created again. */
class ConfigMaps {
  #map: { readonly holder: string; readonly createdAt: number } | undefined;

  create(holder: string, createdAt: number): boolean {
    if (this.#map !== undefined) return false;
    this.#map = { holder, createdAt };
    return true;
  }

  isExpired(now: number, ttlMs: number): boolean {
    return this.#map !== undefined && now - this.#map.createdAt > ttlMs;
  }

  delete(): void {
    this.#map = undefined;
  }
}

/** The steps of one taker: each `yield` is a request to the API server. Returns whether it has the lock. */
function* takeConfigMap(maps: ConfigMaps, taker: string, now: number): Generator<undefined, boolean> {
  yield undefined;
  if (maps.create(taker, now)) return true;
  yield undefined;
  if (!maps.isExpired(now, 1_000)) return false;
  yield undefined;
  maps.delete();
  yield undefined;
  return maps.create(taker, now);
}

it("a lock in a ConfigMap has two winners if both takers have found it expired", () => {
  const maps = new ConfigMaps();
  maps.create("a process that died", 0);
  const [a, b] = [takeConfigMap(maps, "a", 5_000), takeConfigMap(maps, "b", 5_000)];
  // Both find the expired object.
  for (const taker of [a, b]) for (let step = 0; step < 3; step += 1) taker.next();
  // One deletes it and creates its own. Then the other deletes that, and creates its own.
  const steps = [a.next(), a.next(), b.next(), b.next()];
  expect(steps.filter(({ done, value }) => done === true && value)).toHaveLength(2);
});

it("a Lease has one winner in the same order of requests", async () => {
  const world = new LeaseWorld();
  const dead = world.process("a process that died");
  const acquiring = dead.acquire({ ttl: 1_000 });
  await world.clock.advance(100);
  await acquiring;
  dead.pausable.pause();
  // Both takers see the record, find after a second that it has not changed, and write. The write of `b` arrives last.
  world.way = ({ process, verb }) => ({
    requestMs: process === "b" && verb === "update" ? 300 : 1,
    replyMs: 1,
  });
  const takers = [world.process("a", { pollInterval: 60_000 }), world.process("b", { pollInterval: 60_000 })];
  const waits = takers.map((taker) =>
    taker.acquire({ wait: 1_900, ttl: 60_000 }).catch((error: unknown) => error),
  );
  await world.clock.advance(1_100);
  const writes = world.requests.filter(({ verb }) => verb === "update").slice(1);
  expect(writes.map(({ process }) => process)).toEqual(["a", "b"]);
  const versions = writes.map(({ body }) => body?.metadata?.resourceVersion);
  expect(versions[0]).toBe(versions[1]);
  await world.clock.advance(2_000);
  const [a, b] = await Promise.all(waits);
  expect(a).toMatchObject({ isHeld: true });
  expect(String(b)).toMatch(/^LockTimeoutError: .* held by a /);
});
