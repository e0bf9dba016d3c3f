import { fork } from "node:child_process";
import { once } from "node:events";
import { type ProgramName, programOf } from "./workers/program.ts";

export interface ChildTaskOptions {
  readonly timeoutMs: number;
  /** Flags of Node.js for the child process. */
  readonly execArgv?: readonly string[] | undefined;
}

/**
 * Runs one task in a process of its own and returns its answer. The task is passed as JSON in the first argument; the answer is
 * the first message from the child. The process is killed afterwards.
 *
 * @throws Error if the process ends without an answer or exceeds its time.
 */
export async function runChildTask<Answer>(
  name: ProgramName,
  task: object,
  { timeoutMs, execArgv = [] }: ChildTaskOptions,
): Promise<Answer> {
  const program = programOf(name);
  const child = fork(program.entry, [JSON.stringify(task)], {
    execArgv: [...execArgv, ...program.execArgv],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  try {
    const answer = once(child, "message", { signal: AbortSignal.timeout(timeoutMs) }) as Promise<[Answer]>;
    const endedEarly = ended.then(() => {
      throw new Error("the child process ended without an answer");
    });
    // The process also ends after its answer, when this promise has no other handler.
    endedEarly.catch(() => undefined);
    return (await Promise.race([answer, endedEarly]))[0];
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

/** The task of this process, if `runChildTask` started it. The caller knows its type. */
export function readTask(): unknown {
  return JSON.parse(process.argv[2] ?? "");
}

/** Sends the answer to the parent, then ends this process. */
export function answerParent(answer: object): void {
  process.send?.(answer, () => process.exit());
}
