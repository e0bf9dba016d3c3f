import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CommandRun, type Descendant, descendants, isAlive } from "../support/processes.ts";

const SMALL = ["demo", "--items", "120", "--workers", "4"];

/** How long to wait until the processes of a killed run have ended. */
const CLEANUP = { timeout: 60_000, interval: 50 };

// Servers create their directories here, so that a test can check that none remains.
let temporary: string;

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "quorumlock-demo-"));
});
afterEach(() => {
  rmSync(temporary, { recursive: true, force: true });
});

describe("the demo on servers", () => {
  it("sells exactly with the lock, reports the faults, oversells without the lock, and leaves no processes", async () => {
    const run = start(SMALL);
    await run.waitForOutput(/server paused/);
    const started = descendants(run.pid);
    const { code, output } = await run.outcome;

    expect(output.indexOf("Without the lock: starting")).toBeGreaterThan(0);
    expect(output.indexOf("With the lock: starting")).toBeGreaterThan(output.indexOf("too many"));
    expect(output).toMatch(/sold exactly 120 of 120 items, violations 0/);
    expect(output).toMatch(/fencing tokens +\d+, each larger than the one before/);
    expect(output).toMatch(/hand-over +p50 [\d.,]+ ms, p99 [\d.,]+ ms/);
    expect(output).toMatch(/server paused +delayed sales by [\d.,]+ ms \(127\.0\.0\.1:\d+, SIGSTOP/);
    expect(output).toMatch(/worker killed +delayed sales by [\d.,]+ ms \(pid \d+, SIGKILL/);
    expect(output).toMatch(/server killed +delayed sales by [\d.,]+ ms \(127\.0\.0\.1:\d+, SIGKILL/);
    expect(output).toMatch(/without the lock +sold 120 items \d+ times: \d+ too many/);
    expect(output).not.toContain("\u001B");
    expect(code).toBe(0);

    // Five servers, each with its watchdog, and four workers. The workers of the first sale have ended.
    expect(started.length).toBeGreaterThanOrEqual(14);
    const pids = [...output.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
    expect(new Set(pids).size).toBe(13);
    expect(pids.filter(isAlive)).toEqual([]);
    await expectNothingRemains(started);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("stops everything at %s and exits with %i", async (signal, code) => {
    const run = start(["demo", "--items", "300", "--workers", "4"]);
    await run.waitForOutput(/server paused/);
    const started = descendants(run.pid);
    expect(started.length).toBeGreaterThanOrEqual(13);
    run.kill(signal);
    const outcome = await run.outcome;
    expect(outcome).toMatchObject({ code, signal: null });
    expect(outcome.output).toContain("All servers and workers are stopped");
    await expectNothingRemains(started);
  });

  it("stops everything at a signal during the start", async () => {
    const run = start(SMALL);
    await run.waitForOutput(/quorumlock demo/);
    run.kill("SIGINT");
    const { code, output } = await run.outcome;
    expect(code).toBe(130);
    expect(output).not.toContain("Summary");
    await expectNothingRemains([]);
  });

  it("leaves no processes if it is killed", async () => {
    const run = start(["demo", "--items", "300", "--workers", "4"]);
    await run.waitForOutput(/server paused/);
    const started = descendants(run.pid);
    run.kill("SIGKILL");
    await run.outcome;
    await expectNothingRemains(started);
  });

  it("fails and stops everything if a worker ends unexpectedly", async () => {
    const run = start(["demo", "--items", "1000", "--workers", "4"]);
    await run.waitForOutput(/of 1,000 sold/);
    const started = descendants(run.pid);
    const worker = started.find(({ command }) => command.includes("worker-main"))?.pid;
    process.kill(worker ?? Number.NaN, "SIGKILL");
    const { code, output } = await run.outcome;
    expect(output).toContain(`error: worker pid ${worker} ended with SIGKILL`);
    expect(code).toBe(1);
    await expectNothingRemains(started);
  });
});

describe("the demo in memory", () => {
  it("prints the reason, and sells exactly", async () => {
    const { code, output } = await start([...SMALL, "--memory"]).outcome;
    expect(unwrap(output)).toContain("runs in memory, in one process, because --memory is set");
    expect(output).toMatch(/sold exactly 120 of 120 items, violations 0/);
    expect(output).toMatch(/worker killed +delayed sales by [\d.,]+ ms \(worker \d/);
    expect(output).toMatch(/without the lock +sold 120 items \d+ times: \d+ too many/);
    expect(code).toBe(0);
  });

  it("is used if no server can be started", async () => {
    // An executable that is no server. It ends at once.
    const env = { QUORUMLOCK_REDIS_SERVER: process.execPath };
    const { code, output } = await start(SMALL, env).outcome;
    expect(unwrap(output)).toMatch(
      /in one process, because no server could be started \(.*ended during its start/,
    );
    expect(output).toMatch(/sold exactly 120 of 120 items, violations 0/);
    expect(code).toBe(0);
    await expectNothingRemains([]);
  });
});

describe("options of the demo", () => {
  it.each([
    ["--items", "0"],
    ["--items", "19"],
    ["--items", "1e3"],
    ["--items", "-5"],
    ["--workers", "1"],
    ["--workers", "33"],
    ["--workers", "2.5"],
    ["--workers", "many"],
  ])("rejects %s %s with the option and the value, and starts no processes", async (option, value) => {
    const { code, output } = await start(["demo", `${option}=${value}`]).outcome;
    expect(output).toContain(`'${option} <n>' argument '${value}' is invalid`);
    expect(output).toMatch(/whole number from \d+ to [\d,]+/);
    // The screen of a demo begins with its name.
    expect(output).not.toMatch(/quorumlock demo(?! --help)/);
    expect(code).toBe(64);
  });

  it("reports a server binary that cannot run", async () => {
    const { code, output } = await start(SMALL, { QUORUMLOCK_REDIS_SERVER: "/no/such/server" }).outcome;
    expect(output).toContain('error: QUORUMLOCK_REDIS_SERVER: "/no/such/server"');
    expect(code).toBe(1);
  });
});

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): CommandRun {
  return new CommandRun(args, { TMPDIR: temporary, ...env });
}

/** Joins wrapped lines to one line. */
function unwrap(output: string): string {
  return output.replace(/\s+/g, " ");
}

/** Checks that all processes have ended, and that no server directory remains. */
async function expectNothingRemains(started: readonly Descendant[]): Promise<void> {
  await expect.poll(() => started.filter(({ pid }) => isAlive(pid)), CLEANUP).toEqual([]);
  await expect
    .poll(() => readdirSync(temporary).filter((name) => name.startsWith("quorumlock-redis-")), CLEANUP)
    .toEqual([]);
}
