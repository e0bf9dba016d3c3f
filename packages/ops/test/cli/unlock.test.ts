import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { LockStats, report } from "quorumlock/observe";
import type { Lock } from "quorumlock";
import { unlock, type UnlockOptions } from "../../src/cli/actions/unlock.ts";
import type { AuditRecord } from "../../src/release/audit.ts";
import { globalOptions, type Printed, runAction } from "./support/in-process.ts";
import { startLockBed, TTL } from "./support/lock-bed.ts";
import { TerminalRun, whyNoTerminal } from "./support/terminal.ts";

const bed = await startLockBed();
const { config } = bed;
const holder = bed.client({ owner: "billing-7:3121" });
const others = bed.client({ owner: "web-2:991" });
afterAll(() => bed[Symbol.asyncDispose]());

let name = "";
let count = 0;
beforeEach(() => {
  count += 1;
  name = `order:${count}`;
});

function run(options: Partial<UnlockOptions> = {}, lockName = name): Promise<Printed> {
  return runAction(() => unlock(lockName, { ...globalOptions(config), now: false, yes: false, ...options }));
}

function idOf({ token }: Lock): string {
  return token.slice(0, 8);
}

/** The records that every server has of the lock. */
async function auditOf(lockName = name): Promise<readonly AuditRecord[]> {
  const lists = await Promise.all(bed.plain.map((redis) => redis.lrange("lock:~audit", 0, -1)));
  expect(new Set(lists.map((list) => list.join())).size).toBe(1);
  const records = (lists[0] ?? []).map((line) => JSON.parse(line) as AuditRecord);
  return records.filter((record) => record.name === lockName);
}

describe("a drained release", () => {
  test("keeps others out until the lease is over, and the next one has a larger fence", async () => {
    const lock = await holder.acquire(name, TTL);
    const { code, stdout } = await run({
      yes: true,
      token: idOf(lock),
      as: "anna",
      reason: "stuck",
      json: true,
    });
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ schema: 1, released: true, name, mode: "drain", of: 3 });
    expect(result.newFence).toBeGreaterThan(lock.fence);
    expect(await others.tryAcquire(name)).toBeNull();
    for (const redis of bed.plain) {
      expect(await redis.get(`lock:${name}`)).toMatch(/@operator:anna$/);
      expect(await redis.pttl(`lock:${name}`)).toBeGreaterThan(0);
      expect(await redis.pttl(`lock:${name}`)).toBeLessThanOrEqual(TTL.ttl);
    }
    await expect(lock.extend()).rejects.toMatchObject({ code: "LOCK_LOST" });
    // The lease comes to its end sooner.
    for (const redis of bed.plain) await redis.pexpire(`lock:${name}`, 100);
    const next = await others.acquire(name, { wait: 20_000 });
    expect(next.fence).toBeGreaterThan(Number(result.newFence));
    await next.release();
    const [record] = await auditOf();
    expect(record).toMatchObject({
      result: "released",
      via: "command",
      actor: "anna",
      reason: "stuck",
      mode: "drain",
      holder: { owner: "billing-7:3121", id: idOf(lock) },
    });
    for (const redis of bed.plain) expect(await redis.ttl("lock:~audit")).toBeGreaterThan(0);
  });

  test("names the holder, its age and its fence from its report, and warns that it works", async () => {
    await using reporting = bed.client({ owner: "api-2:118" });
    const stats = new LockStats(reporting);
    await using _reporter = report(reporting, stats);
    const lock = await reporting.acquire(name, { ttl: 20_000 });
    await expect
      .poll(async () => (await run({ token: idOf(lock) })).stderr)
      .toContain("This process reported");
    const { code, stderr } = await run({ token: idOf(lock) });
    expect(code).toBe(77);
    expect(stderr).toMatch(/holder {5}api-2:118 \(id [0-9a-f]{8}\), for .+ \(reported\), fence \d+/);
    expect(stderr).toContain(`fence ${lock.fence}`);
    expect(stderr).toMatch(/lease {6}\d+\.\d s left; votes 3 of 3/);
    expect(stderr).toContain("No other holder enters before.");
    expect(stderr).toContain("A store refuses its writes only once the store has seen a larger fence");
    expect(stderr).toContain(
      `there is no terminal to confirm it. In a script, use --yes --token ${idOf(lock)}`,
    );
    expect(lock.isHeld).toBe(true);
    await lock.release();
  });
});

