import type { ChildProcess } from "node:child_process";
import { once as event } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { lastRun, once } from "../../src/patterns/index.ts";
import { bundledProgram } from "../support/bundled-program.ts";
import { FRESH } from "../support/fresh.ts";
import { fenceKey } from "../support/lock-keys.ts";
import type { OnceProcessSettings, Step } from "../support/once-process.ts";
import { testPostgres } from "../support/postgres.ts";
import { allVote, RequestCounter, type Sent } from "../support/request-counter.ts";
import { ports, type TestServer, testServers, uptimeOf } from "../support/server-access.ts";
import { stateOf } from "../support/test-processes.ts";
import { patiently } from "../support/timing.ts";

// Processes that are killed, stopped, or have other clocks, on real servers. The judge is a table in which they only insert.

/** The ttl of a process that ends without a release, in ms. Whatever it does until then, it does again if its lease has ended before. */
const SHORT_TTL = 1_500;
/** The ttl of a process that must hold its lock, in ms: longer than any pause of the machine. */
const LONG_TTL = 60_000;
/** For both: the lease of a process at work outlives a pause of the machine, and that of a dead process ends within the test. */
const MEDIUM_TTL = 6_000;
// Servers that keep every write, so that they remember what was before their start.
const servers = await testServers(3, { args: ["--appendonly", "yes", "--appendfsync", "always"] });
// Servers without persistence. They grow old while the other tests run.
const [silenced, emptied] = await Promise.all([testServers(3), testServers(3)]);
const { pool, url } = await testPostgres();
const startProcess = await bundledProgram(new URL("../support/once-process.ts", import.meta.url));
const children: ChildProcess[] = [];
let jobs = 0;

beforeAll(() =>
  pool.query(
    "create table starts (id bigserial primary key, name text, instant bigint, attempt integer, fence bigint, pid integer)",
  ),
);
afterAll(() => {
  for (const child of children)
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
});

type Settings = Omit<OnceProcessSettings, "ports" | "databaseUrl" | "ttl"> &
  Partial<Pick<OnceProcessSettings, "ports" | "ttl">>;

function start(settings: Settings): {
  child: ChildProcess;
  exited: Promise<unknown[]>;
  result: Promise<Record<string, unknown>>;
} {
  const all: OnceProcessSettings = { ports: ports(servers), databaseUrl: url, ttl: LONG_TTL, ...settings };
  const child = startProcess([JSON.stringify(all)]);
  children.push(child);
  const exited = event(child, "exit");
  const result = Promise.race([
    event(child, "message").then(([message]) => message as Record<string, unknown>),
    exited.then(() => ({ outcome: "died" })),
  ]);
  return { child, exited, result };
}

/**
 * Records count on a server that is older than they can be, and with `maxSkew: 0` they can be made 2 s before their instant. A process takes
 * a server for younger than it is by the time for which it did not read its reply, so the servers get much older.
 */
async function growOld(list: readonly TestServer[]): Promise<void> {
  for (const { admin } of list)
    await patiently("the servers are old enough", async () => (await uptimeOf(admin)) > 20);
}

interface StartRow {
  readonly instant: string;
  readonly attempt: number;
  readonly fence: string;
  readonly pid: number;
}

async function startsOf(name: string): Promise<readonly StartRow[]> {
  const { rows } = await pool.query<StartRow>(
    "select instant, attempt, fence, pid from starts where name = $1 order by id",
    [name],
  );
  return rows;
}

function newJob(): {
  readonly name: string;
  readonly options: { readonly scheduledAt: number; readonly startWithin: number };
} {
  jobs += 1;
  return { name: `job-${jobs}`, options: { scheduledAt: Date.now(), startWithin: 120_000 } };
}

/** The starts after a death or a stop at each step: with one attempt, and with two. */
const STEPS: readonly { readonly step: Step; readonly one: number; readonly two: number }[] = [
  { step: "looked", one: 1, two: 1 },
  { step: "acquired", one: 1, two: 1 },
  { step: "opened", one: 1, two: 1 },
  { step: "claimed", one: 0, two: 1 },
  { step: "running", one: 1, two: 2 },
  { step: "done", one: 1, two: 1 },
];
const CASES = STEPS.flatMap(({ step, one, two }) => [
  { step, attempts: 1, starts: one },
  { step, attempts: 2, starts: two },
]);

// The cases of a test are jobs of their own, so all of them wait for their leases at the same time.

