import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import type { Socket } from "node:net";

/**
 * The watchdog is a shell that reads process ids from a pipe. Only this process has the other end of the pipe.
 *
 * The operating system closes that end when this process ends in any way: exit, Ctrl-C, SIGTERM, SIGKILL or a crash. The
 * shell then kills the process of the last line and removes the directory ($1). An empty line means that there is no process
 * to kill.
 *
 * It needs only POSIX `sh`, so it works on Linux and macOS. It also needs no signal handler, which would replace the default
 * action of a signal.
 */
const SCRIPT = 'while read -r line; do pid=$line; done; [ -n "$pid" ] && kill -9 "$pid"; rm -rf "$1"';

/** Removes a directory, and kills the process that works in it, at the latest when this process ends. */
export interface Watchdog {
  /** Sets the process to kill when this process ends. Pass `undefined` when that process has ended. */
  watch(pid: number | undefined): void;
  /** Stops the watchdog and removes the directory. */
  dismiss(): void;
}

/** The directories that this process removes at a normal exit, each with the id of the process to kill. */
const watched = new Map<string, number | undefined>();
let hasExitListener = false;

/** Starts a watchdog for a directory. It does not keep this process running. */
export function startWatchdog(directory: string): Watchdog {
  if (!hasExitListener) process.on("exit", cleanUp);
  hasExitListener = true;
  watched.set(directory, undefined);

  // The shell is detached, so it has its own process group. Ctrl-C and a kill of this process's group do not end it.
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "sh", directory], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const pipe = shell.stdin as Socket;
  // If the shell does not start, only the clean-up after a SIGKILL is missing. That is no reason to fail.
  shell.on("error", () => undefined);
  pipe.on("error", () => undefined);
  shell.unref();
  pipe.unref();

  return {
    watch(pid) {
      watched.set(directory, pid);
      pipe.write(`${pid ?? ""}\n`);
    },
    dismiss() {
      watched.delete(directory);
      rmSync(directory, { recursive: true, force: true });
      pipe.end("\n");
    },
  };
}

/** Runs in the `exit` event, so it must be synchronous. */
function cleanUp(): void {
  for (const [directory, pid] of watched) {
    try {
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    } catch {
      // The process has already ended.
    }
    rmSync(directory, { recursive: true, force: true });
  }
}
