import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lock } from "quorumlock";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { backup } from "../../src/cli/actions/backup.ts";
import { BackupWriter } from "../../src/cli/backup/backup-writer.ts";
import { restore, type RestoreOptions } from "../../src/cli/actions/restore.ts";
import { globalOptions, type Printed, runAction } from "./support/in-process.ts";
import { startLockBed, TTL } from "./support/lock-bed.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { NODE_ARGS, runCommand } from "./support/run-command.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";

const bed = await startLockBed();
const { config, directory } = bed;
const holder = bed.client({ owner: "billing-7:3121" });
const others = bed.client({ owner: "web-2:991" });
afterAll(() => bed[Symbol.asyncDispose]());

let name = "";
let file = "";
let count = 0;
beforeEach(async () => {
  count += 1;
  name = `order:${count}`;
  file = join(directory, `backup-${count}`);
  for (const redis of bed.plain) {
    await redis.config("SET", "maxmemory", "0");
    const keys = await redis.keys("lock:[^~]*");
    if (keys.length > 0) await redis.del(keys);
  }
});

function runBackup(force = false, path = file): Promise<Printed> {
  return runAction(() => backup(path, { ...globalOptions(config), force }));
}

/** The result as an object. */
async function runRestore(options: Partial<RestoreOptions> = {}): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runAction(() =>
    restore(file, { ...globalOptions(config, { json: true }), apply: false, force: false, ...options }),
  );
  return { code, stderr, ...(stdout === "" ? {} : (JSON.parse(stdout) as object)) };
}

/** Deletes the keys of the locks, as a restart without a file would, and makes the servers of the backup other processes. */
async function forgetLocks(...names: readonly string[]): Promise<void> {
  await deleteLocks(...names);
  editServers(({ label }) => ({ label, runId: "f".repeat(40) }));
}

/** Deletes the keys of the locks, as their holders do. */
async function deleteLocks(...names: readonly string[]): Promise<void> {
  for (const redis of bed.plain)
    for (const each of names) {
      const keys = await redis.keys(`lock:*${each}`);
      if (keys.length > 0) await redis.del(keys);
    }
}

/** Changes lines of the file, and writes an end that fits them. */
function edit(change: (line: Record<string, unknown>) => Record<string, unknown>): void {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const end = JSON.parse(lines.pop()!) as Record<string, unknown>;
  const body = lines
    .map((line) => `${JSON.stringify(change(JSON.parse(line) as Record<string, unknown>))}\n`)
    .join("");
  const sha256 = createHash("sha256").update(body).digest("hex");
  writeFileSync(file, `${body}${JSON.stringify({ ...end, sha256 })}\n`);
}

interface SavedServer {
  readonly label: string;
  readonly runId?: string | undefined;
}

function editServers(change: (server: SavedServer, index: number) => SavedServer): void {
  edit((line) =>
    Array.isArray(line.servers) ? { ...line, servers: (line.servers as SavedServer[]).map(change) } : line,
  );
}

/** Makes the backup older, by the clocks of some servers. */
function age(ms: number, servers: readonly number[] = [0, 1, 2]): void {
  edit((line) =>
    Array.isArray(line.times)
      ? {
          ...line,
          times: (line.times as number[]).map((time, index) => (servers.includes(index) ? time - ms : time)),
        }
      : line,
  );
}

async function valuesOf(): Promise<readonly (string | null)[]> {
  return Promise.all(bed.plain.map((redis) => redis.get(`lock:${name}`)));
}

describe("backup", () => {
  test("writes a file that only its owner can read, and replaces none without --force", async () => {
    const lock = await holder.acquire(name, TTL);
    const { code, stdout } = await runBackup();
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^1 hold and \d+ counters? written to /)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    const again = await runBackup();
    expect([again.code, again.stderr]).toEqual([73, expect.stringContaining("the file exists")]);
    expect((await runBackup(true)).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory).filter((each) => each.endsWith(".part"))).toEqual([]);
    await lock.release();
  });

  test("leaves no part of a file if the process ends meanwhile", async () => {
    const before = process.listeners("exit");
    const writer = await BackupWriter.open(file, false);
    const own = process.listeners("exit").filter((each) => !before.includes(each));
    const parts = (): readonly string[] => readdirSync(directory).filter((each) => each.endsWith(".part"));
    expect(parts()).toHaveLength(1);
    for (const listener of own) listener.call(process, 130);
    expect(parts()).toEqual([]);
    await writer.abandon();
    expect(process.listeners("exit")).toEqual(before);
  });

  test("says which file it cannot write: 73; and never writes tokens to the output: 64", async () => {
    const missing = await runBackup(false, join(directory, "missing", "file"));
    expect([missing.code, missing.stderr]).toEqual([73, expect.stringContaining("ENOENT")]);
    expect((await runBackup(false, "-")).code).toBe(64);
  });

  test("needs a quorum: 69, without a file", async () => {
    await using own = await startLockBed();
    own.servers[0]!.pause();
    own.servers[1]!.pause();
    const { code, stderr } = await runAction(() =>
      backup(file, { ...globalOptions(own.config, { timeout: 300 }), force: false }),
    );
    expect([code, stderr]).toEqual([69, expect.stringContaining("1 of 3 servers answered, 2 are needed")]);
    expect(readdirSync(directory).filter((each) => each.includes(`backup-${count}`))).toEqual([]);
  });
});

