import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../base/clock.ts";
import type { Watchdog } from "./watchdog.ts";

/** How often an ending process is looked at. */
const POLL_MS = 5;

/** How many lines of its output an error message about a process quotes. */
const QUOTED_LINES = 8;

/** A child process that never outlives this process, and never keeps it alive. */
export interface ServerProcess {
  readonly pid: number;
  /** True until it has ended; a process that was paused runs. */
  readonly running: boolean;
  /** Sends a signal to exactly this process. Does nothing once it has ended. */
  signal(name: NodeJS.Signals): void;
  /** Waits for its end at most `timeoutMs`, and tells whether it came. */
  ended(timeoutMs: number): Promise<boolean>;
  /** The last lines of its output. */
  lastOutput(): string;
}

/** What to start, and where. */
export interface ServerCommand {
  readonly binary: string;
  readonly args: readonly string[];
  /** Variables on top of this process's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The working directory. The output goes to `output.log` in it. */
  readonly directory: string;
}

/**
 * Starts a process under a watchdog. It is detached, so that a Ctrl-C in the terminal reaches this process
 * alone, which can then still finish its work with the servers.
 *
 * @throws Error when the binary cannot be executed.
 */
export async function startServerProcess(command: ServerCommand, watchdog: Watchdog): Promise<ServerProcess> {
  const { binary, args, env, directory } = command;
  const logPath = join(directory, "output.log");
  // A file, not a pipe: it needs no reader, so no handle can leak and a busy event loop never blocks the
  // server.
  const log = openSync(logPath, "w");
  const child = spawn(binary, args, {
    cwd: directory,
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, ...env },
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) {
    const [cause] = (await once(child, "error")) as [Error];
    throw new Error(`Cannot execute ${binary}: ${cause.message}`, { cause });
  }
  watchdog.watch(pid);
  child.once("exit", () => watchdog.watch(undefined));
  child.unref();

  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    get running() {
      return running();
    },
    signal(name) {
      if (running()) child.kill(name);
    },
    async ended(timeoutMs) {
      const deadline = systemClock.monotonic() + timeoutMs;
      while (running() && systemClock.monotonic() < deadline) await sleep(POLL_MS);
      return !running();
    },
    lastOutput: () => readFileSync(logPath, "utf8").trimEnd().split("\n").slice(-QUOTED_LINES).join("\n"),
  };
}
