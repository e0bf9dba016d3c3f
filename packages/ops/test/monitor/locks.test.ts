import { LockStats, report, type Reporter } from "quorumlock/observe";
import { lockRecords } from "quorumlock/patterns";
import { describe, expect, test } from "vitest";
import type { LockDetail, LocksPage, Snapshot } from "../../src/monitor/index.ts";
import { holdMany, type MonitorBed, startBed, until } from "./support/monitor-bed.ts";

/** The keys of a name in a request that reads it. */
const KEYS_OF_A_NAME = 4;

function untilPage(
  bed: MonitorBed,
  check: (page: LocksPage) => boolean,
  path = "/api/locks",
): Promise<LocksPage> {
  return until(async () => {
    const page = await bed.json<LocksPage>(path);
    return check(page) && page;
  });
}

describe("the list of locks", () => {
  test("has 10,000 locks in pages, and asks a server for few names at a time", async () => {
    await using bed = await startBed();
    const names = Array.from({ length: 10_000 }, (_, index) => `order:${String(index).padStart(5, "0")}`);
    await holdMany(bed.redlock, names, 600_000);
    for (const redis of bed.plain) {
      await redis.config("SET", "slowlog-log-slower-than", "0", "slowlog-max-len", "2000");
      await redis.slowlog("RESET");
    }
    const first = await until(async () => {
      const page = await bed.json<LocksPage>("/api/locks?sort=name&limit=1");
      return page.complete && page.held === 10_000 && page;
    }, 120_000);
    expect(first).toMatchObject({ total: 10_000, short: 0, truncated: false, progress: 1, unanswered: [] });
    const seen: string[] = [];
    for (let offset = 0; offset < 10_000; offset += 500) {
      const page = await bed.json<LocksPage>(`/api/locks?sort=name&limit=500&offset=${offset}`);
      seen.push(...page.locks.map(({ name }) => name));
    }
    expect(seen).toEqual(names);
    const some = await bed.json<LocksPage>("/api/locks?pattern=order:0012*&sort=name");
    expect(some.locks.map(({ name }) => name)).toEqual(names.slice(120, 130));
    for (const redis of bed.plain) {
      const calls = (await redis.slowlog("GET", 2_000)) as [number, number, number, string[]][];
      // A call for 50 names took 0.9 ms. Times are no part of this test, because a busy machine interrupts servers.
      const keys = calls.flatMap(([, , , [command, , count]]) =>
        /^EVALSHA$/i.test(command ?? "") ? [Number(count)] : [],
      );
      expect(keys.length).toBeGreaterThan(0);
      expect(Math.max(...keys)).toBeLessThanOrEqual(50 * KEYS_OF_A_NAME);
      const counts = calls.flatMap(([, , , [command, ...args]]) =>
        /^SCAN$/i.test(command ?? "") ? [Number(args[args.indexOf("COUNT") + 1])] : [],
      );
      expect(Math.max(0, ...counts)).toBeLessThanOrEqual(1_000);
    }
  }, 180_000);

  test("shows who holds a lock, since when, and what happens next", async () => {
    await using bed = await startBed();
    await using lock = await bed.redlock.acquire("order:42", { owner: "billing-7:3121" });
    // The third server may get the lock a little later.
    const { locks } = await untilPage(
      bed,
      ({ locks: [row] }) => row?.votes.every((mark) => mark === "holder") === true,
    );
    expect(locks[0]).toMatchObject({
      name: "order:42",
      class: "order:*",
      kind: "mutex",
      health: "held",
      holder: { owner: "billing-7:3121", id: lock.token.slice(0, 8) },
      ageSource: "seen",
      votes: ["holder", "holder", "holder"],
    });
    const text = JSON.stringify(locks);
    expect(text).not.toContain(lock.token);
    expect(text).not.toContain(lock.token.slice(0, 9));
    const detail = await bed.json<LockDetail>("/api/locks/order%3A42");
    expect(detail.next).toBe("The holder extends it. It stays held.");
    await lock.release();
    await untilPage(bed, ({ total }) => total === 0);
    const free = await bed.json<LockDetail>("/api/locks/order%3A42");
    expect(free).toMatchObject({ next: "It is free.", holders: [], similar: [] });
  });

  test("tells locks that are short, on a minority, and without an expiry apart", async () => {
    await using bed = await startBed();
    await bed.redlock.acquire("short", { ttl: 300_000, autoExtend: false });
    await until(async () => (await bed.json<LockDetail>("/api/locks/short")).lock?.health === "held");
    for (const redis of bed.plain) await redis.pexpire("lock:short", 90_000);
    const token = "0123456789abcdef0123456789abcdef@other:1";
    await bed.plain[0]?.set("lock:minority", token, "PX", 60_000);
    for (const redis of bed.plain) await redis.set("lock:forever", token);
    const page = await untilPage(bed, ({ total, locks }) => total === 3 && locks[1]?.health === "short");
    expect(page.locks.map(({ name, health }) => [name, health])).toEqual([
      ["forever", "no-expiry"],
      ["short", "short"],
      ["minority", "minority"],
    ]);
    expect(page).toMatchObject({ held: 2, short: 1 });
    const only = await bed.json<LocksPage>("/api/locks?health=minority");
    expect(only.locks.map(({ name }) => name)).toEqual(["minority"]);
    const minority = await bed.json<LockDetail>("/api/locks/minority");
    expect(minority.next).toMatch(
      /^It is on 1 of 3 servers\. Nobody holds it; the rest ends in \d+\.\d s\.$/,
    );
    expect(minority.lock?.holder).toBeUndefined();
    const forever = await bed.json<LockDetail>("/api/locks/forever");
    expect(forever.next).toBe("The key has no expiry. It never ends by itself.");
    const short = await bed.json<LockDetail>("/api/locks/short");
    expect(short.next).toMatch(
      /^Not extended for \d+\.\d s\. If nothing changes, it is free in [5-8]\d\.\d s\.$/,
    );
  });

  test("says that a lock may be held while too few servers answer, and keeps it in the list", async () => {
    await using bed = await startBed();
    await using lock = await bed.redlock.acquire("order:42", { owner: "billing-7:3121", ttl: 60_000 });
    const token = "0123456789abcdef0123456789abcdef@other:1";
    await bed.plain[0]?.set("lock:minority", token, "PX", 600_000);
    await untilPage(
      bed,
      ({ total, locks }) => total === 2 && locks.every(({ readMsAgo }) => readMsAgo < 1_000),
    );
    // The first server loses the keys of the lock, and the others do not answer.
    await bed.plain[0]?.del("lock:order:42");
    bed.servers[1]?.pause();
    bed.servers[2]?.pause();
    // The counts are kept for a moment.
    const isUncertain = ({ locks, held }: LocksPage): boolean =>
      held === 0 && locks.length === 2 && locks.every(({ health }) => health === "uncertain");
    const page = await untilPage(bed, isUncertain, "/api/locks?sort=name");
    expect(page.total).toBe(2);
    expect(page.locks.map(({ name, votes }) => [name, votes])).toEqual([
      ["minority", ["other", "no-answer", "no-answer"]],
      ["order:42", ["none", "no-answer", "no-answer"]],
    ]);
    expect((await bed.json<LocksPage>("/api/locks?health=minority")).total).toBe(0);
    expect((await bed.json<LocksPage>("/api/locks?health=uncertain")).total).toBe(2);
    // A busy machine can answer 503 while servers are silent.
    const next = (name: string): Promise<string> =>
      until(async () => (await bed.json<Partial<LockDetail>>(`/api/locks/${encodeURIComponent(name)}`)).next);
    expect(await next("order:42")).toBe("It may be held: 2 of 3 servers gave no answer.");
    expect(await next("free")).toBe("It may be held: 2 of 3 servers gave no answer.");
    expect(await next("minority")).toBe(
      "It may be held: it is on 1 of 3 servers, and 2 of 3 servers gave no answer.",
    );
    const { events } = await bed.json<Snapshot>("/api/snapshot");
    expect(events.filter(({ text }) => text === "free again")).toEqual([]);
    for (const server of bed.servers) server.resume();
    await untilPage(bed, ({ locks }) =>
      locks.some(({ name, health }) => name === "order:42" && health === "held"),
    );
    await lock.release();
    await untilPage(bed, ({ total }) => total === 1);
    expect(await next("order:42")).toBe("It is free.");
  });

  test("takes patterns of at most 128 characters", async () => {
    await using bed = await startBed();
    const long = await bed.get(`/api/locks?pattern=${"a".repeat(129)}`);
    expect(long.status).toBe(400);
    expect(await long.json()).toEqual({
      message: "`pattern` has 129 characters. It must have at most 128.",
    });
    expect((await bed.get(`/api/locks?pattern=${"a".repeat(128)}`)).status).toBe(200);
  });

  test("has readers and permits with their holders", async () => {
    await using bed = await startBed();
    const shared = bed.redlock.readWrite("shared");
    await using one = await shared.read.acquire();
    await using two = await bed.client().readWrite("shared").read.acquire();
    await using permit = await bed.redlock.semaphore("pool", { permits: 3 }).acquire();
    const page = await untilPage(bed, ({ total }) => total === 2, "/api/locks?sort=name");
    expect(page.locks.map(({ name, kind, holders }) => [name, kind, holders])).toEqual([
      ["pool", "semaphore", 1],
      ["shared", "shared", 2],
    ]);
    const detail = await bed.json<LockDetail>("/api/locks/shared");
    const ids = [one, two].map(({ token }) => token.slice(0, 8));
    expect(new Set(detail.holders.map(({ id }) => id))).toEqual(new Set(ids));
    const pool = await bed.json<LockDetail>("/api/locks/pool");
    expect(pool.holders[0]).toMatchObject({ id: permit.token.slice(0, 8), slots: [expect.any(Number)] });
  });

  test("reads a name that no scan has found, whatever it contains", async () => {
    // The scan finds nothing with this limit.
    await using bed = await startBed({ maxNames: 1 });
    await bed.redlock.acquire("first");
    await untilPage(bed, ({ total }) => total === 1);
    const start = `<script>alert("1")</script>&'\u202e%2F/../..?#\u{1f512}`;
    const name = start + "\u{1f512}".repeat(Math.floor((1_024 - start.length) / 2));
    await using lock = await bed.redlock.acquire(name);
    expect(encodeURIComponent(name).length).toBeGreaterThan(5_000);
    const reply = await bed.get(`/api/locks/${encodeURIComponent(name)}`);
    expect(reply.headers.get("content-type")).toMatch(/^application\/json/);
    const detail = (await reply.json()) as LockDetail;
    expect(detail.name).toBe(name);
    expect(detail.lock?.holder?.id).toBe(lock.token.slice(0, 8));
    await untilPage(bed, ({ truncated, complete }) => truncated && !complete);
    for (const bad of ["%ff", "~audit", "a".repeat(1_025)])
      expect((await bed.get(`/api/locks/${bad}`)).status).toBe(400);
  });

  test("survives keys of others under the prefix, and says when there are none", async () => {
    await using bed = await startBed({
      prefix: "other:",
      prepare: (_, plain) => {
        const foreign = Array.from({ length: 9 }, (_value, index) => [`foreign:${index}`, "1"]);
        return Promise.all(plain.map((redis) => redis.mset(foreign.flat())));
      },
    });
    const page = await untilPage(bed, ({ hint }) => hint !== undefined);
    expect(page.hint).toMatch(/^The servers hold \d+ keys, none under “other:”\. Is `prefix` right\?$/);
    await using mixed = await startBed();
    for (const redis of mixed.plain) {
      await redis.lpush("lock:list", "1");
      await redis.hset("lock:hash", "a", "1");
    }
    await using lock = await mixed.redlock.acquire("good");
    const found = await untilPage(mixed, ({ total }) => total === 1);
    expect(found.locks[0]?.holder?.id).toBe(lock.token.slice(0, 8));
  });

  test.each([
    // As the monitor itself does.
    ["the marker of a client", 0],
    ["keys of others and the report of a process", 2],
  ])("does not doubt a prefix under which nothing was locked yet, with %s", async (_, keysOfOthers) => {
    let reporter: Reporter | undefined;
    await using bed = await startBed({
      prepare: async (redlock, plain) => {
        await redlock.health();
        for (const redis of plain) await until(async () => (await redis.exists("lock:~server")) === 1);
        if (keysOfOthers === 0) return;
        reporter = report(redlock, new LockStats(redlock), { interval: 1_000 });
        for (const redis of plain) {
          for (let index = 0; index < keysOfOthers; index += 1) await redis.set(`foreign:${index}`, "1");
          await until(async () => (await redis.keys("lock:~report:*")).length > 0);
        }
      },
    });
    await using _reporter = { [Symbol.asyncDispose]: async () => reporter?.stop() };
    // The keys of a server are known with its version, and the scan after the next one has begun later.
    await until(async () =>
      (await bed.json<Snapshot>("/api/snapshot")).servers.every(({ version }) => version !== undefined),
    );
    const { scannedAt } = await untilPage(bed, ({ complete }) => complete);
    const next = await untilPage(bed, (page) => page.scannedAt !== scannedAt);
    const last = await untilPage(bed, (page) => page.scannedAt !== next.scannedAt);
    expect([last.complete, last.total, last.hint]).toEqual([true, 0, undefined]);
  });

  test("finds similar names of a free one", async () => {
    await using bed = await startBed();
    await using _ = await bed.redlock.acquire("order:42");
    await untilPage(bed, ({ total }) => total === 1);
    expect((await bed.json<LockDetail>("/api/locks/ordr%3A42")).similar).toEqual(["order:42"]);
  });

  test("has the last run of the job of the name", async () => {
    await using bed = await startBed();
    const startedAt = Date.now() - 60_000;
    const run = { scheduledAt: startedAt, state: "failed", startedAt, durationMs: 12_000, by: "batch-1:77" };
    const body = JSON.stringify({ ...run, error: "exit code 3" });
    // The servers have just begun, so a record must be younger.
    const options = { createdAt: Date.now() + 60_000, keep: 86_400_000 };
    await lockRecords(bed.redlock).put("report", { fence: startedAt, version: 1, body }, options);
    const detail = await bed.json<LockDetail>("/api/locks/report");
    expect(detail.lastRun).toEqual({ ...run, error: "exit code 3" });
    expect((await bed.json<LockDetail>("/api/locks/other")).lastRun).toBeUndefined();
  });
});
