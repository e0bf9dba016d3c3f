import type { Redis } from "ioredis";
import type { createClient } from "redis";
import { afterEach, describe, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { singleKinds } from "../support/clients.ts";
import { glideKind } from "../support/further-clients.ts";
import { FRESH } from "../support/fresh.ts";
import { testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";

const [first] = await testServers(1);
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

type Close = (client: never) => unknown;
const ioredisWays: readonly (readonly [string, Close])[] = [
  ["disconnect", (client: Redis) => client.disconnect()],
  ["quit", (client: Redis) => client.quit()],
];
const nodeRedisWays: readonly (readonly [string, Close])[] = [
  ["close", (client: ReturnType<typeof createClient>) => client.close()],
  ["destroy", (client: ReturnType<typeof createClient>) => client.destroy()],
];

const cases = singleKinds
  .filter(({ name }) => name !== "URL")
  .flatMap((kind) =>
    (kind.name.startsWith("ioredis") ? ioredisWays : nodeRedisWays).map(
      ([way, close]) => [kind.name, way, kind, close] as const,
    ),
  );

describe("a client that is closed and connected again", () => {
  test.each(cases)(
    "with %s by %s identifies the server again, before it votes",
    async (_, __, kind, close) => {
      const { source, close: destroy } = await kind.connect([first!.server.port]);
      const redlock = new Redlock([source], FRESH);
      cleanUps.push(() => redlock.close(), destroy);
      const restarts: string[] = [];
      redlock.on("instance:restarted", ({ before, now }) => restarts.push(`${before} ${now}`));
      const before = await redlock.acquire("x");
      await before.release();

      let downs = 0;
      redlock.on("instance:down", () => (downs += 1));
      await close(source as never);
      await eventually("the closed client is noticed", () => downs === 1);
      await first!.server.restart();
      await (source as unknown as { connect(): Promise<unknown> }).connect();

      // The counters were lost, so the first grant must wait until they are recovered.
      const after = await redlock.acquire("x");
      expect(restarts).toHaveLength(1);
      expect(after.fence).toBeGreaterThan(before.fence);
      await after.release();
    },
  );

  test.each(singleKinds.filter(({ name }) => name !== "URL"))(
    "with $name serves two Redlocks",
    async (kind) => {
      const { source, close } = await kind.connect([first!.server.port]);
      const redlocks = [new Redlock([source], FRESH), new Redlock([source], FRESH)];
      cleanUps.push(...redlocks.map((redlock) => () => redlock.close()), close);
      const restarts = [0, 0];
      redlocks.forEach((redlock, index) => redlock.on("instance:restarted", () => (restarts[index]! += 1)));
      for (const redlock of redlocks) await redlock.using("x", () => undefined);
      await first!.server.restart();
      for (const redlock of redlocks) await redlock.using("x", () => undefined);
      await eventually("both have noticed the restart", () => restarts.every((count) => count === 1));
    },
  );
});

describe("a client whose idle connections have ended, as after a freeze of the process", () => {
  test.each([...singleKinds, glideKind])("with $name acquires at once, without a wait", async (kind) => {
    const { source, close } = await kind.connect([first!.server.port]);
    const redlock = new Redlock([source], FRESH);
    cleanUps.push(() => redlock.close(), close);
    await redlock.using("x", () => undefined);
    for (let turn = 0; turn < 5; turn++) {
      await first!.admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      const lock = await redlock.tryAcquire("x");
      expect(lock?.isHeld).toBe(true);
      await lock?.release();
    }
  });
});
