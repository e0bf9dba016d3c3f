import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("./clock-shim.c", import.meta.url));
const COMPILE_TIMEOUT_MS = 30_000;

/** The path of the compiled shim, or the reason why there is none. */
export type ClockShim = { readonly path: string } | { readonly missingReason: string };

/** Compiles the library that moves a server's wall clock, into `directory`. */
export function compileClockShim(directory: string, compiler = "cc"): ClockShim {
  if (process.platform !== "linux")
    return { missingReason: `clock jumps need Linux, this machine runs ${process.platform}` };
  const path = join(directory, "clock-shim.so");
  const { error, status, stderr } = spawnSync(
    compiler,
    ["-shared", "-fPIC", "-O2", "-Wall", "-o", path, SOURCE],
    { env: { ...process.env, TMPDIR: directory }, encoding: "utf8", timeout: COMPILE_TIMEOUT_MS },
  );
  if (error !== undefined)
    return { missingReason: `clock jumps need a C compiler, and ${compiler} cannot run (${error.message})` };
  if (status !== 0) return { missingReason: `${compiler} failed: ${stderr.trim()}` };
  return { path };
}
