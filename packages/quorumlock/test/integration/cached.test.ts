import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import type { CacheProcessSettings } from "../support/cache-process.ts";
import { testServers } from "../support/server-access.ts";
import { startProcess } from "../support/test-processes.ts";

const PROCESSES = 5;
const CALLS = 100;
const servers = await testServers(3);
const [store] = await testServers(1);
const { admin, server } = store!;
let keys = 0;

interface Result {
  readonly value?: string;
  readonly error?: string;
  readonly code?: string;
}

/** Runs processes that all get one key. Returns the results of those that were not killed, and how often the value was computed. */
async function run(settings: Partial<CacheProcessSettings>): Promise<{
  readonly results: readonly Result[];
  readonly processes: number;
  readonly started: number;
  readonly ended: number;
}> {
  keys += 1;
  const key = `key-${keys}`;
  const children: ChildProcess[] = [];
  onTestFinished(() => {
    for (const child of children) child.kill("SIGKILL");
  });
  for (let index = 0; index < PROCESSES; index++) {
    const all: CacheProcessSettings = {
      urls: servers.map(({ server: { url } }) => url),
      storeUrl: server.url,
      key,
      calls: CALLS,
      offsetMs: 0,
      ends: "value",
      durationMs: 300,
      computeTimeout: 20_000,
      ...settings,
      ...(index === 0 && { offsetMs: 3_000 }),
    };
    children.push(
      startProcess(new URL("../support/cache-process.ts", import.meta.url), [JSON.stringify(all)]),
    );
  }
  await Promise.all(children.map((child) => once(child, "message")));
  const ends = children.map(async (child) => {
    const answered = once(child, "message").then(([results]) => results as readonly Result[]);
    const exited = once(child, "exit").then(() => undefined);
    child.send("begin");
    return Promise.race([answered, exited]);
  });
  const results = await Promise.all(ends);
  return {
    results: results.flatMap((each) => each ?? []),
    processes: results.filter((each) => each !== undefined).length,
    started: await admin.llen(`computations:${key}`),
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
