import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { pool, Redlock, sharded, type Unsubscribe, when } from "../../src/index.ts";
import { FRESH } from "../support/fresh.ts";
import { locksOn, testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";

const servers = await testServers(3);

/** A client with connections of its own, as in another process. */
function client(): Redlock {
  const redlock = new Redlock(
    servers.map(({ server }) => server.url),
    FRESH,
  );
  onTestFinished(() => redlock.close());
  return redlock;
}

/** A quorum confirms a release. The last server may be a little later. */
async function isEmpty(): Promise<boolean> {
  return (await Promise.all(servers.map(locksOn))).flat().length === 0;
}

describe("on real servers", () => {
  test("keys of one shard exclude each other, also for other clients", async () => {
    const locks = [client(), client()].map((redlock) => sharded(redlock, "users", { shards: 4 }));
    const inside = [0, 0, 0, 0];
    let maxInside = 0;
    let shardsAtOnce = 0;
    const work = Array.from({ length: 60 }, (_, index) => {
      const key = `user-${index % 20}`;
      const users = locks[index % 2]!;
      const shard = users.shardOf(key);
      return users.for(key).using({ wait: 30_000 }, async (lock) => {
        expect(lock.names).toEqual([`users:shard:${shard}`]);
        maxInside = Math.max(maxInside, (inside[shard]! += 1));
        shardsAtOnce = Math.max(shardsAtOnce, inside.filter((count) => count > 0).length);
        const held = await Promise.all(servers.map(({ admin }) => admin.get(`lock:users:shard:${shard}`)));
        // The third server may have the vote for a caller that did not win.
        expect(held.filter((token) => token === lock.token).length).toBeGreaterThanOrEqual(2);
        inside[shard]! -= 1;
      });
    });
    await Promise.all(work);
    expect(maxInside).toBe(1);
    expect(shardsAtOnce).toBeGreaterThan(1);
    const all = await locks[0]!.all().acquire();
    expect(await locks[1]!.for("user-1").tryAcquire()).toBeNull();
    await all.release();
    await eventually("no lock is left", isEmpty);
  });

  test("a pool never has more locks on the servers than places", async () => {
    const redlock = client();
    const locks = pool(redlock, { size: 3 });
    let most = 0;
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        locks.mutex(`pooled-${index}`).using(async () => {
          most = Math.max(most, (await servers[0]!.admin.keys("lock:pooled-*")).length);
        }),
      ),
    );
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(3);
    expect(locks.stats()).toMatchObject({ inUse: 0, waiting: 0 });
    await eventually("no lock is left", isEmpty);
  });

  test("a condition in a server is awaited by its messages", async () => {
    const redlock = client();
    const { admin, server } = servers[0]!;
    const subscriber = new Redis(server.port);
    onTestFinished(() => subscriber.disconnect());
    let checks = 0;
    const isReady = async (): Promise<boolean> => {
      checks += 1;
      return (await admin.get("ready")) === "yes";
    };
    const changed = async (notify: () => void): Promise<Unsubscribe> => {
      subscriber.on("message", notify);
      await subscriber.subscribe("ready");
      return () => {
        subscriber.off("message", notify);
        void subscriber.unsubscribe("ready");
      };
    };
    const lockable = when(redlock.mutex("job"), isReady, { changed });
    expect(await lockable.tryAcquire()).toBeNull();
    const waiting = lockable.acquire({ wait: 30_000 });
    await eventually(
      "it has subscribed",
      async () => (await admin.pubsub("NUMSUB", "ready"))[1] === 1 && checks === 3,
    );
    expect(await redlock.tryUsing("job", () => "free")).toEqual({ acquired: true, value: "free" });
    await admin.set("ready", "yes");
    await admin.publish("ready", "");
    const lock = await waiting;
    expect(lock.isHeld).toBe(true);
    expect(checks).toBe(5);
    await lock.release();
    await admin.del("ready");
    await eventually("no lock is left", isEmpty);
  });
});
