import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lastRun } from "quorumlock/patterns";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ExecBed, type Started, until } from "./support/exec-bed.ts";

/** The lines of docs/exec.md, without their times. */
const LINES = [
  ...readFileSync(fileURLToPath(new URL("../../../../docs/exec.md", import.meta.url)), "utf8").matchAll(
    /^(?:[*\d/]+(?: [*\d]+){4}|@hourly) +((?:chronic )?quorumlock exec .+)$/gm,
  ),
].map(([, line = ""]) => line);

let bed: ExecBed;

beforeAll(async () => {
  bed = await ExecBed.start();
  const bin = bed.path("bin");
  mkdirSync(bin);
  const program = (name: string, text: string): void => {
    writeFileSync(`${bin}/${name}`, `#!/bin/sh\n${text}\n`);
    chmodSync(`${bin}/${name}`, 0o755);
  };
  program("quorumlock", `exec ${process.execPath} ${bed.main} "$@"`);
  program("job", `echo "$QUORUMLOCK_NAME" >> ${bed.path("runs")}; echo out; exit \${JOB_CODE:-0}`);
  // What `chronic` of moreutils does with both outputs.
  program("chronic", 'out=$("$@" 2>&1); code=$?; [ $code = 0 ] || echo "$out"; exit $code');
});
afterEach(() => bed.expectNoLeftovers());
afterAll(() => bed[Symbol.asyncDispose]());

/** Runs a line as cron does: with /bin/sh, a small environment, and no terminal. Its program is replaced. */
function cron(line: string, env: Record<string, string> = {}): Started {
  const text = line.replace(/\/usr\/local\/bin\/\w+/, "job");
  const small = `HOME=/nonexistent LOGNAME=nobody SHELL=/bin/sh PATH=${bed.path("bin")}:/usr/bin:/bin:${bed.mark}`;
  const more = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  return bed.spawn("env", [
    "-i",
    ...small.split(" "),
    ...more,
    `QUORUMLOCK_CONFIG=${bed.config}`,
    "/bin/sh",
    "-c",
    text,
  ]);
}

test("line 1: of five machines one runs the job, and the others end with 0 and say nothing", async () => {
  const [line = ""] = LINES;
  expect(LINES).toHaveLength(3);
  const runs = [1, 2, 3, 4, 5].map(() => cron(line));
  const isOver = ({ child }: Started): boolean => child.exitCode !== null;
  await until(() => runs.filter(isOver).length === 4 && bed.read("runs") !== "");
  // The one that has run the job keeps the lock for a minute, which a test need not wait for.
  const exec = bed.processes().find((text) => text.includes(`${bed.main} exec`) && !text.includes("/bin/sh"));
  process.kill(Number.parseInt(exec!, 10), "SIGTERM");
  const ends = await Promise.all(runs.map(({ ended }) => ended));
  await bed.clear();
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(ends.map(({ stdout, stderr }) => stdout + stderr).toSorted()).toEqual(["", "", "", "", "out\n"]);
  expect(bed.read("runs")).toBe("report\n");
});

test("line 2: the run is recorded", async () => {
  const [, line = ""] = LINES;
  expect(await cron(line, { JOB_CODE: "4" }).ended).toMatchObject({ code: 4, stdout: "out\n" });
  expect(await lastRun(bed.redlock, "backup")).toMatchObject({ state: "failed", error: "exit code 4" });
});

test("line 3: only a failure prints", async () => {
  const [, , line = ""] = LINES;
  expect(await cron(line).ended).toMatchObject({ code: 0, stdout: "" });
  expect(await cron(line, { JOB_CODE: "4" }).ended).toMatchObject({ code: 4, stdout: "out\n" });
});
