import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundledProgram } from "./bundled-program.ts";

const main = new URL("../src/main.ts", import.meta.url);
const bundled = await bundledProgram(main);
let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), "quorumlock-sim-"))));
afterAll(() => rmSync(directory, { recursive: true }));

function run(args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}

/** As a user runs it: from the sources, with processes that run histories. */
function campaign(...args: readonly string[]) {
  return run(["--import", "tsx", "--conditions=@quorumlock/source", fileURLToPath(main), ...args]);
}

/** Without further processes. */
function sim(...args: readonly string[]) {
  return run([bundled, ...args]);
}

describe("bad input is reported with exit code 2", () => {
  test.each([
    ["an unknown flag", ["--flood"], "unknown option '--flood'"],
    ["not a number", ["--histories", "many"], '"many" is not a whole number from 1 to'],
    ["zero histories", ["--histories", "0"], '"0" is not a whole number from 1 to'],
    ["a negative seed", ["--seed", "-1"], '"-1" is not a whole number from 0 to'],
    ["an unknown profile", ["--profile", "sunny"], "Allowed choices are calm, "],
    ["a trace of many histories", ["--trace"], "--trace prints one history"],
    ["too many arguments", ["more"], "too many arguments"],
    [
      "a missing file",
      ["--plan", "/nowhere/plan.json"],
      "no such file or directory, open '/nowhere/plan.json'",
    ],
  ])("%s", (_, args, message) => {
    const { status, stdout, stderr } = sim(...args);
    expect(stderr).toContain(message);
    expect([status, stdout]).toEqual([2, ""]);
  });

  test("a file that is not a plan", () => {
    const file = join(directory, "bad.json");
    writeFileSync(file, '{"format":1}');
    expect(sim("--plan", file)).toEqual({
      status: 2,
      stdout: "",
      stderr: `${file}: seed must be a number, not missing\n`,
    });
  });
});

test("a campaign prints a report", () => {
  const { status, stdout, stderr } = campaign(
    "--seed",
    "1",
    "--histories",
    "45",
    "--profile",
    "calm",
    "--jobs",
    "2",
  );
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^histories +45 \(calm 45\)$/m);
  expect(stdout).toMatch(/^commit rounds +[\d,]+, [\d.]+ for each 100 grants$/m);
  expect(stdout).toMatch(/^violations +0$/m);
});

test("a failed history is printed with its replay command, and kept", () => {
  // Servers lose their data without a restart guard, so two clients hold one lock.
  const plan = join(directory, "kept");
  // One history: each that fails is shrunk, which takes up to 400 runs.
  const { status, stdout } = campaign(
    "--seed",
    "30",
    "--histories",
    "1",
    "--profile",
    "unguarded",
    "--keep",
    plan,
  );
  expect(status).toBe(1);
  expect(stdout).toMatch(/npm run sim -- --seed \d+ --profile unguarded --histories 1 --trace/);
  const [file = ""] = readdirSync(plan);
  const again = sim("--plan", join(plan, file), "--trace");
  expect(again.status).toBe(1);
  expect(again.stdout).toContain("VIOLATED exclusion");
});