test.concurrent("a process that is killed at any step: not more starts than attempts", async () => {
  const outcomes = await Promise.all(
    CASES.map(async ({ step, attempts }) => {
      const { name, options } = newJob();
      // Nobody waits for the lease of the one that has recorded its end, and its end is recorded only under its lease.
      const ttl = step === "done" ? LONG_TTL : SHORT_TTL;
      const first = start({ name, options: { ...options, attempts }, ttl, step, signal: "SIGKILL" });
      const exit = await first.exited;
      const second = await start({ name, options: { ...options, attempts } }).result;
      const rows = await startsOf(name);
      return { step, attempts, exit, second: second["outcome"], started: rows.map(({ attempt }) => attempt) };
    }),
  );
  expect(outcomes).toEqual(
    CASES.map(({ step, attempts, starts }) => {
      // A claim counts as an attempt, also if its process died before it began.
      const firstAttempt = step === "claimed" ? 2 : 1;
      const runs = step !== "done" && starts > (step === "running" ? 1 : 0);
      return {
        step,
        attempts,
        exit: [null, "SIGKILL"],
        second: runs ? "ran" : "skipped",
        started: Array.from({ length: starts }, (_, index) => index + firstAttempt),
      };
    }),
  );
});

test.concurrent("a process that is stopped for longer than two ttls: its successor has a larger fencing token", async () => {
  const cases = CASES.filter(({ step }) => step === "claimed" || step === "running");
  const outcomes = await Promise.all(
    cases.map(async ({ step, attempts }) => {
      const { name, options } = newJob();
      const settings = { name, options: { ...options, attempts } };
      const first = start({ ...settings, ttl: SHORT_TTL, step, signal: "SIGSTOP" });
      await patiently("it is stopped", () => stateOf(first.child) === "T");
      const stoppedAt = performance.now();
      const second = await start(settings).result;
      await patiently("two ttls are over", () => performance.now() - stoppedAt > 2 * SHORT_TTL);
      first.child.kill("SIGCONT");
      const { outcome, code, reason } = await first.result;
      const fences = (await startsOf(name)).map(({ fence }) => Number(fence));
      const rise = fences.every((fence, index) => index === 0 || fence > fences[index - 1]!);
      return {
        step,
        attempts,
        late: { outcome, code, reason },
        second: second["outcome"],
        starts: fences.length,
        rise,
      };
    }),
  );
  expect(outcomes).toEqual(
    cases.map(({ step, attempts, starts }) => ({
      step,
      attempts,
      late:
        step === "running"
          ? { outcome: "lost", code: "LOCK_LOST" }
          : { outcome: "skipped", reason: attempts === 1 ? "failed" : "done" },
      second: attempts === 1 ? "skipped" : "ran",
      starts,
      rise: true,
    })),
  );
});

test.concurrent("servers without persistence and without a quorum for 3 s: one start after that", async () => {
  await growOld(silenced);
  const { name, options } = newJob();
  const [first, ...others] = silenced;
  for (const { server } of others) server.pause();
  const settings = { name, options: { ...options, maxSkew: 0 }, ports: ports(silenced) };
  const results = [start(settings), start(settings)].map(({ result }) => result);
  await patiently("both ask the server that answers", async () => {
    const clients = String(await first!.admin.client("LIST"));
    // One is the connection of the test.
    return (clients.match(/ cmd=eval(sha)? /g) ?? []).length >= 2;
  });
  const silentSince = performance.now();
  await patiently("3 s are over", () => performance.now() - silentSince > 3_000);
  expect(await startsOf(name)).toHaveLength(0);
  for (const { server } of others) server.resume();
  const outcomes = (await Promise.all(results)).map(({ outcome }) => String(outcome));
  expect(outcomes.toSorted()).toEqual(["ran", "skipped"]);
  expect(await startsOf(name)).toHaveLength(1);
});

test.concurrent("servers without persistence, one is stopped, one restarts empty: the instant stays done, or it is not known and does not run", async () => {
  const [first, second] = emptied;
  await growOld(emptied);
  const job = newJob();
  const { name } = job;
  const options = { ...job.options, maxSkew: 0 };
  const settings = { name, options, ports: ports(emptied) };
  expect(await start(settings).result).toMatchObject({ outcome: "ran" });
  await first!.server.kill();
  expect(await start(settings).result).toMatchObject({ outcome: "skipped", reason: "done" });
  await first!.server.restart();
  expect(await start(settings).result).toMatchObject({ outcome: "skipped", reason: "done" });
  // The server that forgot is needed now.
  await second!.server.kill();
  const unknown = { ...settings, options: { ...options, startWithin: 3_000 } };
  expect(await start(unknown).result).toEqual({ outcome: "threw", code: "LOCK_NO_QUORUM" });
  expect(await startsOf(name)).toHaveLength(1);
  // A later instant is younger than the server.
  const later = { ...settings, options: { ...options, scheduledAt: Date.now() + 12_000 } };
  expect(await start(later).result).toMatchObject({ outcome: "ran" });
  expect(await startsOf(name)).toHaveLength(2);
});

