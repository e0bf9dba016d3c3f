import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LockTimeoutError, QuorumError } from "quorumlock";
import { afterAll, expect, test } from "vitest";
import { backup } from "../../src/cli/actions/backup.ts";
import { restore, type RestoreOptions } from "../../src/cli/actions/restore.ts";
import { until } from "../monitor/support/monitor-bed.ts";
import { globalOptions, runAction } from "./support/in-process.ts";
import { startLockBed } from "./support/lock-bed.ts";

const bed = await startLockBed();
afterAll(() => bed[Symbol.asyncDispose]());

test("servers that restarted empty and are in quarantine get the lock back, grant it to nobody, and then find larger fences", async () => {
  const file = join(bed.directory, "backup");
  // The command has the restart guard, as the applications have.
  const write = (guard: string): void =>
    writeFileSync(
      bed.config,
      `redis_instances: ${JSON.stringify(bed.urls)}\nclient: {restart_guard: ${guard}}\n`,
    );
  const run = async (options: Partial<RestoreOptions>): Promise<Record<string, unknown>> => {
    const all = {
      ...globalOptions(bed.config, { json: true, timeout: 5_000 }),
      apply: false,
      force: false,
      ...options,
    };
    const { code, stdout, stderr } = await runAction(() => restore(file, all));
    return { code, stderr, ...(JSON.parse(stdout) as object) };
  };
  const holder = bed.client({ owner: "billing-7:3121", requestTimeout: 5_000 });
  const lock = await holder.acquire("order:42", { ttl: 600_000, autoExtend: false });
  const written = await runAction(() =>
    backup(file, { ...globalOptions(bed.config, { timeout: 5_000 }), force: false }),
  );
  expect(written.code).toBe(0);
  await Promise.all(bed.servers.map((server) => server.restart()));
  for (const redis of bed.plain) await until(async () => (await redis.ping()) === "PONG", 30_000);
  // So long that the quarantine lasts for the whole first part, however slow the machine is.
  write("600000");
  expect(await run({})).toMatchObject({
    code: 0,
    wouldRestore: 1,
    released: 0,
    setEqual: true,
    restarted: bed.servers.map(({ port }) => `127.0.0.1:${port}`),
  });
  const applied = await run({ apply: true });
  expect(applied).toMatchObject({ code: 0, restored: 1, onMinority: 0 });
  // Without any counter left they count as servers that were never used. One that answers later than the others can count as one that has
  // lost its own, and gets them from these.
  const { raisedOn, notRaisedOn } = applied.counters as Record<string, readonly unknown[]>;
  expect(raisedOn!.length).toBeGreaterThanOrEqual(2);
  expect(raisedOn!.length + notRaisedOn!.length).toBe(3);
  for (const redis of bed.plain) {
    expect(await redis.get("lock:order:42")).toBe(lock.token);
    expect(await redis.pttl("lock:order:42")).toBeGreaterThan(0);
    expect(await redis.pttl("lock:order:42")).toBeLessThanOrEqual(600_000);
  }

  // In quarantine, no server votes for anybody.
  const guarded = bed.client({ owner: "web-2:991", restartGuard: 600_000, requestTimeout: 5_000 });
  await expect(guarded.acquire("order:7", { ttl: 1_000, wait: 0 })).rejects.toThrow(QuorumError);
  expect((await guarded.health()).canLock).toBe(false);
  // After the quarantine of a client with short locks, the name is not free, and the next fence is larger.
  const short = bed.client({ owner: "web-3:7", restartGuard: 1_000, ttl: 1_000, requestTimeout: 5_000 });
  const next = await short.acquire("order:7", { ttl: 1_000, wait: 30_000, autoExtend: false });
  expect(next.fence).toBeGreaterThan(lock.fence);
  await expect(short.acquire("order:42", { ttl: 1_000, wait: 0 })).rejects.toThrow(LockTimeoutError);
  // The holder goes on with it.
  await lock.extend();
  expect(await lock.release()).toBe(true);
});