describe("a release now", () => {
  test("frees the lock at once, and says what it does not do", async () => {
    const lock = await holder.acquire(name, TTL);
    const { code, stdout, stderr } = await run({ yes: true, token: lock.token, now: true });
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^Released\. It is free now\. New fence \d+\. A process that still works takes the lock again/,
      ),
    ]);
    expect(stderr).toContain("Two can work at the same time for up to");
    const next = await others.acquire(name, TTL);
    await next.release();
  });

  test("does not last if the holder still works, and says so", async () => {
    const lock = await holder.acquire(name, TTL);
    const { stderr } = await run({ yes: true, token: lock.token, now: true });
    expect(stderr).toContain("A process that still works takes the lock again with its next extension");
    await lock.extend();
    expect(await others.tryAcquire(name)).toBeNull();
    await lock.release();
  });

  test("is the only way for a key without an expiry", async () => {
    for (const redis of bed.plain) await redis.set(`lock:${name}`, "foreign-token-0123456789abcdef");
    const refused = await run({ yes: true, token: "foreign-" });
    expect([refused.code, refused.stderr]).toEqual([77, expect.stringContaining("can only be released now")]);
    expect((await run({ yes: true, token: "foreign-", now: true })).code).toBe(0);
    for (const redis of bed.plain) expect(await redis.exists(`lock:${name}`)).toBe(0);
  });

  test("ends one of several readers, which must be named", async () => {
    const first = await holder.readWrite(name).read.acquire(TTL);
    const second = await others.readWrite(name).read.acquire(TTL);
    const refused = await run({ now: true });
    expect(refused.code).toBe(77);
    expect(refused.stderr).toContain("2 tokens hold it. Choose one");
    for (const lock of [first, second]) expect(refused.stderr).toContain(`--token ${idOf(lock)}`);
    expect((await run({ yes: true, now: true, token: idOf(first) })).code).toBe(0);
    await second.extend();
    expect(second.isHeld).toBe(true);
    await second.release();
  });

  test("ends a permit", async () => {
    const permits = (client: typeof holder): Promise<Lock> =>
      client.semaphore(name, { permits: 2 }).acquire(TTL);
    const [first, second] = [await permits(holder), await permits(others)];
    expect((await run({ yes: true, now: true, token: idOf(first) })).code).toBe(0);
    const next = await permits(holder);
    await second.extend();
    for (const lock of [second, next]) await lock.release();
  });
});

describe("what is refused is recorded", () => {
  test("a free lock: 1", async () => {
    const { code, stderr } = await run();
    expect([code, stderr]).toEqual([1, "Not released: it is free.\n"]);
    expect(await auditOf()).toMatchObject([
      { result: "refused", via: "command", why: "Not released: it is free." },
    ]);
  });

  test("another token: 77, and nothing happens to the lock", async () => {
    const lock = await holder.acquire(name, TTL);
    const { code, stdout } = await run({ yes: true, token: "00000000", json: true });
    expect(code).toBe(77);
    expect(JSON.parse(stdout)).toMatchObject({ released: false, why: "holder-changed" });
    await lock.extend();
    expect(await auditOf()).toMatchObject([{ result: "refused" }]);
    await lock.release();
  });

  test("a key on a minority is not held: 1", async () => {
    await bed.plain[0]!.set(`lock:${name}`, "f".repeat(32), "PX", TTL.ttl);
    const { code, stderr } = await run();
    expect([code, stderr]).toEqual([1, expect.stringContaining("it is on 1 of 3 servers. Nobody holds it")]);
  });
});