const KINDS: Readonly<Record<string, () => Promise<readonly Lock[]>>> = {
  "a plain lock": async () => [await holder.acquire(name, TTL)],
  "a fair lock": async () => [await holder.fair(name).acquire(TTL)],
  readers: async () => [
    await holder.readWrite(name).read.acquire(TTL),
    await others.readWrite(name).read.acquire(TTL),
  ],
  permits: async () => [
    await holder.semaphore(name, { permits: 3 }).acquire({ ...TTL, permits: 2 }),
    await others.semaphore(name, { permits: 3 }).acquire(TTL),
  ],
  "a lock in a tree": async () => [await holder.hierarchy(name, "a").acquire(TTL)],
};

describe("restore", () => {
  test.each(Object.entries(KINDS))("%s: its holders have it again, and nobody else", async (kind, hold) => {
    const locks = await hold();
    await runBackup();
    await forgetLocks(name, `{${name}}`, `{${name}}/a`);
    const dry = await runRestore();
    expect(dry).toMatchObject({ code: 0, applied: false, setEqual: true, onMinority: 0 });
    expect(dry.wouldRestore).toBeGreaterThanOrEqual(locks.length);
    expect(await valuesOf()).toEqual([null, null, null]);
    const applied = await runRestore({ apply: true });
    expect(applied).toMatchObject({ code: 0, applied: true, restored: dry.wouldRestore });
    expect(await runRestore()).toMatchObject({ wouldRestore: 0, stillHeld: dry.wouldRestore });
    const wanted = kind === "a lock in a tree" ? others.hierarchy(name, "a") : others.mutex(name);
    expect(await wanted.tryAcquire()).toBeNull();
    for (const lock of locks) {
      await lock.extend();
      await lock.release();
    }
    for (const redis of bed.plain) {
      const keys = (await redis.keys("lock:*")).filter((key) => !/~(fence|server)/.test(key));
      const times = await Promise.all(keys.map((key) => redis.pttl(key)));
      expect(times).not.toContain(-1);
    }
  });

  test("a lock that another process holds stays with it, and the former holder gets no lease", async () => {
    const former = await holder.acquire(name, TTL);
    await runBackup();
    await forgetLocks(name);
    const present = await others.acquire(name, TTL);
    expect(await runRestore()).toMatchObject({ wouldRestore: 0, heldByAnother: 1 });
    expect(await runRestore({ apply: true })).toMatchObject({ code: 0, restored: 0, heldByAnother: 1 });
    expect(new Set(await valuesOf())).toEqual(new Set([present.token]));
    await expect(former.extend()).rejects.toMatchObject({ code: "LOCK_LOST" });
    await present.extend();
    await present.release();
  });

  test("never makes a quorum of two holders, also if the other one is on a bare majority", async () => {
    const former = await holder.acquire(name, TTL);
    await runBackup();
    await forgetLocks(name);
    const present = await others.acquire(name, TTL);
    await bed.plain[2]!.del(`lock:${name}`);
    expect(await runRestore({ apply: true })).toMatchObject({ restored: 0, heldByAnother: 1, onMinority: 0 });
    expect(await valuesOf()).toEqual([present.token, present.token, null]);
    await present.extend();
    await present.release();
    await former.release();
  });

  test("a lock that gets only to a minority is named, holds nothing and ends by itself: 1", async () => {
    await holder.acquire(name, TTL);
    await runBackup();
    await forgetLocks(name);
    for (const redis of bed.plain.slice(1)) await redis.config("SET", "maxmemory", "1");
    const result = await runRestore({ apply: true });
    for (const redis of bed.plain) await redis.config("SET", "maxmemory", "0");
    expect(result).toMatchObject({ code: 1, restored: 0, onMinority: 1, onMinorityNames: [name] });
    expect(await bed.plain[0]!.pttl(`lock:${name}`)).toBeGreaterThan(0);
    const next = await others.acquire(name, TTL);
    await next.release();
  });

  test("a lock whose time is over does not come back", async () => {
    await holder.acquire(name, TTL);
    await runBackup();
    await forgetLocks(name);
    age(5_000);
    expect(await runRestore()).toMatchObject({ wouldRestore: 1, expired: 0 });
    age(TTL.ttl);
    expect(await runRestore({ apply: true })).toMatchObject({ code: 0, restored: 0, expired: 1 });
    expect(await valuesOf()).toEqual([null, null, null]);
  });

  test("it comes back for the time that is left, by the slowest clock", async () => {
    await holder.acquire(name, TTL);
    await runBackup();
    await forgetLocks(name);
    age(12_000);
    // The clock of the first server went an hour ahead, and that of the second one some seconds back.
    age(3_600_000, [0]);
    age(-4_000, [1]);
    const result = await runRestore({ apply: true });
    expect(result).toMatchObject({ restored: 1, expired: 0 });
    expect(result.clockStepMs).toBeGreaterThanOrEqual(3_600_000);
    for (const redis of bed.plain) {
      expect(await redis.pttl(`lock:${name}`)).toBeGreaterThan(0);
      expect(await redis.pttl(`lock:${name}`)).toBeLessThanOrEqual(TTL.ttl - 8_000);
    }
  });

  test("a key without an expiry and one on a minority do not come back", async () => {
    for (const redis of bed.plain) await redis.set(`lock:${name}`, "foreign");
    await bed.plain[0]!.set(`lock:${name}-rest`, "f".repeat(32), "PX", TTL.ttl);
    await runBackup();
    await forgetLocks(name, `${name}-rest`);
    expect(await runRestore({ apply: true })).toMatchObject({
      restored: 0,
      withoutExpiry: 1,
      heldNothing: 1,
    });
    expect(await valuesOf()).toEqual([null, null, null]);
  });

  test("raises the fencing counters of the servers, and never lowers them", async () => {
    const lock = await holder.acquire(name, TTL);
    await lock.release();
    await runBackup();
    edit((line) => (line.kind === "counter" ? { ...line, fence: Number(line.fence) + 50_000_000 } : line));
    await runRestore({ apply: true });
    const next = await others.acquire(name, TTL);
    expect(next.fence).toBeGreaterThan(lock.fence + 50_000_000);
    await next.release();
    edit((line) => (line.kind === "counter" ? { ...line, fence: 5 } : line));
    await runRestore({ apply: true });
    const last = await others.acquire(name, TTL);
    expect(last.fence).toBeGreaterThan(next.fence);
    await last.release();
  });

  test("refuses a backup of other servers and of another prefix: 77, and takes a renamed one", async () => {
    await holder.acquire(name, TTL);
    await runBackup();
    expect(await runRestore({ prefix: "other:" })).toMatchObject({ code: 77 });
    editServers((server, index) => ({ ...server, label: `redis-${index}` }));
    expect(await runRestore()).toMatchObject({ code: 0, setEqual: true, restarted: [] });
    editServers((server, index) => (index === 0 ? { ...server, runId: "0".repeat(40) } : server));
    const refused = await runRestore();
    expect([refused.code, refused.stderr]).toEqual([
      77,
      expect.stringContaining("The backup is of other servers"),
    ]);
    await deleteLocks(name);
    expect(await runRestore({ force: true, apply: true })).toMatchObject({
      code: 0,
      restored: 1,
      setEqual: false,
    });
  });

  test("a lock that was released since the backup does not come back without --force", async () => {
    const lock = await holder.acquire(name, TTL);
    await runBackup();
    await lock.release();
    expect(await runRestore({ apply: true })).toMatchObject({
      code: 0,
      restored: 0,
      released: 1,
      releasedNames: [name],
      restarted: [],
    });
    expect(await valuesOf()).toEqual([null, null, null]);
    const { stdout } = await runAction(() =>
      restore(file, { ...globalOptions(config), apply: false, force: false }),
    );
    expect(stdout).toContain("1 was released since the backup");
    expect(stdout).toContain(name);
    // One server that has run on is enough.
    editServers(({ label, runId }, index) => ({ label, runId: index === 0 ? runId : "f".repeat(40) }));
    const { restarted, ...one } = await runRestore({ apply: true });
    expect(one).toMatchObject({ restored: 0, released: 1 });
    expect(restarted).toHaveLength(2);
    expect(await runRestore({ apply: true, force: true })).toMatchObject({ restored: 1, released: 0 });
  });

  test("without a run id nothing is known about a restart", async () => {
    await holder.acquire(name, TTL);
    await runBackup();
    await deleteLocks(name);
    editServers(({ label }) => ({ label }));
    expect(await runRestore()).toMatchObject({ wouldRestore: 1, released: 0, restarted: [], setEqual: true });
  });

  test("a directory is no backup: 66", async () => {
    const { code, stderr } = await runAction(() =>
      restore(directory, { ...globalOptions(config), apply: false, force: false }),
    );
    expect([code, stderr]).toEqual([66, expect.stringContaining("it is no file")]);
  });

  test("knows which servers were restarted, and warns if none was", async () => {
    await holder.acquire(name, TTL);
    await runBackup();
    await deleteLocks(name);
    const { stderr } = await runAction(() =>
      restore(file, { ...globalOptions(config), apply: false, force: true }),
    );
    expect(stderr).toContain("No server was restarted since the backup");
    await forgetLocks(name);
    const { stdout, stderr: second } = await runAction(() =>
      restore(file, { ...globalOptions(config), apply: false, force: false }),
    );
    expect(stdout).toBe("1 would be restored, 0 have expired, 0 are held by another, set of servers equal\n");
    expect(second).toBe("Nothing was changed. With --apply they are restored.\n");
  });
});

