import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import type { CacheProcessSettings, Step } from "../support/cache-process.ts";
import { bundledProgram } from "../support/bundled-program.ts";
import { testServers } from "../support/server-access.ts";
import { eventually } from "../support/timing.ts";

const PROCESSES = 5;
const CALLS = 100;
const servers = await testServers(3);
const startProcess = await bundledProgram(new URL("../support/cache-process.ts", import.meta.url));
const [store] = await testServers(1);
const { admin, server } = store!;
let keys = 0;

interface Result {
  readonly value?: string;
  readonly error?: string;
  readonly code?: string;
}

/** The ttl of the locks of the processes, in ms. */
const LOCK_TTL_MS = 1_000;

const computationsOf = (key: string): Promise<number> => admin.llen(`computations:${key}`);

function begin(settings: Partial<CacheProcessSettings>): ChildProcess {
  const all: CacheProcessSettings = {
    urls: servers.map((each) => each.server.url),
    storeUrl: server.url,
    keys: [],
    calls: CALLS,
    offsetMs: 0,
    ends: "value",
    durationMs: 300,
    computeTimeout: 20_000,
    ...settings,
  };
  const child = startProcess([JSON.stringify(all)]);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** Makes a process begin. Resolves to its results; to `undefined` if it was killed. */
async function resultsOf(child: ChildProcess): Promise<readonly Result[] | undefined> {
  const answered = once(child, "message").then(([results]) => results as readonly Result[]);
  const exited = once(child, "exit").then(() => undefined);
  child.send("begin");
  return Promise.race([answered, exited]);
}

/**
 * Runs processes that all get one key. Returns the results of those that were not killed, and how often the value was computed.
 * `during`: called when they begin.
 */
async function run(
  settings: Partial<CacheProcessSettings>,
  during: (key: string) => Promise<void> = async () => undefined,
): Promise<{
  readonly results: readonly Result[];
  readonly processes: number;
  readonly started: number;
  readonly ended: number;
}> {
  keys += 1;
  const key = `key-${keys}`;
  const children = Array.from({ length: PROCESSES }, (_, index) =>
    begin({ keys: [key], ...settings, ...(index === 0 && { offsetMs: 3_000 }) }),
  );
  await Promise.all(children.map((child) => once(child, "message")));
  const ends = children.map(resultsOf);
  await during(key);
  const results = await Promise.all(ends);
  return {
    results: results.flatMap((each) => each ?? []),
    processes: results.filter((each) => each !== undefined).length,
    started: await computationsOf(key),
    ended: await admin.llen(`ended:${key}`),
  };
}

const LIMIT_MS = 120_000;

test(
  "five processes with 100 callers each compute once, also if one clock is 3 s ahead",
  { timeout: LIMIT_MS },
  async () => {
    const { results, started } = await run({});
    expect(results).toHaveLength(PROCESSES * CALLS);
    expect(new Set(results.map(({ value }) => value))).toEqual(new Set(["computed by 1"]));
    expect(started).toBe(1);
  },
);

test("if the process that computes is killed, one other computes", { timeout: LIMIT_MS }, async () => {
  const { results, processes, started, ended } = await run({ ends: "die" });
  expect(processes).toBe(PROCESSES - 1);
  expect(results).toHaveLength((PROCESSES - 1) * CALLS);
  expect(new Set(results.map(({ value }) => value))).toEqual(new Set(["computed by 2"]));
  expect([started, ended]).toEqual([2, 1]);
});

test(
  "an error reaches all who wait, from one computation, and is not cached",
  { timeout: LIMIT_MS },
  async () => {
    const { results, started } = await run({ ends: "error", durationMs: 2_000 });
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
    keys -= 1;
    const again = await run({});
    expect(again.results.every(({ value }) => value === "computed by 2")).toBe(true);
  },
);

test(
  "a computation that never ends is given up, and all who wait are told",
  { timeout: LIMIT_MS },
  async () => {
    const { results, started } = await run({ ends: "never", computeTimeout: 2_000 });
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

test.each(["SIGKILL", "SIGSTOP"] as const)(
  "a process that gets %s at any step is replaced, and overwrites nothing",
  { timeout: LIMIT_MS },
  async (signal) => {
    keys += 1;
    const cases = STEPS.map(([step, computations]) => ({
      key: `key-${keys}-${step}`,
      computations,
      // Those that read and compute before it are none: it begins alone.
      victim: begin({ keys: [`key-${keys}-${step}`], calls: 1, durationMs: 50, step, signal }),
    }));
    const others = [0, 3_000].map((offsetMs) =>
      begin({ keys: cases.map(({ key }) => key), calls: 10, durationMs: 50, offsetMs }),
    );
    await Promise.all(
      [...cases.map(({ victim }) => victim), ...others].map((child) => once(child, "message")),
    );
    const late = cases.map(({ victim }) => resultsOf(victim));
    const isStopped = signal === "SIGSTOP";
    const stopped = (victim: ChildProcess) => eventually("it is stopped", () => stateOf(victim) === "T");
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
      await eventually("two ttls are over", () => performance.now() - stoppedAt > 2 * LOCK_TTL_MS);
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

test(
  "one stopped server changes nothing, nor does one that restarts empty",
  { timeout: LIMIT_MS },
  async () => {
    const [first] = servers;
    const all = { results: PROCESSES * CALLS, values: new Set(["computed by 1"]), started: 1 };
    const summary = async (ran: ReturnType<typeof run>) => {
      const { results, started: count } = await ran;
      return { results: results.length, values: new Set(results.map(({ value }) => value)), started: count };
    };
    const computing = (key: string) => eventually("it computes", async () => (await computationsOf(key)) > 0);
    const stopped = run({ durationMs: 1_500 }, async (key) => {
      await computing(key);
      await first!.server.kill();
    });
    expect(await summary(stopped)).toEqual(all);
    await first!.server.restart();
    const restarted = run({ durationMs: 1_500 }, async (key) => {
      await computing(key);
      await first!.server.restart();
    });
    expect(await summary(restarted)).toEqual(all);
  },
);

test(
  "without a quorum for 3 s, the one that computes stores nothing, and another computes afterwards",
  { timeout: LIMIT_MS },
  async () => {
    const silent = servers.slice(0, 2);
    const { results, started: count } = await run({ durationMs: 2_000 }, async (key) => {
      await eventually("it computes", async () => (await computationsOf(key)) > 0);
      const cutAt = performance.now();
      for (const each of silent) each.server.pause();
      await eventually("3 s are over", () => performance.now() - cutAt > 3_000);
      for (const each of silent) each.server.resume();
    });
    const values = results.map(({ value }) => value);
    expect(values.filter((value) => value === "computed by 1")).toHaveLength(CALLS);
    expect(values.filter((value) => value === "computed by 2")).toHaveLength((PROCESSES - 1) * CALLS);
    expect(count).toBe(2);
  },
);

/** The state of a process: "T" if it is stopped. */
function stateOf({ pid }: ChildProcess): string | undefined {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2)[0];
}
