import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../base/clock.ts";
import type { Watchdog } from "./watchdog.ts";

/** How often `waitForEnd` checks the process. */
const POLL_MS = 5;

/** How many lines of the output `lastOutput` returns. */
const MAX_OUTPUT_LINES = 8;

/** A child process. It ends at the latest with this process, and does not keep this process running. */
export interface ServerProcess {
  readonly pid: number;
  /** Whether the process has not ended. A paused process counts as running. */
  readonly isRunning: boolean;
  /** Sends a signal to the process. Does nothing if it has ended. */
  signal(name: NodeJS.Signals): void;
  /** Waits at most `timeoutMs` for the end of the process. Resolves to whether it has ended. */
  waitForEnd(timeoutMs: number): Promise<boolean>;
  /** The last lines of the process's output. */
  lastOutput(): string;
}

/** The program to start, with its arguments and directory. */
export interface ServerCommand {
  readonly binary: string;
  readonly args: readonly string[];
  /** Variables in addition to this process's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The working directory. It contains the output in `output.log`. */
  readonly directory: string;
}

/**
 * Starts a process with a watchdog. The process is detached, so that Ctrl-C in the terminal does not end it. This process can
 * then finish its work with the servers.
 *
 * @throws Error if the binary is not executable.
 */
export async function startServerProcess(command: ServerCommand, watchdog: Watchdog): Promise<ServerProcess> {
  const { binary, args, env, directory } = command;
  const logPath = join(directory, "output.log");
  // The output goes to a file. A pipe would need a reader, and a busy event loop could then block the server.
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
    throw new Error(`cannot execute ${binary}: ${cause.message}`, { cause });
  }
  watchdog.watch(pid);
  child.once("exit", () => watchdog.watch(undefined));
  child.unref();

  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    get isRunning() {
      return isRunning();
    },
    signal(name) {
      if (isRunning()) child.kill(name);
    },
    async waitForEnd(timeoutMs) {
      const deadline = systemClock.monotonic() + timeoutMs;
      while (isRunning() && systemClock.monotonic() < deadline) await sleep(POLL_MS);
      return !isRunning();
    },
    lastOutput: () => readFileSync(logPath, "utf8").trimEnd().split("\n").slice(-MAX_OUTPUT_LINES).join("\n"),
  };
}
