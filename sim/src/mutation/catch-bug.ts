import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Bug } from "./bug.ts";

/** Whether a check caught the bug, and how. */
export interface Catch {
  readonly isCaught: boolean;
  readonly how: string;
}

const MAX_HISTORIES = 4_000;
const TIME_LIMIT_MS = 600_000;

/** Runs the check that must catch the bug, in the copy of the library at `root`. */
export async function catchBug(root: string, { caughtBy }: Bug): Promise<Catch> {
  return "tests" in caughtBy ? runTests(root, caughtBy.tests) : runSimulator(root, caughtBy.profile);
}

async function runSimulator(root: string, profile: string | undefined): Promise<Catch> {
  const program = join(root, "sim/src/main.ts");
  const profileFlags = profile === undefined ? [] : ["--profile", profile];
  const { code, output } = await run(root, [
    "--import",
    "tsx",
    "--conditions=@quorumlock/source",
    program,
    "--bail",
    "--seed=1",
    `--histories=${MAX_HISTORIES}`,
    `--jobs=${availableParallelism()}`,
    ...profileFlags,
  ]);
  const violation = /^VIOLATED (\S+), seed (\d+), profile ([^\s,]+)/m.exec(output);
  if (violation !== null) {
    const [, invariant, seed, found = ""] = violation;
    return { isCaught: true, how: `${invariant} at seed ${seed}, profile ${found}` };
  }
  const broken = /internal error: (.+)/.exec(output);
  if (broken !== null) return { isCaught: true, how: `assertion: ${broken[1]}` };
  if (code === undefined)
    return { isCaught: false, how: `the simulator did not end within ${TIME_LIMIT_MS} ms` };
  return { isCaught: false, how: `${MAX_HISTORIES} histories without a violation, exit code ${code}` };
}

async function runTests(root: string, tests: string): Promise<Catch> {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { code, output } = await run(root, [vitest, "run", "--bail", "1", tests]);
  const failed = /FAIL +(\S.*)$/m.exec(withoutColours(output));
  if (code !== 0 && failed !== null) return { isCaught: true, how: failed[1]?.trim() ?? "" };
  if (code === undefined) return { isCaught: false, how: `${tests} did not end within ${TIME_LIMIT_MS} ms` };
  return { isCaught: false, how: `${tests} passed, exit code ${code}` };
}

/** Runs a program. The exit code is `undefined` if the program reached the time limit. */
function run(
  root: string,
  args: readonly string[],
): Promise<{ readonly code: number | undefined; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    let isTimedOut = false;
    const limit = setTimeout(() => {
      isTimedOut = true;
      // Kills the program and all its children.
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, TIME_LIMIT_MS);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(limit);
      resolve({ code: isTimedOut ? undefined : (code ?? 1), output });
    });
  });
}

function withoutColours(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, "g"), "");
}
