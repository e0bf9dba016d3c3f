import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A shell that reads "+ pid" and "- pid" from a pipe. Only this process holds the other end of the pipe, so the
 * operating system closes it when this process ends, even after SIGKILL. The shell then kills all listed processes, also
 * paused ones, which cannot notice the end themselves. It removes the directory ($1) until nothing writes to it.
 */
const SCRIPT = `
list=' '
while read -r sign pid; do
  if [ "$sign" = + ]; then list="$list$pid "; else list="\${list%% $pid *} \${list#* $pid }"; fi
done
for pid in $list; do kill -9 "$pid"; done
rounds=0
while [ -e "$1" ] && [ $rounds -lt 50 ]; do rm -rf "$1"; rounds=$((rounds + 1)); sleep 0.1; done
`;

/** Owns a temporary directory, and kills the listed processes when this process ends. */
export class ProcessReaper implements Disposable {
  readonly directory: string;
  readonly #pipe: Socket;

  constructor() {
    this.directory = mkdtempSync(join(tmpdir(), "quorumlock-torture-"));
    const shell = spawn("/bin/sh", ["-c", SCRIPT, "sh", this.directory], {
      cwd: "/",
      // A process group of its own survives a Ctrl-C, and a kill of this process's whole group.
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#pipe = shell.stdin as Socket;
    // The run goes on if the shell fails, because only a kill of this process needs the shell.
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

  /** Removes the directory, and kills the processes that are still listed. */
  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
    this.#pipe.end();
  }
}
