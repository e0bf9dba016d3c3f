import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CommandProcess } from "../../src/exec/command-process.ts";
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

test("where a look at all processes is slow, KILL still follows TERM after the grace, and not after so many looks", async () => {
  const fence = `${marks[0]}${(next += 1)}`;
  const { pid, all } = await startCommand(fence);
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-guard-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  // The guard reads the table with it. Each look takes a second and more.
  writeFileSync(
    join(directory, "cat"),
    `#!/bin/sh\necho >>${join(directory, "looks")}\nsleep 1\nexec /bin/cat "$@"\n`,
  );
  chmodSync(join(directory, "cat"), 0o755);
  const guard = spawn("/bin/sh", ["-c", GUARD_SCRIPT, "guard", fence, marks[1]], {
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: `${directory}:/usr/bin:/bin` },
  });
  guard.stdin.end(`pid ${pid} ${startOf(pid)}\ngrace 4\n`);
  const ended = once(guard, "close");
  await until(async () => !(await isRunning(all.at(-1)!)));
  const looks = readFileSync(join(directory, "looks"), "utf8").length;
  // Two before TERM. Then pause and look take two seconds and more, so a look for each second of the grace would be six.
  expect(looks).toBeLessThanOrEqual(4);
  expect(await ended).toEqual([0, null]);
  expect(await Promise.all(all.map(isRunning))).toEqual(all.map(() => false));
});

test("where a look at all processes hangs, KILL reaches the group of the command at once", async () => {
  let looks = 0;
  const list = (): Promise<never> => {
    looks += 1;
    return new Promise(() => undefined);
  };
  const pids: number[] = [];
  const command = await CommandProcess.start("sh", ["-c", "trap '' TERM; sleep 994 & wait; sleep 995"], {
    env: { PATH: process.env.PATH },
    isForeground: false,
    onStarted: (pid) => pids.push(pid),
    list,
  });
  expect(pids).toEqual([command.pid]);
  const members = await until(async () => {
    const rows = membersOf(command.pid, await listProcesses(), new Set());
    return rows.length === 2 && rows;
  });
  void command.kill();
  expect(await command.ended).toEqual({ exitCode: undefined, signal: "SIGKILL" });
  await until(async () => !(await Promise.all(members.map(({ pid }) => isRunning(pid)))).includes(true));
  expect(looks).toBe(1);
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

test("no process is missing in the table, although fewer files may be open than there are processes", async () => {
  const parent = spawn(
    "sh",
    ["-c", "i=0; while [ $i -lt 120 ]; do sleep 996 & i=$((i+1)); done; echo up; wait"],
    {
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const { pid: session = 0 } = parent;
  onTestFinished(() => void process.kill(-session, "SIGKILL"));
  await once(parent.stdout, "data");
  const table = JSON.stringify(import.meta.resolve("../../src/exec/process-table.ts"));
  const script = `const { listProcesses } = await import(${table});
    console.log((await listProcesses()).filter((row) => row.session === ${session}).length)`;
  const words = [
    process.execPath,
    "--import",
    import.meta.resolve("tsx"),
    "--input-type=module",
    "-e",
    script,
  ];
  const child = spawn("sh", ["-c", 'ulimit -n 100 && exec "$@"', "sh", ...words]);
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  await once(child, "close");
  expect(stdout).toBe("121\n");
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
