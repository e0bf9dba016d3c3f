import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A shell reads "+ pid" and "- pid" from a pipe until the pipe closes. The operating system closes the pipe when this process
 * ends in any way, SIGKILL included. The shell then kills the processes that are left and removes the directory ($1). A paused
 * process cannot notice the end by itself.
 */
const SCRIPT = `
alive=' '
while read -r sign pid; do
  case "$sign" in
    +) alive="$alive$pid " ;;
    -) alive="\${alive%% $pid *} \${alive#* $pid }" ;;
  esac
done
for pid in $alive; do kill -9 "$pid"; done
tries=0
while [ -e "$1" ] && [ $tries -lt 50 ]; do rm -rf "$1"; tries=$((tries + 1)); sleep 0.1; done
`;

/** Owns the temporary directory of a run. Kills the processes of the run when this process ends. */
export class Reaper implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), "quorumlock-example-"));
  readonly #pipe: Socket;

  constructor() {
    // The shell has a process group of its own, so that a Ctrl-C does not end it.
    const shell = spawn("/bin/sh", ["-c", SCRIPT, "sh", this.directory], {
      cwd: "/",
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#pipe = shell.stdin as Socket;
    // Without the shell only the clean-up after a SIGKILL is missing.
    shell.on("error", () => undefined);
    this.#pipe.on("error", () => undefined);
    shell.unref();
    this.#pipe.unref();
  }

  add(pid: number): void {
    this.#pipe.write(`+ ${pid}\n`);
  }

  /** Call this when the process has ended, because the system may give its pid to another process. */
  remove(pid: number): void {
    this.#pipe.write(`- ${pid}\n`);
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
    this.#pipe.end();
  }
}
