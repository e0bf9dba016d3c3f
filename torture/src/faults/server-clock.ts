import { spawnSync } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("./clock-shim.c", import.meta.url));
const COMPILE_TIMEOUT_MS = 30_000;

export type Shim = { readonly path: string } | { readonly missing: string };

/** Compiles what bends the clock of a server, into `directory`; or says why that cannot be. */
export function compileShim(directory: string, compiler = "cc"): Shim {
  if (process.platform !== "linux")
    return { missing: `clocks can be bent on Linux only, this is ${process.platform}` };
  const path = join(directory, "clock-shim.so");
  const { error, status, stderr } = spawnSync(
    compiler,
    ["-shared", "-fPIC", "-O2", "-Wall", "-o", path, SOURCE],
    { env: { ...process.env, TMPDIR: directory }, encoding: "utf8", timeout: COMPILE_TIMEOUT_MS },
  );
  if (error !== undefined)
    return { missing: `there is no C compiler: ${compiler} cannot be run (${error.message})` };
  if (status !== 0) return { missing: `${compiler} failed: ${stderr.trim()}` };
  return { path };
}

/** The wall clock of one server. It goes right until it jumps. */
export class ServerClock implements Disposable {
  /** What the server's environment needs. */
  readonly env: Readonly<Record<string, string>>;
  readonly #file: number;

  constructor(shim: string, path: string) {
    this.env = { LD_PRELOAD: shim, TORTURE_CLOCK_FILE: path };
    this.#file = openSync(path, "w+");
    this.set(0);
  }

  /** By how much it is ahead of the machine's, in ms. */
  set(offsetMs: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(Math.round(offsetMs * 1_000)));
    // In place, and in one piece: the server has the page in its memory.
    writeSync(this.#file, bytes, 0, bytes.length, 0);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
