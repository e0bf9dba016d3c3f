import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { inject } from "vitest";

/** The result of a run. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Runs the command line in its own process. */
export class CommandRun {
  readonly #child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  #output = "";
  #onOutput: (() => void) | undefined;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [inject("commandMain"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString();
        this.#onOutput?.();
      });
    }
    this.outcome = once(this.#child, "close").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      output: this.#output,
    }));
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** Waits until the output matches. Rejects if the run ends before. */
  async waitForOutput(pattern: RegExp): Promise<void> {
    const matched = new Promise<void>((resolve) => {
      this.#onOutput = () => {
        if (pattern.test(this.#output)) resolve();
      };
      this.#onOutput();
    });
    const ended = this.outcome.then(({ output }) => {
      if (!pattern.test(output)) throw new Error(`ended without the output ${pattern}:\n${output}`);
    });
    await Promise.race([matched, ended]);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

export interface Descendant {
  readonly pid: number;
  readonly command: string;
}

/** Lists all descendants of a process, without the `ps` process that lists them. */
export function descendants(ancestor: number): readonly Descendant[] {
  const table = execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const processes = [...table.matchAll(/^ *(\d+) +(\d+) +(.*)$/gm)].map(([, pid, parent, command = ""]) => ({
    pid: Number(pid),
    parent: Number(parent),
    command,
  }));
  const below = (parent: number): Descendant[] =>
    processes
      .filter((each) => each.parent === parent && !each.command.startsWith("ps "))
      .flatMap(({ pid, command }) => [{ pid, command }, ...below(pid)]);
  return below(ancestor);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
