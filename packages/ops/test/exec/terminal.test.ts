import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ExecBed, Started } from "./support/exec-bed.ts";

/** `script` of util-linux runs a command on a terminal of its own. That of BSD has other options. */
const hasScript =
  spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") ?? false;
if (!hasScript)
  console.log("skipped: `script` of util-linux is not there, so there is no terminal for these tests");

let bed: ExecBed;

beforeAll(async () => {
  bed = await ExecBed.start();
});
afterEach(() => bed.expectNoLeftovers());
afterAll(() => bed[Symbol.asyncDispose]());

/**
 * A shell command on a terminal. What is typed is written to its input. The shell that starts the line is in the foreground, too: at Ctrl-C it
 * may die, whatever exec does. So a line whose exit code matters replaces it with `exec`.
 */
class Terminal extends Started {
  constructor(line: string, more: NodeJS.ProcessEnv = {}) {
    // `script` takes the shell of the user otherwise. Some replace themselves by the last command of a line, and others do not.
    const fixed = { SHELL: "/bin/sh", PS1: "$ ", TERM: "dumb" };
    const env = { ...bed.env, ...fixed, QL: `${process.execPath} ${bed.main}`, ...more };
    // A terminal drops the output that was not read yet after it has sent INT or TSTP. That can be the answer to the signal.
    super(
      spawn("script", ["-qec", `stty noflsh; ${line}`, "/dev/null"], {
        env,
        cwd: bed.directory,
        stdio: ["pipe", "pipe", "pipe"],
      }),
    );
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }
}

/** The part of a shell command that answers each USR1, and then prints the number of exec. The word tells commands of one terminal apart. */
const answering = (word: string): string => `trap "echo ${word}!" USR1; echo ${word} $PPID`;

/**
 * Waits until exec is past the start of a command that begins with `answering`. Until then, for one turn of its event loop, exec cannot know
 * whether a signal of the terminal has reached the command, too. Each signal that it forwards takes a turn.
 */
async function isPastStart(terminal: Terminal, word: string): Promise<void> {
  const [, exec] = await terminal.output(new RegExp(`${word} (\\d+)\r`));
  for (let count = 1; count <= 3; count += 1) {
    process.kill(Number(exec), "SIGUSR1");
    await terminal.output(new RegExp(`(${word}!\r\n){${count}}`));
  }
}

const CTRL_C = "\u0003";
const CTRL_Z = "\u001a";

test.skipIf(!hasScript)("a command can prompt, and has the terminal", async () => {
  const terminal = new Terminal(
    `exec $QL exec prompt -- sh -c 'printf "name? "; read -r name; echo "hi $name"; test -t 0 && test -t 1 && exit 6'`,
  );
  await terminal.output(/name\? /);
  terminal.type("anna\r");
  expect(await terminal.ended).toMatchObject({
    code: 6,
    stdout: expect.stringMatching(/hi anna\r\n$/) as string,
  });
});

test.skipIf(!hasScript)("Ctrl-C reaches the command once, and exec ends with its code", async () => {
  const terminal = new Terminal(
    `exec $QL exec int -- sh -c 'trap "echo int; exit 5" INT; ${answering("up")}; while :; do sleep 0.1; done'`,
  );
  await isPastStart(terminal, "up");
  terminal.type(CTRL_C);
  const { code, stdout } = await terminal.ended;
  expect(code).toBe(5);
  expect(stdout.match(/int/g)).toHaveLength(1);
});

test.skipIf(!hasScript)("Ctrl-C ends the wait for the lock", async () => {
  await using held = await bed.redlock.acquire("wait");
  const terminal = new Terminal("exec $QL exec wait --wait forever -- touch ran");
  await bed.waiting("wait");
  terminal.type(CTRL_C);
  expect((await terminal.ended).code).toBe(130);
  expect(held.isHeld).toBe(true);
  expect(bed.read("ran")).toBe("");
});

test.skipIf(!hasScript)(
  "Ctrl-Z stops exec and the command; fg in time continues them, and too late ends them with 79",
  async () => {
    const terminal = new Terminal("exec sh -i");
    await terminal.output(/[$#] $/);
    terminal.type(
      `$QL exec jobs --ttl 20s -- sh -c '${answering("up")}; while [ ! -e go ]; do sleep 0.05; done; echo en"d"'\r`,
    );
    await isPastStart(terminal, "up");
    terminal.type(CTRL_Z);
    await terminal.output(/Stopped/);
    terminal.type("fg; touch fg1\r");
    // It runs on: it ends when the file is there.
    const other = bed.spawn("touch", ["go"]);
    await other.ended;
    await terminal.output(/end\r/);
    terminal.type(
      `rm go; $QL exec late --ttl 6s --grace 0 -- sh -c '${answering("late")}; while :; do sleep 0.05; done'; echo co"de" $?\r`,
    );
    await isPastStart(terminal, "late");
    terminal.type(CTRL_Z);
    await using lock = await bed.redlock.acquire("late", { wait: Infinity });
    terminal.type("fg; echo late $?\r");
    await terminal.output(/late 79/);
    // An extension that had begun before the pause has failed, and then that is the reason.
    expect(terminal.stdout).toMatch(
      /late: lock lost \((its lease ended while exec was paused|\d of 3 servers did not answer)\); sent KILL/,
    );
    expect(lock.isHeld).toBe(true);
    terminal.type("exit\r");
    await terminal.ended;
  },
);

/** Loaded into exec: the start of the command returns when the command is stopped. */
const STOPPED_AT_START = `
const processes = require("node:child_process");
const { readFileSync } = require("node:fs");
const { spawn } = processes;
processes.spawn = (command, args, options) => {
  const child = spawn(command, args, options);
  if (options.stdio !== "inherit") return child;
  while (!readFileSync(\`/proc/\${child.pid}/stat\`, "latin1").includes(") T "))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  return child;
};
require("node:module").syncBuiltinESMExports();
`;

test.skipIf(!hasScript)(
  "Ctrl-Z while exec starts the command stops both, and fg continues both",
  async () => {
    writeFileSync(bed.path("stopped-at-start.cjs"), STOPPED_AT_START);
    const terminal = new Terminal("exec sh -i", {
      NODE_OPTIONS: `--require ${bed.path("stopped-at-start.cjs")}`,
    });
    await terminal.output(/[$#] $/);
    terminal.type(`$QL exec start -- sh -c 'echo ru"n"; read -r line; echo "en""d" $line'\r`);
    await terminal.output(/run\r/);
    terminal.type(CTRL_Z);
    await terminal.output(/Stopped/);
    terminal.type("fg\r");
    terminal.type("now\r");
    await terminal.output(/end now\r/);
    terminal.type("exit\r");
    await terminal.ended;
  },
);

test.skipIf(!hasScript)(
  "the terminal is as before after a command that was killed while it had changed it",
  async () => {
    const terminal = new Terminal(
      `stty -a > before; $QL exec raw --max-run 300ms --grace 0 -- sh -c 'stty raw -echo; sleep 999'; echo $?; stty -a > after`,
    );
    expect((await terminal.ended).stdout).toMatch(/124\r?\n$/);
    expect(bed.read("after")).toBe(bed.read("before"));
  },
);