const DAMAGES: readonly (readonly [string, (text: string) => string])[] = [
  ["cut in a line", (text) => text.slice(0, -9)],
  ["cut behind a line", (text) => text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1)],
  ["without its first lock", (text) => text.replace(/^\{"name".*\n/m, "")],
  ["changed", (text) => text.replace(/"fence":\d/, "$&1")],
  ["of another version", (text) => text.replace('"version":1', '"version":2')],
  ["with an empty server", (text) => text.replace(/"servers":\[\{[^}]*\}/, '"servers":[null')],
  ["no backup", () => '{"name":"package"}\n'],
  ["empty", () => ""],
  ["no text", () => "\u0000\u0001\n"],
  ["with lines behind its end", (text) => `${text}{"times":[1,2,3]}\n`],
];

/** The text of a backup of one lock. */
let sample: Promise<string> | undefined;

async function makeSample(): Promise<string> {
  const lock = await holder.acquire("sample", TTL);
  await runBackup();
  await lock.release();
  return readFileSync(file, "utf8");
}

test.each(DAMAGES)("a file that is %s is refused before anything is done: 65", async (_, damage) => {
  const text = await (sample ??= makeSample());
  writeFileSync(file, damage(text));
  const { code, stderr } = await runRestore({ apply: true });
  expect([code, stderr]).toEqual([65, expect.stringContaining("the backup cannot be used")]);
  const [, token = ""] = /"token":"([0-9a-f]{32})/.exec(text) ?? [];
  expect(token).not.toBe("");
  expect(stderr).not.toContain(token);
  expect(await bed.plain[0]!.exists("lock:sample")).toBe(0);
});

