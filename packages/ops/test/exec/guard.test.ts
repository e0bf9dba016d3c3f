import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { Guard } from "../../src/exec/guard.ts";
import { GUARD_SCRIPT } from "../../src/exec/guard-script.ts";
import { listProcesses, membersOf, parseStat, startOf } from "../../src/exec/process-table.ts";
import { isRunning, until } from "./support/exec-bed.ts";

const SHELLS: readonly (readonly [string, ...string[]])[] = [
  ["/bin/sh"],
  ["dash"],
  ["busybox", "sh"],
  ["bash", "--posix"],
];

function isThere([command, ...args]: readonly [string, ...string[]]): boolean {
  const isFound = spawnSync(command, [...args, "-c", ":"]).status === 0;
  if (!isFound) console.log(`skipped: ${command} is not there`);
  return isFound;
}

/** A command with a job in a group of its own, and a process that ignores TERM. It carries the marks of a lock. */
async function startCommand(
  fence: string,
): Promise<{ readonly pid: number; readonly all: readonly number[] }> {
  const script = "set -m; sleep 991 & sh -c 'trap \"\" TERM; sleep 992; sleep 993' & echo up; wait";
  const env = { PATH: process.env.PATH, QUORUMLOCK_FENCE: fence, QUORUMLOCK_LOCK_ID: "abcdef12" };
  const child = spawn("sh", ["-c", script], { detached: true, stdio: ["ignore", "pipe", "ignore"], env });
  const { pid = 0 } = child;
  await once(child.stdout, "data");
  const members = async () => membersOf(pid, await listProcesses(), new Set());
  const all = await until(async () => ((await members()).length >= 4 ? members() : undefined));
  onTestFinished(() => {
    for (const row of all) {
      try {
        process.kill(row.pid, "SIGKILL");
      } catch {
        // It has ended.
      }
    }
  });
  return { pid, all: all.map((row) => row.pid) };
}

const marks = ["1764107001282561", "abcdef12"] as const;
let next = 0;

test.each(SHELLS.filter(isThere))(
  "%s %s: the end of the pipe ends the command and all that it has started",
  async (shell, ...args) => {
    for (const knowsPid of [true, false]) {
      const fence = `${marks[0]}${(next += 1)}`;
      const { pid, all } = await startCommand(fence);
      const guard = spawn(shell, [...args, "-c", GUARD_SCRIPT, "guard", fence, marks[1]], {
        stdio: ["pipe", "ignore", "pipe"],
      });
      let errors = "";
      guard.stderr.on("data", (text: Buffer) => (errors += text.toString()));
      // Without the number, exec was killed while it started the command. Only Linux shows the environment of a process.
      guard.stdin.end(`${knowsPid ? `pid ${pid} ${startOf(pid)}\n` : ""}grace 1\n`);
      const [code] = (await once(guard, "close")) as [number];
      expect({ code, errors }).toEqual({ code: 0, errors: "" });
      expect(await Promise.all(all.map(isRunning))).toEqual(all.map(() => false));
    }
  },
);

test.each(SHELLS.filter(isThere))(
  "%s %s: `done` ends the guard, and the command goes on",
  async (shell, ...args) => {
    const { pid } = await startCommand(`${marks[0]}${(next += 1)}`);
    const guard = spawn(shell, [...args, "-c", GUARD_SCRIPT, "guard", ...marks], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    guard.stdin.write(`pid ${pid}\ngrace 5\ndone\n`);
    const [code] = (await once(guard, "close")) as [number];
    expect(code).toBe(0);
    expect(await isRunning(pid)).toBe(true);
  },
);

test("a guard that ends again and again is reported once, and is replaced all the same", async () => {
  let reports = 0;
  const guard = await Guard.start(marks, () => (reports += 1));
  try {
    for (let round = 0; round < 6; round += 1) {
      const pid = guard.pid!;
      process.kill(pid, "SIGKILL");
      await until(() => guard.pid !== undefined && guard.pid !== pid);
    }
    expect(reports).toBe(1);
  } finally {
    const { pid } = guard;
    await guard.dismiss();
    expect(await isRunning(pid!)).toBe(false);
  }
});

test("a number that is used again for another process gets no signal from the guard", async () => {
  const { pid, all } = await startCommand(`${marks[0]}${(next += 1)}`);
  const guard = spawn("/bin/sh", ["-c", GUARD_SCRIPT, "guard", ...marks], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.stdin.end(`pid ${pid} 1\n`);
  const [code] = (await once(guard, "close")) as [number];
  expect(code).toBe(0);
  expect(await Promise.all(all.map(isRunning))).toEqual(all.map(() => true));
});

test("a program whose name has parentheses and line breaks is read from /proc", () => {
  const fields = `S 7 12 12 ${"0 ".repeat(15)}4711 0`;
  expect(parseStat(`12 (a) (b\n) ${fields}`)).toEqual({
    pid: 12,
    parent: 7,
    session: 12,
    start: "4711",
    isStopped: false,
  });
  expect(parseStat(`12 (x) Z 7 12 12 0`)).toBe(undefined);
});
