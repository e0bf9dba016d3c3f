import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Socket } from "node:net";

/**
 * A shell that reads "+ pid" and "- pid" from a pipe whose other end only this process holds. The operating system closes
 * that end when this process is gone, however it went. The shell then kills what is on its list, also processes that are
 * stopped and could not notice anything themselves, and removes the directory ($1) until nothing is written to it any
 * more.
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

/** A temporary directory, and the processes that must not outlive this one. */
export class Custodian implements Disposable {
  readonly directory: string;
  readonly #pipe: Socket;

  constructor() {
    this.directory = mkdtempSync(join(tmpdir(), "quorumlock-torture-"));
    const shell = spawn("/bin/sh", ["-c", SCRIPT, "sh", this.directory], {
      cwd: "/",
      // In a group of its own it survives a Ctrl-C, or a kill of this process's whole group.
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#pipe = shell.stdin as Socket;
    // Without its shell a run loses only the cover for its own violent death: not worth failing for.
    shell.on("error", () => undefined);
    this.#pipe.on("error", () => undefined);
    shell.unref();
    this.#pipe.unref();
  }

  watch(pid: number): void {
    this.#pipe.write(`+ ${pid}\n`);
  }

  /** Its end is known: the number may be another process's soon. */
  forget(pid: number): void {
    this.#pipe.write(`- ${pid}\n`);
  }

  /** Ends the watch and removes the directory. What is still watched is killed. */
  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
    this.#pipe.end();
  }
}
