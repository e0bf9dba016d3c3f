import { describe, expect, test } from "vitest";
import { LockTimeoutError, QuorumError } from "../../src/index.ts";
import { rejection } from "../support/timing.ts";
import { watchedWorld } from "../support/watched-world.ts";

const ONE_WAY_MS = 5;

describe("callers of one client, of which each is the first only for a moment", () => {
  test.each([1, 3, 7, 10])(
    "report the holder that the callers before them found: %s ms apart",
    async (apartMs) => {
      const world = watchedWorld();
      const lock = await world.client().acquire("x", { ttl: 60_000, autoExtend: false });
      const client = world.distantClient(ONE_WAY_MS);
      const warm = client.using("warm", () => undefined);
      await world.clock.advance(1_000);
      await warm;

      const failures: Promise<unknown>[] = [];
      const tries: Promise<unknown>[] = [];
      for (let caller = 0; caller < 20; caller += 1) {
        failures.push(rejection(client.acquire("x", { wait: 100 })));
        tries.push(client.tryAcquire("x"));
        await world.clock.advance(apartMs);
      }
      await world.clock.advance(2_000);
      for (const error of await Promise.all(failures)) {
        expect(error).toBeInstanceOf(LockTimeoutError);
        expect((error as LockTimeoutError).holder?.token).toBe(lock.token);
      }
      expect(new Set(await Promise.all(tries))).toEqual(new Set([null]));
    },
  );

  test("report an outage that began since then, once an attempt has ended", async () => {
    const world = watchedWorld();
    await world.client().acquire("x", { ttl: 60_000, autoExtend: false });
    const client = world.distantClient(ONE_WAY_MS);
    const failures: Promise<unknown>[] = [];
    for (let caller = 0; caller < 3; caller += 1) {
      failures.push(rejection(client.acquire("x", { wait: 100 + 10_000 * caller })));
      await world.clock.advance(50);
    }
    for (const instance of world.instances) instance.losesRequests = true;
    await world.clock.advance(30_000);
    const errors = await Promise.all(failures);
    expect(errors[0]).toBeInstanceOf(LockTimeoutError);
    expect(errors[2]).toBeInstanceOf(QuorumError);
  });
});
