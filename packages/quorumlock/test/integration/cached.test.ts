import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import type { CacheProcessSettings, Step } from "../support/cache-process.ts";
import type { RedisServer } from "../../src/testing/index.ts";
import { bundledProgram } from "../support/bundled-program.ts";
import { testServers } from "../support/server-access.ts";
import { stateOf } from "../support/test-processes.ts";
import { patiently } from "../support/timing.ts";

const PROCESSES = 5;
const CALLS = 100;
// The tests wait for leases, so all of them wait at the same time. Those that stop servers have servers of their own.
const [servers, stopping, restarting, silent] = await Promise.all([
  testServers(3),
  testServers(3),
  testServers(3),
  testServers(3),
]);
const startProcess = await bundledProgram(new URL("../support/cache-process.ts", import.meta.url));
const [store] = await testServers(1);
const { admin, server } = store!;
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});
let keys = 0;

interface Result {
  readonly value?: string;
  readonly error?: string;
  readonly code?: string;
}

/** The ttl of a lock that must be lost, in ms. It makes no difference when. */
const SHORT_TTL_MS = 1_000;
/** The ttl of a lock that outlives a pause of the machine, and ends within the test if its process dies or is stopped, in ms. */
const MEDIUM_TTL_MS = 8_000;
/** The ttl of a lock that must not be lost, in ms. */
const LONG_TTL_MS = 60_000;
/** For tests in which it must not end: longer than any pause of the machine, in ms. */
const LONG_COMPUTATION_MS = 120_000;

const computationsOf = (key: string): Promise<number> => admin.llen(`computations:${key}`);

function begin(settings: Partial<CacheProcessSettings>): ChildProcess {
  const all: CacheProcessSettings = {
    urls: servers.map((each) => each.server.url),
    storeUrl: server.url,
    keys: [],
    calls: CALLS,
    offsetMs: 0,
    ends: "value",
    lockTtl: LONG_TTL_MS,
    durationMs: 300,
    waitsForGo: false,
    computeTimeout: LONG_COMPUTATION_MS,
    ...settings,
  };
  const child = startProcess([JSON.stringify(all)]);
  children.push(child);
  return child;
}

/** Makes a process begin. Resolves to its results; to `undefined` if it was killed. */
async function resultsOf(child: ChildProcess): Promise<readonly Result[] | undefined> {
  const answered = once(child, "message").then(([results]) => results as readonly Result[]);
  const exited = once(child, "exit").then(() => undefined);
  child.send("begin");
  return Promise.race([answered, exited]);
}

interface Ran {
  readonly key: string;
  readonly results: readonly Result[];
  readonly processes: number;
  readonly started: number;
  readonly ended: number;
}

function newKey(): string {
  keys += 1;
  return `key-${keys}`;
}

async function ran(key: string, ends: readonly Promise<readonly Result[] | undefined>[]): Promise<Ran> {
  const results = await Promise.all(ends);
  return {
    key,
    results: results.flatMap((each) => each ?? []),
    processes: results.filter((each) => each !== undefined).length,
    started: await computationsOf(key),
    ended: await admin.llen(`ended:${key}`),
  };
}

async function beginAll(
  key: string,
  settings: Partial<CacheProcessSettings>,
  ofFirst: Partial<CacheProcessSettings> = {},
): Promise<readonly ChildProcess[]> {
  const list = Array.from({ length: PROCESSES }, (_, index) =>
    begin({ keys: [key], ...settings, ...(index === 0 && { offsetMs: 3_000, ...ofFirst }) }),
  );
  await Promise.all(list.map((child) => once(child, "message")));
  return list;
}

/** Runs processes that all get one key at the same time. Returns the results of those that were not killed, and how often it was computed. */
async function run(settings: Partial<CacheProcessSettings>, key = newKey()): Promise<Ran> {
  return ran(key, (await beginAll(key, settings)).map(resultsOf));
}

/**
 * As `run`, but one process computes first, and all others find its lock held. Its computation lasts until `during` is over.
 * `ofFirst`: what is different in this process.
 */
async function runBehindOne(
  settings: Partial<CacheProcessSettings>,
  during: () => Promise<void> = async () => undefined,
  ofFirst: Partial<CacheProcessSettings> = {},
): Promise<Ran> {
  const key = newKey();
  const [first, ...others] = await beginAll(key, { waitsForGo: true, ...settings }, ofFirst);
  const ends = [resultsOf(first!)];
  await patiently("it computes", async () => (await computationsOf(key)) > 0);
  ends.push(...others.map(resultsOf));
  await patiently("the others wait", async () => {
    const pids = [
      ...(await admin.smembers(`refused:${key}`)),
      ...(await admin.lrange(`computations:${key}`, 0, -1)),
    ];
    return new Set(pids).size === PROCESSES;
  });
  await during();
  await admin.set(`go:${key}`, "1");
  return ran(key, ends);
}

/** Resolves after a time for which something must have lasted. */
async function past(ms: number): Promise<void> {
  const startedAt = performance.now();
  await patiently(`${ms} ms are over`, () => performance.now() - startedAt > ms);
}

const LIMIT_MS = 180_000;

test.concurrent(
  "five processes with 100 callers each compute once, also if one clock is 3 s ahead",
  { timeout: LIMIT_MS },
  async () => {
    const { results, started } = await run({});
    expect(results).toHaveLength(PROCESSES * CALLS);
    expect(new Set(results.map(({ value }) => value))).toEqual(new Set(["computed by 1"]));
    expect(started).toBe(1);
  },
);

