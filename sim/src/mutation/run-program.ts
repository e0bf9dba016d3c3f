import { spawn } from "node:child_process";

export interface ProgramResult {
  /** `undefined` if the program reached the time limit. */
  readonly code: number | undefined;
  readonly output: string;
}

/** Functions that kill the programs that run. */
const running = new Set<() => void>();

/** Kills all programs that run, and their children. */
export function killPrograms(): void {
  for (const kill of running) kill();
}

/** Runs a program of Node in the directory `root`. After `limitMs` it is killed, with all its children. */
export function runProgram(root: string, args: readonly string[], limitMs: number): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const kill = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    running.add(kill);
    let isTimedOut = false;
    const limit = setTimeout(() => {
      isTimedOut = true;
      kill();
    }, limitMs);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(limit);
      running.delete(kill);
      resolve({ code: isTimedOut ? undefined : (code ?? 1), output });
    });
  });
}