test.concurrent("a schedule on three processes, one 3 s ahead and one 3 s behind, one killed: each instant starts", async () => {
  const periodMs = 1_000;
  const { name } = newJob();
  const options = { attempts: 2, startWithin: 60_000, overlap: "allow", missed: "skip" } as const;
  const settings = { name, options: options as never, ttl: MEDIUM_TTL, periodMs };
  const all = [0, 3_000, -3_000].map((offsetMs) => start({ ...settings, offsetMs }));
  const killed = all[0]!.child;
  await Promise.all(all.map(({ result }) => result));
  /** The rows of each instant, from the first instant up to the first one that has not begun. */
  const inOrder = async (): Promise<readonly (readonly StartRow[])[]> => {
    const found = await startsOf(name);
    const list: (readonly StartRow[])[] = [];
    for (let instant = Math.min(...found.map((row) => Number(row.instant))); ; instant += periodMs) {
      const rows = found.filter((row) => Number(row.instant) === instant);
      if (rows.length === 0) return list;
      list.push(rows);
    }
  };
  await patiently("five instants began", async () => (await inOrder()).length >= 5);
  killed.kill("SIGKILL");
  const killedAt = (await startsOf(name)).length;
  await patiently("ten more began", async () => (await inOrder()).length >= killedAt + 10);
  for (const { child } of all) child.kill("SIGKILL");
  await Promise.all(all.map(({ exited }) => exited));
  // An instant may have been claimed in the process that was killed, or have begun there. Then another one began it as its second attempt.
  const allowed = ["1 killed", "1 other", "1 killed, 2 other", "2 other"];
  for (const rows of await inOrder()) {
    const starts = rows.map(({ attempt, pid }) => `${attempt} ${pid === killed.pid ? "killed" : "other"}`);
    expect(allowed).toContain(starts.join(", "));
  }
});

// The processes of the following tests come at the same time, so nothing else starts processes meanwhile.

test("one clock 3 s, 5 s or an hour ahead, or 5 s behind: one start", async () => {
  await Promise.all(
    [3_000, -5_000, 5_000, 3_600_000].map(async (offsetMs) => {
      const { name, options } = newJob();
      const soon = { ...options, scheduledAt: Date.now() + 3_000, maxSkew: 500 };
      const results = await Promise.all(
        [0, 0, offsetMs].map((offset) => start({ name, options: soon, offsetMs: offset }).result),
      );
      const outcomes = results.map(({ outcome }) => String(outcome)).toSorted();
      const starts = (await startsOf(name)).length;
      expect({ offsetMs, outcomes, starts }).toEqual({
        offsetMs,
        outcomes: ["ran", "skipped", "skipped"],
        starts: 1,
      });
    }),
  );
});

test("eight processes that come at the same time: one start, and the others find it done", async () => {
  const { name, options } = newJob();
  const soon = { ...options, scheduledAt: Date.now() + 4_000 };
  const results = await Promise.all(Array.from({ length: 8 }, () => start({ name, options: soon }).result));
  expect(results.filter(({ outcome }) => outcome === "ran")).toHaveLength(1);
  expect(results.filter(({ reason }) => reason === "done")).toHaveLength(7);
  expect(await startsOf(name)).toHaveLength(1);
});

test("the winner has 6 round trips to each server, a loser 2, and a process that comes later 1", async () => {
  const make = (): Redlock =>
    new Redlock(
      servers.map(({ server }) => server.url),
      { ...FRESH, ttl: 120_000, autoExtend: false, requestTimeout: 60_000 },
    );
  const [one, two, three] = [make(), make(), make()] as const;
  for (const redlock of [one, two, three]) await allVote(redlock);
  const { name, options } = newJob();
  // Counters that differ need a second round, and so do new ones of servers that different processes used first.
  for (const { admin } of servers) await admin.set(fenceKey(name), 1_000);
  await using counter = await RequestCounter.start(servers);
  let loser: readonly Sent[] = [];
  const winner = await counter.during([one], () =>
    once(one, name, options, async () => {
      loser = await counter.during([two], () => once(two, name, options, () => undefined));
    }),
  );
  const later = await counter.during([three], () => once(three, name, options, () => undefined));
  expect(await lastRun(three, name)).toMatchObject({ state: "done", scheduledAt: options.scheduledAt });
  expect(winner.map(({ calls }) => calls)).toEqual([6, 6, 6]);
  // A server that answers after two others have refused gets a release, too.
  const late = loser.filter(({ operations }) => operations.at(-1) === "mutex.release");
  expect(late.length).toBeLessThan(2);
  expect(loser.map((sent) => sent.calls - (late.includes(sent) ? 1 : 0))).toEqual([2, 2, 2]);
  expect(later.map(({ calls }) => calls)).toEqual([1, 1, 1]);
  for (const redlock of [one, two, three]) await redlock.close();
});
