import type { ChildProcess } from "node:child_process";
import { once as event } from "node:events";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { Redlock } from "../../src/index.ts";
import { lastRun, once } from "../../src/patterns/index.ts";
import { FRESH } from "../support/fresh.ts";
import type { OnceProcessSettings, Step } from "../support/once-process.ts";
import { testPostgres } from "../support/postgres.ts";
import { ports, testServers } from "../support/server-access.ts";
import { startProcess, stateOf } from "../support/test-processes.ts";
import { eventually } from "../support/timing.ts";

// Processes that are killed, stopped, or have other clocks, on real servers. The judge is a table in which they only insert.

const TTL = 1_500;
// Servers that keep every write, so that they remember what was before their start.
const servers = await testServers(3, { args: ["--appendonly", "yes", "--appendfsync", "always"] });
const { pool, url } = await testPostgres();
const PROGRAM = new URL("../support/once-process.ts", import.meta.url);
let jobs = 0;
let children: ChildProcess[] = [];

beforeAll(() =>
  pool.query(
    "create table starts (id bigserial primary key, name text, instant bigint, attempt integer, fence bigint, pid integer)",
  ),
);
afterEach(() => {
  for (const child of children)
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  children = [];
});

type Settings = Omit<OnceProcessSettings, "ports" | "databaseUrl" | "ttl">;

function start(settings: Settings): {
  child: ChildProcess;
  exited: Promise<unknown[]>;
  result: Promise<Record<string, unknown>>;
} {
  const all: OnceProcessSettings = { ports: ports(servers), databaseUrl: url, ttl: TTL, ...settings };
  const child = startProcess(PROGRAM, [JSON.stringify(all)]);
  children.push(child);
  const exited = event(child, "exit");
  const result = Promise.race([
    event(child, "message").then(([message]) => message as Record<string, unknown>),
    exited.then(() => ({ outcome: "died" })),
  ]);
  return { child, exited, result };
}

interface StartRow {
  readonly attempt: number;
  readonly fence: string;
  readonly pid: number;
}

async function startsOf(name: string): Promise<readonly StartRow[]> {
  const { rows } = await pool.query<StartRow>(
    "select attempt, fence, pid from starts where name = $1 order by id",
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

describe("a process that is killed", () => {
  test.each(CASES)(
    "at `$step`, with $attempts attempts: $starts starts",
    async ({ step, attempts, starts }) => {
      const { name, options } = newJob();
      const first = start({ name, options: { ...options, attempts }, step, signal: "SIGKILL" });
      expect(await first.exited).toEqual([null, "SIGKILL"]);
      const second = await start({ name, options: { ...options, attempts } }).result;
      const rows = await startsOf(name);
      expect(rows).toHaveLength(starts);
      // A claim counts as an attempt, also if its process died before it began.
      const firstAttempt = step === "claimed" ? 2 : 1;
      expect(rows.map(({ attempt }) => attempt)).toEqual(rows.map((_, index) => index + firstAttempt));
      const ran = step !== "done" && starts > (step === "running" ? 1 : 0);
      expect(second["outcome"]).toBe(ran ? "ran" : "skipped");
    },
  );
});

describe("a process that is stopped for longer than two ttls", () => {
  test.each(CASES.filter(({ step }) => step === "claimed" || step === "running"))(
    "at `$step`, with $attempts attempts: $starts starts",
    async ({ step, attempts, starts }) => {
      const { name, options } = newJob();
      const first = start({ name, options: { ...options, attempts }, step, signal: "SIGSTOP" });
      await eventually("it is stopped", () => stateOf(first.child) === "T");
      const stoppedAt = performance.now();
      const second = await start({ name, options: { ...options, attempts } }).result;
      await eventually("two ttls are over", () => performance.now() - stoppedAt > 2 * TTL);
      first.child.kill("SIGCONT");
      const late = await first.result;
      const rows = await startsOf(name);
      expect(rows).toHaveLength(starts);
      expect(second["outcome"]).toBe(attempts === 1 ? "skipped" : "ran");
      const ended = attempts === 1 ? "failed" : "done";
      expect(late).toMatchObject(
        step === "running" ? { outcome: "lost", code: "LOCK_LOST" } : { outcome: "skipped", reason: ended },
      );
      const fences = rows.map(({ fence }) => Number(fence));
      expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    },
  );
});

describe("clocks", () => {
  test.each([3_000, -5_000, 5_000, 3_600_000])("one that is %i ms ahead: one start", async (offsetMs) => {
    const { name, options } = newJob();
    const soon = { ...options, scheduledAt: Date.now() + 3_000, maxSkew: 500 };
    const results = await Promise.all(
      [0, 0, offsetMs].map((offset) => start({ name, options: soon, offsetMs: offset }).result),
    );
    expect(results.map(({ outcome }) => String(outcome)).toSorted()).toEqual(["ran", "skipped", "skipped"]);
    expect(await startsOf(name)).toHaveLength(1);
  });
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
  const { name, options } = newJob();
  const make = (): Redlock =>
    new Redlock(
      servers.map(({ server }) => server.url),
      { ...FRESH, ttl: 60_000, requestTimeout: 5_000 },
    );
  const [one, two, three] = [make(), make(), make()] as const;
  for (const redlock of [one, two, three]) await redlock.using("warm", () => undefined);
  await servers[0]!.admin.config("RESETSTAT");
  const scripts = async (): Promise<number> => {
    const stats = await servers[0]!.admin.info("commandstats");
    return [...stats.matchAll(/^cmdstat_(?:eval|evalsha):calls=(\d+)/gm)].reduce(
      (sum, [, calls]) => sum + Number(calls),
      0,
    );
  };
  const counts: number[] = [];
  const count = async (call: () => Promise<unknown>): Promise<void> => {
    const before = await scripts();
    await call();
    await eventually("the requests have arrived", async () => {
      const [first, second] = [await scripts(), await scripts()];
      return first === second;
    });
    counts.push((await scripts()) - before);
  };
  await count(() =>
    once(one, name, options, async () => {
      await count(() => once(two, name, options, () => undefined));
    }),
  );
  await count(() => once(three, name, options, () => undefined));
  const [loser = 0, winner = 0, later] = counts;
  expect({ winner: winner - loser, loser, later }).toEqual({ winner: 6, loser: 2, later: 1 });
  expect(await lastRun(three, name)).toMatchObject({ state: "done", scheduledAt: options.scheduledAt });
  for (const redlock of [one, two, three]) await redlock.close();
});
