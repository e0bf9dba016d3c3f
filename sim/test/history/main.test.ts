import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Operation } from "@quorumlock/sim/history";
import { afterAll, expect, test } from "vitest";
import { bundledProgram } from "../bundled-program.ts";
import { acquire, release } from "./support.ts";

const main = await bundledProgram(new URL("../../src/history/main.ts", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "quorumlock-history-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const good = [acquire("A", [1, 2], 9, { fence: 1 }), release("A", [3, 4])];
const bad = [...good, acquire("B", [1.5, 2.5], 9, { fence: 2 })];

function save(name: string, history: readonly Operation[]): string {
  writeFileSync(join(directory, name), history.map((one) => JSON.stringify(one)).join("\n"));
  return name;
}

function run(...args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: "utf8",
    env: { ...process.env, INIT_CWD: directory },
    timeout: 120_000,
  });
  return { code: status, out: stdout, err: stderr };
}

test("exits with 0 for a valid history", () => {
  expect(run(save("good.jsonl", good))).toMatchObject({ code: 0, out: expect.stringContaining("Valid (2") });
  expect(run(save("none.jsonl", []))).toMatchObject({ code: 0 });
});

test("exits with 1 for an invalid history, and prints the reason", () => {
  const { code, out } = run(save("bad.jsonl", bad));
  expect(code).toBe(1);
  expect(out).toContain(
    "r: token B was granted between 1.5 and 2.5 while token A held the lock until its release at 3",
  );
  expect(out).toContain(JSON.stringify(bad[2]));
  expect(run("bad.jsonl", "--model", "fences").code).toBe(0);
});

test("exits with 2 for bad input, and prints the problem", () => {
  writeFileSync(join(directory, "broken.jsonl"), '{"process":3}');
  expect(run("broken.jsonl")).toMatchObject({
    code: 2,
    err: expect.stringContaining("line 1: process must be a string, not 3"),
  });
  expect(run("missing.jsonl")).toMatchObject({ code: 2, err: expect.stringContaining("ENOENT") });
  expect(run()).toMatchObject({ code: 2, err: expect.stringContaining("missing required argument 'file'") });
  expect(run("x", "--model", "x")).toMatchObject({ code: 2, err: expect.stringContaining("fenced, mutex") });
  expect(run("x", "--max-steps", "0")).toMatchObject({
    code: 2,
    err: expect.stringContaining("whole number"),
  });
});

test("exits with 3 if it reached the step limit", () => {
  expect(run(save("good.jsonl", good), "--max-steps", "1")).toMatchObject({
    code: 3,
    out: expect.stringContaining("Unknown"),
  });
});
