import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import type { Socket } from "node:net";

/**
 * The watchdog is a shell that reads process ids from a pipe whose other end only this process holds. The
 * operating system closes that end when this process is gone, however it went: exit, Ctrl-C, SIGTERM,
 * SIGKILL, a crash. The loop then ends, and the shell kills the last process it was told of and removes the
 * directory ($1). An empty line means that there is nothing to kill. It needs only POSIX `sh`, so it is the
 * same on Linux and macOS, and no signal handler of ours has to take away anyone's default action.
 */
const SCRIPT = 'while read -r line; do pid=$line; done; [ -n "$pid" ] && kill -9 "$pid"; rm -rf "$1"';

/** Sees to it that a directory and the process working in it do not outlive this process. */
export interface Watchdog {
  /**
   * Names the process to kill when this one ends; `undefined` for none, from when it is known to have ended.
   */
  watch(pid: number | undefined): void;
  /** Ends the watch, and removes the directory. */
  dismiss(): void;
}

/**
 * What this process cleans up by itself in an ordinary exit: directories, each with the process working in
 * it.
 */
const watched = new Map<string, number | undefined>();
let listensForExit = false;

/** Starts a watchdog over a directory. It does not keep this process alive. */
export function startWatchdog(directory: string): Watchdog {
  if (!listensForExit) process.on("exit", cleanUp);
  listensForExit = true;
  watched.set(directory, undefined);

  // Detached: in a process group of its own it survives a Ctrl-C, or a kill of this process's whole group.
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "sh", directory], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const pipe = shell.stdin as Socket;
  // Without its shell, a test run loses only the cover for its own violent death: not worth failing for.
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

/** Runs in the `exit` event, where only synchronous work is done. */
function cleanUp(): void {
  for (const [directory, pid] of watched) {
    try {
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
    rmSync(directory, { recursive: true, force: true });
  }
}