test.concurrent(
  "if the process that computes is killed, one other computes",
  { timeout: LIMIT_MS },
  async () => {
    const { results, processes, started, ended } = await run({ ends: "die", lockTtl: MEDIUM_TTL_MS });
    expect(processes).toBe(PROCESSES - 1);
    expect(results).toHaveLength((PROCESSES - 1) * CALLS);
    expect(new Set(results.map(({ value }) => value))).toEqual(new Set(["computed by 2"]));
    expect([started, ended]).toEqual([2, 1]);
  },
);

test.concurrent(
  "an error reaches all who wait, from one computation, and is not cached",
  { timeout: LIMIT_MS },
  async () => {
    const { key, results, started } = await runBehindOne({ ends: "error" });
    expect(results).toHaveLength(PROCESSES * CALLS);
    expect(started).toBe(1);
    const kinds = new Map<string, number>();
    for (const { error, code } of results) {
      const kind = `${error} ${code}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect(kinds).toEqual(
      new Map([
        ["Error NO_REPORT", CALLS],
        ["ComputeError COMPUTE_FAILED", (PROCESSES - 1) * CALLS],
      ]),
    );
    const again = await run({}, key);
    expect(again.results.every(({ value }) => value === "computed by 2")).toBe(true);
  },
);

test.concurrent(
  "a computation that never ends is given up, and all who wait are told",
  { timeout: LIMIT_MS },
  async () => {
    const { results, started } = await runBehindOne({ ends: "never", computeTimeout: 15_000 });
    expect(results).toHaveLength(PROCESSES * CALLS);
    expect(new Set(results.map(({ code }) => code))).toEqual(new Set(["RUN_TIMEOUT"]));
    expect(started).toBe(1);
  },
);

/** How often the value of a key is computed if its first process dies or stops at a step. */
const STEPS: readonly (readonly [step: Step, computations: number])[] = [
  ["read", 1],
  ["acquired", 1],
  ["computing", 2],
  ["computed", 2],
  ["written", 1],
];

test.concurrent.each(["SIGKILL", "SIGSTOP"] as const)(
  "a process that gets %s at any step is replaced, and overwrites nothing",
  { timeout: LIMIT_MS },
  async (signal) => {
    const cases = STEPS.map(([step, computations]) => {
      const key = newKey();
      // Those that read and compute before it are none: it begins alone.
      const victim = begin({ keys: [key], calls: 1, durationMs: 50, lockTtl: MEDIUM_TTL_MS, step, signal });
      return { key, computations, victim };
    });
    const others = [0, 3_000].map((offsetMs) =>
      begin({ keys: cases.map(({ key }) => key), calls: 10, durationMs: 50, offsetMs }),
    );
    await Promise.all(
      [...cases.map(({ victim }) => victim), ...others].map((child) => once(child, "message")),
    );
    const late = cases.map(({ victim }) => resultsOf(victim));
    const isStopped = signal === "SIGSTOP";
    const stopped = (victim: ChildProcess) => patiently("it is stopped", () => stateOf(victim) === "T");
    await Promise.all(isStopped ? cases.map(({ victim }) => stopped(victim)) : late);
    const stoppedAt = performance.now();
    const results = (await Promise.all(others.map(resultsOf))).flatMap((each) => each ?? []);
    const valueOf = (computations: number) => ({ value: `computed by ${computations}` });
    expect(results).toEqual(
      others.flatMap(() =>
        cases.flatMap(({ computations }) => Array.from({ length: 10 }, () => valueOf(computations))),
      ),
    );
    if (isStopped) {
      await patiently("two ttls are over", () => performance.now() - stoppedAt > 2 * MEDIUM_TTL_MS);
      for (const { victim } of cases) victim.kill("SIGCONT");
    }
    // What it has computed itself goes to its own callers.
    expect(await Promise.all(late)).toEqual(cases.map(() => (isStopped ? [valueOf(1)] : undefined)));
    for (const { key, computations } of cases) {
      expect([key, await computationsOf(key)]).toEqual([key, computations]);
      expect(await admin.get(`cache:v:${key}`)).toContain(`computed by ${computations}`);
    }
  },
);

test.concurrent.each([
  ["is stopped", stopping, (first: RedisServer) => first.kill()],
  ["restarts empty", restarting, (first: RedisServer) => first.restart()],
] as const)("one server that %s changes nothing", { timeout: LIMIT_MS }, async (_, list, fail) => {
  const urls = list.map((each) => each.server.url);
  const { results, started } = await runBehindOne({ urls, lockTtl: MEDIUM_TTL_MS }, async () => {
    await fail(list[0]!.server);
    // The lock must be extended without it.
    await past(MEDIUM_TTL_MS);
  });
  expect(results).toHaveLength(PROCESSES * CALLS);
  expect(new Set(results.map(({ value }) => value))).toEqual(new Set(["computed by 1"]));
  expect(started).toBe(1);
});

test.concurrent(
  "without a quorum for 3 s, the one that computes stores nothing, and another computes afterwards",
  { timeout: LIMIT_MS },
  async () => {
    const { results, started } = await runBehindOne(
      { urls: silent.map((each) => each.server.url) },
      async () => {
        for (const each of silent.slice(0, 2)) each.server.pause();
        await past(3_000);
        for (const each of silent.slice(0, 2)) each.server.resume();
      },
      { lockTtl: SHORT_TTL_MS },
    );
    const values = results.map(({ value }) => value);
    expect(values.filter((value) => value === "computed by 1")).toHaveLength(CALLS);
    expect(values.filter((value) => value === "computed by 2")).toHaveLength((PROCESSES - 1) * CALLS);
    expect(started).toBe(2);
  },
);
