import { expect, test } from "vitest";
import {
  AdaptiveTtl,
  type Lock,
  pool,
  Redlock,
  sharded,
  when,
  withAdaptiveTtl,
  withCircuitBreaker,
  withFallback,
  withRetry,
} from "../../src/index.ts";
import { findingsOf } from "../support/findings.ts";
import { ports, testServers } from "../support/server-access.ts";
import { collectWarnings } from "../support/warnings.ts";

test("an ordinary program with every kind of lock and every policy has no findings", async () => {
  const servers = await testServers(3);
  const warnings = collectWarnings();
  const redlock = new Redlock(
    ports(servers).map((port) => `redis://localhost:${port}`),
    { diagnostics: true, restartGuard: false },
  );
  const findings = findingsOf(redlock);
  const kept: Lock[] = [];
  const { read, write } = redlock.readWrite("prices");
  const lockables = [
    redlock.mutex("order:1"),
    redlock.mutex(["order:1", "user:2"]),
    read,
    write,
    redlock.semaphore("slots", { permits: 2 }),
    redlock.fair("line"),
    redlock.hierarchy("shop", "shelf", "box"),
    redlock.tenant("acme", { maxLocks: 5 }).mutex("report"),
    sharded(redlock, "shards", { shards: 4 }).for("key"),
    when(redlock.mutex("hours"), () => true),
    withRetry(redlock.mutex("retry")),
    withAdaptiveTtl(redlock.mutex("adaptive"), new AdaptiveTtl()),
    withCircuitBreaker(redlock.mutex("breaker")),
    withFallback(redlock.mutex("fallback"), [], { local: true }),
  ];
  const visit = async (): Promise<void> => {
    for (const lockable of lockables) {
      expect(await lockable.using((lock) => lock.isHeld)).toBe(true);
      const lock = await lockable.acquire();
      await lock.extend();
      await lock.release();
      await lockable.tryUsing(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: 4 }, visit));
  const writing = await (await read.acquire()).upgrade();
  await (await writing.downgrade()).release();
  const locks = pool(redlock, { size: 3 });
  await locks.mutex("pooled").using(() => undefined);
  kept.push(await redlock.acquire("kept"));
  await redlock.close();
  expect(findings).toEqual([]);
  expect((await warnings.stop()).map(({ code }) => code)).toEqual([]);
});
