import { spawn, spawnSync } from "node:child_process";
import { NODE_ARGS } from "./run-command.ts";

/**
 * Runs a program behind a terminal of its own, copies both ways, and reports at its end: the exit code, and whether the terminal edits lines
 * and shows what is typed, as before.
 */
const DRIVER = `
import os, pty, select, sys, json, termios
master, slave = pty.openpty()
def modes():
    flags = termios.tcgetattr(slave)[3]
    return [bool(flags & termios.ICANON), bool(flags & termios.ECHO), bool(flags & termios.ISIG)]
before = modes()
pid = os.fork()
if pid == 0:
    os.setsid()
    for fd in (0, 1, 2): os.dup2(slave, fd)
    import fcntl
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.closerange(3, 256)
    os.execv(sys.argv[1], sys.argv[1:])
inputs = [master, 0]
status = None
def forward(number, frame): os.kill(pid, number)
import signal
signal.signal(signal.SIGTERM, forward)
hangs_up = []
signal.signal(signal.SIGUSR1, lambda number, frame: hangs_up.append(1))
while status is None:
    if hangs_up:
        os.close(slave)
        os.close(master)
        status = os.waitpid(pid, 0)[1]
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        os.write(2, json.dumps({"code": code, "isRestored": False}).encode())
        sys.exit(0)
    ready, _, _ = select.select(inputs, [], [], 0.05)
    if master in ready: os.write(1, os.read(master, 65536))
    if 0 in ready:
        typed = os.read(0, 65536)
        if typed: os.write(master, typed)
        else: inputs = [master]
    done, raw = os.waitpid(pid, os.WNOHANG)
    if done: status = raw
while select.select([master], [], [], 0.1)[0]: os.write(1, os.read(master, 65536))
code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
os.write(2, json.dumps({"code": code, "isRestored": modes() == before}).encode())
`;

/** Why there is no terminal to test with. `undefined` if there is one. */
export function whyNoTerminal(): string | undefined {
  const { status } = spawnSync("python3", ["-c", "import pty, termios"]);
  return status === 0 ? undefined : "python3 with its module pty is missing";
}

export interface TerminalEnd {
  readonly code: number;
  /** Whether the terminal has the modes that it had before. */
  readonly isRestored: boolean;
  /** All that was on the screen. */
  readonly screen: string;
}

/** A command in a terminal. */
export class TerminalRun {
  readonly #child;
  readonly ended: Promise<TerminalEnd>;
  #screen = "";
  #onOutput: () => void = () => undefined;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn("python3", ["-c", DRIVER, process.execPath, ...NODE_ARGS, ...args], {
      env: { ...process.env, QUORUMLOCK_CONFIG: undefined, QUORUMLOCK_INSTANCES: undefined, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const { stdin, stdout, stderr } = this.#child;
    stdin.on("error", () => undefined);
    stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#screen += text;
      this.#onOutput();
    });
    let report = "";
    stderr.setEncoding("utf8").on("data", (text: string) => (report += text));
    this.ended = new Promise((resolve, reject) => {
      this.#child.on("close", () => {
        this.#onOutput();
        try {
          resolve({ ...(JSON.parse(report) as Omit<TerminalEnd, "screen">), screen: this.#screen });
        } catch {
          reject(new Error(`the driver of the terminal failed: ${report}`));
        }
      });
    });
    this.ended.catch(() => undefined);
  }

  /** Resolves when the screen shows the text. */
  async shows(text: string): Promise<void> {
    while (!this.#screen.includes(text)) {
      if (this.#child.exitCode !== null)
        throw new Error(`the command ended with the screen: ${this.#screen}`);
      await new Promise<void>((resolve) => (this.#onOutput = resolve));
    }
  }

  /** Sends a signal to the command. */
  kill(signal: "SIGTERM"): void {
    this.#child.kill(signal);
  }

  /** Closes the terminal under the command, as a window that is closed. Returns the exit code, or 128 + the signal that ended it. */
  async hangUp(): Promise<number> {
    this.#child.kill("SIGUSR1");
    return (await this.ended).code;
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }
}
