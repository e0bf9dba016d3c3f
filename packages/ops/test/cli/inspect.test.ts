import { lockRecords } from "quorumlock/patterns";
import { expect, test } from "vitest";
import { freeLines } from "../../src/cli/inspection/free-lines.ts";
import { heldLines } from "../../src/cli/inspection/held-lines.ts";
import { inspectedJson, inspectName } from "../../src/cli/inspection/inspect-name.ts";
import { until } from "../monitor/support/monitor-bed.ts";
import { PLAIN, startCommandBed } from "./support/command-bed.ts";
import { runCommand } from "./support/run-command.ts";

test("shows who holds a lock, who waits, the votes, and what happens next", async () => {
  await using bed = await startCommandBed();
  const holder = bed.reporting("billing-7:3121");
  const waiter = bed.reporting("web-2:991");
  await using lock = await holder.acquire("order:42", { ttl: 60_000 });
  const waiting = waiter.acquire("order:42", { wait: 60_000 });
  waiting.catch(() => undefined);
  const connection = await bed.connect();
  const inspected = await until(async () => {
    const found = await inspectName(connection, "order:42", "lock:");
    return found.reportedMsAgo !== undefined && found.line[0]?.owner !== undefined && found;
  });
  const lines = heldLines(inspected, PLAIN);
  expect(lines[0]).toBe("order:42");
  expect(lines[1]).toBe("state      ● Held, mutex, class order:*");
  expect(lines[2]).toMatch(
    /^holder     billing-7:3121 \(id [0-9a-f]{8}\), for .+ \(reported .+ ago\), .+ left, fence \d+$/,
  );
  expect(lines[3]).toMatch(/^votes      3 of 3: 127\.0\.0\.1:\d+ ●, /);
  expect(lines[4]).toBe("next       The holder extends it. It stays held.");
  expect(lines[5]).toMatch(/^waiting    web-2:991 \(1 caller, .+\)$/);
  const json = JSON.stringify(inspectedJson(inspected));
  expect(json).not.toContain(lock.token);
  expect(JSON.parse(json)).toMatchObject({
    name: "order:42",
    kind: "mutex",
    isHeld: true,
    holder: { owner: "billing-7:3121", id: lock.token.slice(0, 8) },
    fence: lock.fence,
    votes: 3,
    line: [{ owner: "web-2:991", callers: 1, isNext: true }],
    lastRun: null,
  });
  await lock.release();
  await (await waiting).release();
});

test("tells permits, readers, a fair lock and a minority apart", async () => {
  await using bed = await startCommandBed();
  const redlock = bed.reporting("api-1:1");
  await using _permits = await redlock.semaphore("pool", { permits: 5 }).acquire({ permits: 3 });
  await using _read = await redlock.readWrite("doc").read.acquire();
  await using _fair = await redlock.fair("queue").acquire();
  await bed.plain[0]?.set("lock:rest", "somebody", "PX", 60_000);
  await bed.plain[1]?.mset("lock:forever", "somebody");
  await bed.plain[2]?.mset("lock:forever", "somebody");
  const connection = await bed.connect();
  const kinds = await until(async () => {
    const found = await Promise.all(
      ["pool", "doc", "queue", "rest", "forever"].map((name) => inspectName(connection, name, "lock:")),
    );
    return found[0]?.reportedMsAgo !== undefined && found.map(({ reading: { view } }) => view);
  });
  expect(kinds).toMatchObject([
    { kind: "semaphore", permits: 3, state: "held" },
    { kind: "read", state: "held" },
    { kind: "fair", state: "held" },
    { kind: "mutex", state: "minority", votes: 1, holder: undefined },
    { kind: "mutex", state: "no-expiry", votes: 2, remainingMs: undefined },
  ]);
});

test("says that a name is free, which names look alike, and how its last run ended", async () => {
  await using bed = await startCommandBed();
  const redlock = bed.client({ owner: "batch-1:77" });
  const startedAt = Date.now() - 60_000;
  const run = { scheduledAt: startedAt, state: "failed", startedAt, durationMs: 12_000, by: "batch-1:77" };
  const body = JSON.stringify({ ...run, error: "Error: disk full" });
  // The servers have just begun, so a record must be younger.
  const options = { createdAt: Date.now() + 60_000, keep: 86_400_000 };
  await lockRecords(redlock).put("nightly", { fence: startedAt, version: 1, body }, options);
  await using _ = await redlock.acquire("order:42", { ttl: 60_000 });
  const connection = await bed.connect();
  expect(freeLines(await inspectName(connection, "ordr:42", "lock:"), PLAIN)).toEqual([
    "No lock “ordr:42” on any server. Names in use that look alike: order:42.",
  ]);
  const [first, last] = freeLines(await inspectName(connection, "nightly", "lock:"), PLAIN);
  expect(first).toBe("No lock “nightly” on any server.");
  expect(last).toMatch(
    /^last run   ✕ failed .+ ago, began .+, took 12\.0\u202fs, by batch-1:77: Error: disk full$/,
  );
});

test("the command ends with 0 if the lock is held, 1 if not, 69 if too few servers answer, 64 for a bad name", async () => {
  await using bed = await startCommandBed();
  const name = 'a "b" *?[c]\n';
  await using _ = await bed.client().acquire(name, { ttl: 60_000 });
  const run = (...args: string[]): ReturnType<typeof runCommand> =>
    runCommand(["inspect", ...args, "--instances", bed.instances, "--timeout", "3s"]);
  const [held, free, bad] = await Promise.all([run(name), run("free", "--json"), run("~reports")]);
  expect(held.code).toBe(0);
  expect(held.stdout).toMatch(/^a "b" \*\?\[c\]\\n\nstate /);
  expect(free.code).toBe(1);
  expect(JSON.parse(free.stdout)).toMatchObject({ schema: 1, name: "free", isHeld: false, votes: 0, of: 3 });
  expect(bad).toMatchObject({ code: 64, stdout: "" });
  for (const server of bed.servers.slice(1)) await server.kill();
  expect(await run(name)).toMatchObject({ code: 69 });
});
