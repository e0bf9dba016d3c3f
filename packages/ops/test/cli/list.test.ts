import { spawn } from "node:child_process";
import { once } from "node:events";
import { startRedisCluster } from "quorumlock/testing";
import { expect, test } from "vitest";
import { type Listing, listLocks, type ListQuery } from "../../src/cli/listing/list-locks.ts";
import { problemsOf, summaryOf } from "../../src/cli/listing/listing-summary.ts";
import { listingTable } from "../../src/cli/listing/listing-table.ts";
import { type Connection, connect } from "../../src/cli/connect.ts";
import { namePattern } from "../../src/cli/locks/name-pattern.ts";
import { readSettings } from "../../src/cli/settings/settings.ts";
import { until } from "../monitor/support/monitor-bed.ts";
import { PLAIN, startCommandBed } from "./support/command-bed.ts";
import { configFile, NODE_ARGS, runCommand } from "./support/run-command.ts";

const TEXT = { pattern: undefined, state: undefined, prefix: "lock:" };

function list(
  connection: Connection,
  { pattern, ...query }: Partial<Omit<ListQuery, "pattern">> & { readonly pattern?: string } = {},
): Promise<Listing> {
  return listLocks(connection, {
    prefix: "lock:",
    pattern: pattern === undefined ? undefined : namePattern(pattern),
    sort: "blocked",
    state: undefined,
    limit: 1_000,
    signal: new AbortController().signal,
    ...query,
  });
}

const NAMES = [
  "plain",
  "with space",
  'quo"te',
  "star*",
  "ask?",
  "set[ab]",
  "back\\slash",
  "new\nline",
  "\u202eflip",
];

test("has every name whatever it contains, one a line, and finds it by its escaped pattern", async () => {
  await using bed = await startCommandBed();
  const redlock = bed.client({ owner: "api-1:1" });
  await Promise.all(NAMES.map((name) => redlock.acquire(name, { ttl: 60_000 })));
  const connection = await bed.connect();
  const listing = await list(connection, { sort: "name" });
  expect(listing).toMatchObject({ found: NAMES.length, isComplete: true, scannedServers: 2, unanswered: [] });
  expect(listing.locks.map(({ name }) => name)).toEqual(NAMES.toSorted());
  const table = listingTable(listing.locks, PLAIN, undefined);
  expect(table).toHaveLength(NAMES.length + 1);
  expect(table.join("\n")).toContain(String.raw`new\nline`);
  expect(table.join("\n")).toContain(String.raw`\u202eflip`);
  for (const name of NAMES) {
    const pattern = name.replace(/[\\*?[\]]/g, String.raw`\$&`);
    expect((await list(connection, { pattern })).locks.map((lock) => lock.name)).toEqual([name]);
    expect((await list(connection, { pattern: `${pattern}*` })).locks.map((lock) => lock.name)).toContain(
      name,
    );
  }
  expect((await list(connection, { pattern: "[pw]*" })).found).toBe(2);
});

test("has kinds, holders, ages, fences and who is blocked, and puts what blocks most first", async () => {
  await using bed = await startCommandBed();
  const holder = bed.reporting("billing-7:3121");
  const other = bed.reporting("web-2:991");
  const lock = await holder.acquire("order:42", { ttl: 60_000 });
  const held = await other.acquire("tenant/9", { ttl: 60_000 });
  const waits = [1, 2, 3].map(() => other.acquire("order:42", { wait: 60_000 }));
  const chained = holder.acquire("tenant/9", { wait: 60_000 });
  for (const each of [...waits, chained]) each.catch(() => undefined);
  await bed.plain[0]?.set("lock:rest", "somebody", "PX", 60_000);
  const connection = await bed.connect();
  const listing = await until(async () => {
    const found = await list(connection);
    const [first, second] = found.locks;
    return first?.callers === 3 && second?.callers === 1 && found;
  });
  expect(listing.locks).toMatchObject([
    {
      name: "order:42",
      kind: "mutex",
      state: "held",
      holder: { owner: "billing-7:3121", id: lock.token.slice(0, 8) },
      fence: lock.fence,
      ageSource: "report",
      ttlMs: 60_000,
      votes: 3,
      of: 3,
      waiters: 1,
      callers: 3,
    },
    { name: "tenant/9", fence: held.fence, waiters: 1, callers: 1 },
    { name: "rest", state: "minority", holder: undefined, ageSource: "unknown", votes: 1 },
  ]);
  const table = listingTable(listing.locks, PLAIN, undefined).join("\n");
  expect(table).toMatch(/^NAME +KIND +HOLDER +AGE +REMAINING +VOTES +FENCE +WAITING/);
  expect(table).toMatch(/\nrest +mutex +– +unknown +not held ◌ +1\/3 +– +0/);
  // The same circle is found from each of its names, and a name can look like a part of one.
  const circle = ["order:42 → x", "tenant/9"];
  const inCircle = listing.locks
    .slice(0, 2)
    .map((view, index) => ({ ...view, circle: index === 0 ? circle : circle.toReversed() }));
  expect(listingTable(inCircle, PLAIN, undefined).filter((line) => line.includes("Deadlock"))).toEqual([
    "✕ Deadlock: order:42 → x → tenant/9 → order:42 → x",
  ]);
  expect((await list(connection, { state: "minority" })).locks.map(({ name }) => name)).toEqual(["rest"]);
  await lock.release();
  await held.release();
  for (const each of [...waits, chained]) await (await each).release();
});

