import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CommandRun, type Descendant, descendants, isAlive } from "../support/processes.ts";

const SMALL = ["demo", "--items", "120", "--workers", "4"];

/** How long the end of what a killed run had started may take to arrive. */
const AFTERMATH = { timeout: 20_000, interval: 50 };

// Servers make their directories in here, so that a test can tell that nothing is left.
let temporary: string;

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "quorumlock-demo-"));
});
afterEach(() => {
  rmSync(temporary, { recursive: true, force: true });
});

describe("the demo on servers", () => {
  it("sells exactly, tells of the faults, oversells without the lock, and leaves nothing behind", async () => {
    const run = start(SMALL);
    await run.says(/server paused/);
    const started = descendants(run.pid);
    const { code, output } = await run.outcome;

    expect(output).toMatch(/sold exactly 120 of 120 items, violations 0/);
    expect(output).toMatch(/hand-over +p50 [\d.,]+ ms, p99 [\d.,]+ ms/);
    expect(output).toMatch(/server paused +lost [\d.,]+ ms \(127\.0\.0\.1:\d+, SIGSTOP/);
    expect(output).toMatch(/worker killed +lost [\d.,]+ ms \(pid \d+, SIGKILL/);
    expect(output).toMatch(/server killed +lost [\d.,]+ ms \(127\.0\.0\.1:\d+, SIGKILL/);
    expect(output).toMatch(/without the lock +sold 120 items \d+ times: \d+ too many/);
    expect(output).not.toContain("\u001B");
    expect(code).toBe(0);

    // Five servers, each with its watchdog, and four workers; the second crew is only in the output.
    expect(started.length).toBeGreaterThanOrEqual(14);
    const told = [...output.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
    expect(new Set(told).size).toBe(13);
    expect(told.filter(isAlive)).toEqual([]);
    await nothingIsLeft(started);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("stops everything at %s and exits with %i", async (signal, code) => {
    const run = start(["demo", "--items", "1000", "--workers", "4"]);
    await run.says(/server paused/);
    const started = descendants(run.pid);
    expect(started.length).toBeGreaterThanOrEqual(13);
    run.kill(signal);
    const outcome = await run.outcome;
    expect(outcome).toMatchObject({ code, signal: null });
    expect(outcome.output).toContain("all that was started is stopped");
    await nothingIsLeft(started);
  });

  it("stops everything at a signal while it still starts", async () => {
    const run = start(SMALL);
    await run.says(/quorumlock demo/);
    run.kill("SIGINT");
    const { code, output } = await run.outcome;
    expect(code).toBe(130);
    expect(output).not.toContain("Summary");
    await nothingIsLeft([]);
  });

  it("leaves nothing behind even when it is killed itself", async () => {
    const run = start(["demo", "--items", "1000", "--workers", "4"]);
    await run.says(/server paused/);
    const started = descendants(run.pid);
    run.kill("SIGKILL");
    await run.outcome;
    await nothingIsLeft(started);
  });

  it("fails, and stops everything, when a worker ends that nobody killed", async () => {
    const run = start(["demo", "--items", "1000", "--workers", "4"]);
    await run.says(/of 1,000 sold/);
    const started = descendants(run.pid);
    const worker = started.find(({ command }) => command.includes("worker-main"))?.pid;
    process.kill(worker ?? Number.NaN, "SIGKILL");
    const { code, output } = await run.outcome;
    expect(output).toContain(`error: worker pid ${worker} ended with SIGKILL`);
    expect(code).toBe(1);
    await nothingIsLeft(started);
  });
});

describe("the demo in memory", () => {
  it("says so and why, and sells exactly", async () => {
    const { code, output } = await start([...SMALL, "--memory"]).outcome;
    expect(flat(output)).toContain("runs in memory, in one process, because --memory asks for it");
    expect(output).toMatch(/sold exactly 120 of 120 items, violations 0/);
    expect(output).toMatch(/worker killed +lost [\d.,]+ ms \(worker \d/);
    expect(output).toMatch(/without the lock +sold 120 items \d+ times: \d+ too many/);
    expect(code).toBe(0);
  });

  it("is where it goes when servers cannot be started", async () => {
    // An executable that is no server and ends at once.
    const env = { QUORUMLOCK_REDIS_SERVER: process.execPath };
    const { code, output } = await start(SMALL, env).outcome;
    expect(flat(output)).toMatch(/in one process, because no server could be started \(.*ended at once/);
    expect(output).toMatch(/sold exactly 120 of 120 items, violations 0/);
    expect(code).toBe(0);
    await nothingIsLeft([]);
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
  ])("refuses %s %s with its name and value, and starts nothing", async (option, value) => {
    const { code, output } = await start(["demo", `${option}=${value}`]).outcome;
    expect(output).toContain(`'${option} <n>' argument '${value}' is invalid`);
    expect(output).toMatch(/whole number from \d+ to [\d,]+/);
    expect(output).not.toContain("quorumlock demo");
    expect(code).not.toBe(0);
  });

  it("names a server binary that cannot be executed", async () => {
    const { code, output } = await start(SMALL, { QUORUMLOCK_REDIS_SERVER: "/no/such/server" }).outcome;
    expect(output).toContain('error: QUORUMLOCK_REDIS_SERVER is "/no/such/server"');
    expect(code).toBe(1);
  });
});

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): CommandRun {
  return new CommandRun(args, { TMPDIR: temporary, ...env });
}

/** The output as one line, however it was wrapped. */
function flat(output: string): string {
  return output.replace(/\s+/g, " ");
}

/** No process that was started lives on, and no server's directory is left. */
async function nothingIsLeft(started: readonly Descendant[]): Promise<void> {
  await expect.poll(() => started.filter(({ pid }) => isAlive(pid)), AFTERMATH).toEqual([]);
  await expect
    .poll(() => readdirSync(temporary).filter((name) => name.startsWith("quorumlock-redis-")), AFTERMATH)
    .toEqual([]);
}
