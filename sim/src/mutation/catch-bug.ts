import { join } from "node:path";
import type { Bug } from "./bug.ts";
import { runProgram } from "./run-program.ts";

/** Whether a check caught the bug, and how. */
export interface Catch {
  readonly isCaught: boolean;
  readonly how: string;
}

const MAX_HISTORIES = 2_000;
const TIME_LIMIT_MS = 900_000;

/** Runs the check that must catch the bug, in the copy of the library at `root`. */
export async function catchBug(root: string, { caughtBy }: Bug): Promise<Catch> {
  return "tests" in caughtBy ? runTests(root, caughtBy.tests) : runSimulator(root, caughtBy.profile);
}

/** Runs all tests that must catch a bug, without a bug. Returns why they do not pass. */
export async function findFailure(root: string, bugs: readonly Bug[]): Promise<string | undefined> {
  const tests = new Set(bugs.flatMap(({ caughtBy }) => ("tests" in caughtBy ? [caughtBy.tests] : [])));
  if (tests.size === 0) return undefined;
  const { code, output } = await runVitest(root, [...tests]);
  if (code === 0) return undefined;
  return failedTest(output) ?? `exit code ${code}:\n${output}`;
}

/** With one process, so that the first violation is that of the lowest seed on every machine. */
async function runSimulator(root: string, profile: string | undefined): Promise<Catch> {
  const program = join(root, "sim/src/main.ts");
  const profileFlags = profile === undefined ? [] : ["--profile", profile];
  const { code, output } = await runProgram(
    root,
    [
      "--import",
      "tsx",
      "--conditions=@quorumlock/source",
      program,
      "--bail",
      "--seed=1",
      `--histories=${MAX_HISTORIES}`,
      "--jobs=1",
      ...profileFlags,
    ],
    TIME_LIMIT_MS,
  );
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
  const { code, output } = await runVitest(root, [tests]);
  const failed = failedTest(output);
  if (code !== 0 && failed !== undefined) return { isCaught: true, how: failed };
  if (code === undefined) return { isCaught: false, how: `${tests} did not end within ${TIME_LIMIT_MS} ms` };
  return { isCaught: false, how: `no test of ${tests} failed, exit code ${code}` };
}

function runVitest(root: string, tests: readonly string[]) {
  const program = join(root, "node_modules/vitest/vitest.mjs");
  return runProgram(root, [program, "run", "--bail", "1", ...tests], TIME_LIMIT_MS);
}

/** The first failed test. A file that fails before its first test proves nothing about the bug. */
function failedTest(output: string): string | undefined {
  return /FAIL +(\S.* > .+)$/m.exec(withoutColours(output))?.[1]?.trim();
}

function withoutColours(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, "g"), "");
}
