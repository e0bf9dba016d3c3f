import { type AcquireOptions, type Lock, type Lockable, LockTimeoutError, Redlock } from "quorumlock";
import { startRedisServers } from "quorumlock/testing";
import { expect, test } from "vitest";
import { acquireDespiteSplits } from "../../src/exec/acquire-despite-splits.ts";

test("of many callers that do not wait, one gets the lock, also if they split the votes", async () => {
  await using servers = await startRedisServers(3);
  const clients = Array.from(
    { length: 5 },
    () =>
      new Redlock(
        servers.map(({ url }) => url),
        { restartGuard: false },
      ),
  );
  for (let round = 0; round < 5; round += 1) {
    const results = await Promise.allSettled(
      clients.map((client) =>
        acquireDespiteSplits(client.mutex([`slot-${round}`]), { wait: 0, ttl: 30_000 }),
      ),
    );
    const locks = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    expect(locks).toHaveLength(1);
    for (const lock of locks) await lock.release();
  }
  await Promise.all(clients.map((client) => client.close()));
});

test("a lock that is held is refused at the first attempt, and a split one with --wait is left to the library", async () => {
  for (const [wait, isHeld] of [
    [0, true],
    [5_000, false],
  ] as const) {
    let attempts = 0;
    const lockable = {
      acquire: async (_options: AcquireOptions): Promise<Lock> => {
        attempts += 1;
        throw new LockTimeoutError(["a"], 1, undefined, [], "acquired", isHeld);
      },
    } as unknown as Lockable;
    await expect(acquireDespiteSplits(lockable, { wait })).rejects.toThrow(LockTimeoutError);
    expect(attempts).toBe(1);
  }
});
