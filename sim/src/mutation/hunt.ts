import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Bug } from "./bug.ts";

/** Whether something noticed the bug, and what it said. */
export interface Catch {
  readonly caught: boolean;
  readonly how: string;
}

const MOST_HISTORIES = 4_000;
const TIME_LIMIT_MS = 600_000;

/** Looks for the bug that is planted below `root` with whatever has to notice it. */
export async function hunt(root: string, { caughtBy }: Bug): Promise<Catch> {
  return "tests" in caughtBy
    ? huntWithTests(root, caughtBy.tests)
    : huntWithSimulator(root, caughtBy.profile);
}

async function huntWithSimulator(root: string, profile: string | undefined): Promise<Catch> {
  const program = join(root, "sim/src/main.ts");
  const chosen = profile === undefined ? [] : ["--profile", profile];
  const { code, output } = await run(root, [
    "--import",
    "tsx",
    "--conditions=@quorumlock/source",
    program,
    "--bail",
    "--seed=1",
    `--histories=${MOST_HISTORIES}`,
    `--jobs=${availableParallelism()}`,
    ...chosen,
  ]);
  const violation = /^VIOLATED (\S+), seed (\d+), profile ([^\s,]+)/m.exec(output);
  if (violation !== null) {
    const [, invariant, seed, in_ = ""] = violation;
    return { caught: true, how: `${invariant} at seed ${seed}, profile ${in_}` };
  }
  if (code === undefined) return { caught: false, how: "the simulator did not come to an end in time" };
  return { caught: false, how: `${MOST_HISTORIES} histories without a violation, exit code ${code}` };
}

async function huntWithTests(root: string, tests: string): Promise<Catch> {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { code, output } = await run(root, [vitest, "run", "--bail", "1", tests]);
  const failed = /FAIL +(\S.*)$/m.exec(withoutColours(output));
  if (code !== 0 && failed !== null) return { caught: true, how: failed[1]?.trim() ?? "" };
  if (code === undefined) return { caught: false, how: `${tests} did not come to an end in time` };
  return { caught: false, how: `${tests} passes, exit code ${code}` };
}

/** The exit code is `undefined` where it had to be ended. */
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
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      // With all that it has started.
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, TIME_LIMIT_MS);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(limit);
      resolve({ code: late ? undefined : (code ?? 1), output });
    });
  });
}

function withoutColours(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, "g"), "");
}
