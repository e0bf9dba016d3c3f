import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Starts a program, which is a TypeScript file, in a process of its own. */
export function startProcess(program: URL, args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(program), args, {
    execArgv: ["--import", "tsx", "--conditions=@quorumlock/source"],
  });
}

/** The exit codes of processes. */
export function exitsOf(children: readonly ChildProcess[]): Promise<readonly unknown[]> {
  return Promise.all(children.map(async (child) => (await once(child, "exit"))[0] as unknown));
}

/** Starts four processes at the same time. Returns their exit codes. */
export function exitsOfFour(start: () => ChildProcess): Promise<readonly unknown[]> {
  return exitsOf(Array.from({ length: 4 }, () => start()));
}

/** The state of a process: "T" if it is stopped. */
export function stateOf({ pid }: ChildProcess): string | undefined {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2)[0];
}