test("goes on without a server that does not answer, and says which it was", async () => {
  await using bed = await startCommandBed();
  await using _ = await bed.client().acquire("order:42", { ttl: 60_000 });
  bed.servers[0]?.pause();
  const connection = await bed.connect({ timeoutMs: 3_000 });
  const listing = await list(connection);
  const silent = `127.0.0.1:${bed.servers[0]?.port}`;
  expect(listing).toMatchObject({ found: 1, isComplete: true, scannedServers: 2, unanswered: [silent] });
  expect(listing.locks).toMatchObject([{ name: "order:42", votes: 2, of: 3 }]);
  expect(summaryOf(listing, TEXT)).toMatch(
    new RegExp(`^1 lock; scanned \\d+ keys on 2 of 3 servers in .+; ${silent} did not answer$`),
  );
});

test("says when there is no lock, and when the prefix may be wrong", async () => {
  await using bed = await startCommandBed();
  const connection = await bed.connect();
  await connection.redlock.health();
  // Each client leaves a marker, which says nothing about the prefix.
  for (const redis of bed.plain) await until(async () => (await redis.exists("lock:~server")) === 1);
  expect(problemsOf(await list(connection), TEXT)).toEqual([]);
  for (const redis of bed.plain) await redis.mset("other:1", "x", "other:2", "x");
  const listing = await list(connection);
  expect(listing).toMatchObject({ found: 0, otherKeys: 4 });
  expect(problemsOf(listing, TEXT)).toEqual([
    expect.stringMatching(/^The servers hold 4 keys, none under “lock:”\. Is `prefix` right\?$/),
  ]);
  const args = ["list", "nothing*", "--instances", bed.instances];
  const none = await runCommand(args);
  expect(none).toMatchObject({ code: 0, stdout: "" });
  expect(none.stderr).toMatch(/^No lock matches “nothing\*”; scanned /);
});

test("the command: a closed output ends it with 0; one object a line with --watch --json", async () => {
  await using bed = await startCommandBed();
  const redlock = bed.client();
  await Promise.all(NAMES.map((name) => redlock.acquire(name, { ttl: 60_000 })));
  const command = [process.execPath, ...NODE_ARGS, "list", "--instances", bed.instances];
  const head = spawn("bash", ["-c", `set -o pipefail; "$@" | head -1`, "bash", ...command], {
    stdio: "ignore",
  });
  const headEnded = once(head, "exit");
  const watching = spawn(command[0] ?? "", [...command.slice(1), "--watch", "--json"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const watchEnded = once(watching, "exit");
  let text = "";
  let lines = 0;
  for await (const chunk of watching.stdout.setEncoding("utf8") as AsyncIterable<string>) {
    text += chunk;
    lines = text.split("\n").length - 1;
    if (lines >= 2) break;
  }
  // The loop has closed the output.
  expect(await watchEnded).toEqual([0, null]);
  expect(text).not.toContain("\u001b");
  const [first, second] = text.split("\n").map((line) => JSON.parse(line || "null") as { at: number } | null);
  expect(first).toMatchObject({ schema: 1, complete: true, found: NAMES.length });
  expect(second?.at).toBeGreaterThan(first?.at ?? Infinity);
  expect(await headEnded).toEqual([0, null]);
});

test("scans all masters of a server that is a Redis Cluster", async () => {
  await using cluster = await startRedisCluster();
  const entries = [{ url: cluster.nodes[0]!.url, cluster: true }];
  const config = configFile(JSON.stringify({ redis_instances: entries, client: { restart_guard: false } }));
  await using connection = await connect(await readSettings({ config, timeout: 10_000 }, {}));
  const names = Array.from({ length: 12 }, (_, index) => `order:${index}`);
  for (const name of names) await connection.redlock.acquire(name, { ttl: 60_000, autoExtend: false });
  const { locks, ...listing } = await list(connection);
  expect(locks.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  expect(listing).toMatchObject({ found: 12, isComplete: true, scannedServers: 1, unanswered: [] });
});
