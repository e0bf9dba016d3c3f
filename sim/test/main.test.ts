import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
let directory: string;
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), "quorumlock-sim-"))));
afterAll(() => rmSync(directory, { recursive: true }));

function sim(...args: string[]) {
  const node = ["--import", "tsx", "--conditions=@quorumlock/source", main, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, node, { encoding: "utf8", timeout: 50_000 });
  return { status, stdout, stderr };
}

describe("bad input is named, and ends with code 2", () => {
  test.each([
    ["an unknown flag", ["--flood"], "unknown option '--flood'"],
    ["no number", ["--histories", "many"], '"many" is not a whole number from 1 to'],
    ["no history", ["--histories", "0"], '"0" is not a whole number from 1 to'],
    ["a seed below 0", ["--seed", "-1"], '"-1" is not a whole number from 0 to'],
    ["an unknown profile", ["--profile", "sunny"], "Allowed choices are calm, "],
    ["a trace of many", ["--trace"], "--trace tells one history"],
    ["words too many", ["more"], "too many arguments"],
    ["no file", ["--plan", "/nowhere/plan.json"], "no such file or directory, open '/nowhere/plan.json'"],
  ])("%s", (_, args, message) => {
    const { status, stdout, stderr } = sim(...args);
    expect(stderr).toContain(message);
    expect([status, stdout]).toEqual([2, ""]);
  });

  test("a file that is no plan", () => {
    const file = join(directory, "bad.json");
    writeFileSync(file, '{"format":1}');
    expect(sim("--plan", file)).toEqual({
      status: 2,
      stdout: "",
      stderr: `${file}: seed must be a number, not missing\n`,
    });
  });
});

test("a campaign tells what it did", () => {
  const { status, stdout, stderr } = sim(
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
  expect(stdout).toMatch(/^violations +0$/m);
});

test("a history that fails is told with the command that runs it again, and kept so that it can be", () => {
  // Servers forget and nothing protects against it: two holders of one lock are to be expected.
  const plan = join(directory, "kept");
  const flags = ["--histories", "200", "--bail", "--profile", "unguarded", "--keep", plan];
  const { status, stdout } = sim("--seed", "0", ...flags);
  expect(status).toBe(1);
  expect(stdout).toMatch(/npm run sim -- --seed \d+ --profile unguarded --histories 1 --trace/);
  const [file = ""] = readdirSync(plan);
  const again = sim("--plan", join(plan, file), "--trace");
  expect(again.status).toBe(1);
  expect(again.stdout).toContain("VIOLATED exclusion");
});