const WRONG: readonly (readonly [string, Partial<UnlockOptions>, string | undefined, string])[] = [
  ["--yes without --token", { yes: true }, undefined, "--yes needs --token"],
  ["a key of the library", {}, "~server", "is no name of a lock"],
  ["an empty name", {}, "", "is no name of a lock"],
  ["an actor with a space", { as: "a b" }, undefined, "--as"],
];

test.each(WRONG)("%s is wrong usage: 64", async (_, options, lockName, text) => {
  const { code, stderr } = await run(options, lockName);
  expect([code, stderr]).toEqual([64, expect.stringContaining(text)]);
});

test("without a quorum nothing is changed: 69", async () => {
  await using own = await startLockBed();
  const lock = await own.client({ owner: "billing" }).acquire(name, TTL);
  own.servers[0]!.pause();
  own.servers[1]!.pause();
  const { code, stderr } = await runAction(() =>
    unlock(name, {
      ...globalOptions(own.config, { timeout: 300 }),
      now: false,
      yes: true,
      token: idOf(lock),
    }),
  );
  expect([code, stderr]).toEqual([
    69,
    expect.stringContaining("1 of 3 servers answered, 2 are needed. Nothing was changed."),
  ]);
});

const noTerminal = whyNoTerminal();
if (noTerminal !== undefined) console.log(`tests of the prompts are skipped: ${noTerminal}`);

describe.skipIf(noTerminal !== undefined)("the prompts on a terminal", () => {
  const start = (): TerminalRun => new TerminalRun(["unlock", name, "--config", config, "--as", "anna"]);

  test("the name confirms it, also if the holder extends the lock meanwhile", async () => {
    name = `it's "odd" \u202e${count}`;
    const lock = await holder.acquire(name, TTL);
    const terminal = start();
    await terminal.shows("Reason (kept in the audit): ");
    terminal.type("it is stuck\n");
    await terminal.shows("Type the name to confirm");
    await lock.extend();
    terminal.type(`${name}\n`);
    const { code, isRestored, screen } = await terminal.ended;
    expect([code, isRestored]).toEqual([0, true]);
    expect(screen).toContain("Released. It cannot be extended any more");
    const [line] = await bed.plain[0]!.lrange("lock:~audit", 0, 0);
    for (const text of [screen.replace(`${name}\r\n`, ""), line]) {
      expect(text).not.toContain(lock.token.slice(0, 32));
      expect(text).not.toContain("\u202e");
    }
    expect(await auditOf()).toMatchObject([{ result: "released", reason: "it is stuck", actor: "anna" }]);
  });

  test("a holder that has changed meanwhile keeps the lock: 77", async () => {
    const former = await holder.acquire(name, TTL);
    const terminal = start();
    await terminal.shows("Reason (kept in the audit): ");
    await former.release();
    const present = await others.acquire(name, TTL);
    terminal.type(`it is stuck\n${name}\n`);
    const { code, screen } = await terminal.ended;
    expect(code).toBe(77);
    expect(screen).toMatch(/Not released: the holder changed\. web-2:991 \(id [0-9a-f]{8}\) holds it now/);
    await present.extend();
    await present.release();
  });

  const REFUSALS: readonly (readonly [string, string, number, string])[] = [
    ["another name", "stuck\nother\n", 77, "the name is not the same"],
    ["a closed input", "\u0004", 77, "the input was closed"],
    ["Ctrl-C", "\u0003", 130, "Nothing was changed"],
  ];

  test.each(REFUSALS)("%s changes nothing", async (_, typed, expectedCode, text) => {
    const lock = await holder.acquire(name, TTL);
    const terminal = start();
    await terminal.shows("Reason (kept in the audit): ");
    terminal.type(typed);
    const { code, isRestored, screen } = await terminal.ended;
    expect([code, isRestored, screen]).toEqual([expectedCode, true, expect.stringContaining(text)]);
    await lock.extend();
    await lock.release();
  });
});