test("a missing file: 66", async () => {
  expect(await runRestore()).toMatchObject({ code: 66 });
});

test("the command, killed in the middle of a restore of many locks, leaves nothing that never ends", async () => {
  const locks = 1_000;
  const fill = `for i = 1, ${locks} do redis.call('SET', 'lock:many:' .. i, string.rep('a', 24) .. string.format('%08d', i) .. '@filler', 'PX', 600000) end`;
  for (const redis of bed.plain) await redis.eval(fill, 0);
  const args = ["--config", config, "--json"];
  const written = await runCommand(["backup", file, ...args]);
  expect(JSON.parse(written.stdout)).toMatchObject({ schema: 1, holds: locks });
  const forget = `local keys = redis.call('KEYS', 'lock:many:*') for i = 1, #keys do redis.call('DEL', keys[i]) end`;
  for (const redis of bed.plain) await redis.eval(forget, 0);
  await forgetLocks();
  const before = await bed.plain[0]!.dbsize();
  const child = spawn(process.execPath, [...NODE_ARGS, "restore", file, "--apply", ...args], {
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  // Each restored lock adds its key, and often a counter.
  const hasSome = async (): Promise<boolean> => (await bed.plain[0]!.dbsize()) >= before + 100;
  while (child.exitCode === null && !(await hasSome())) await sleep(5);
  child.kill("SIGKILL");
  await ended;
  // It was killed, so it had not yet come to its end.
  expect(child.signalCode).toBe("SIGKILL");
  const withoutEnd = `local found = 0 for _, key in ipairs(redis.call('KEYS', 'lock:many:*')) do if redis.call('PTTL', key) < 0 then found = found + 1 end end return found`;
  for (const redis of bed.plain) expect(await redis.eval(withoutEnd, 0)).toBe(0);
  const { code, stdout } = await runCommand(["restore", file, "--apply", ...args]);
  const result = JSON.parse(stdout) as { readonly restored: number; readonly stillHeld: number };
  expect([code, result.restored + result.stillHeld]).toEqual([0, locks]);
});
