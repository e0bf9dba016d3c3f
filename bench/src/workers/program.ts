import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { childExecArgv } from "./exec-argv.ts";

/** The directory of the translated programs, if there is one: `cool.mjs` for `cool.ts`. Tests make it. */
export const PROGRAMS_VARIABLE = "QUORUMLOCK_BENCH_PROGRAMS";

/** What a child process of the benchmarks runs: a file of this directory. */
export type ProgramName = "main" | "cool" | "allocation" | "memory";

export interface Program {
  readonly entry: string;
  /** The flags of Node.js that the entry needs. */
  readonly execArgv: readonly string[];
}

/** Measurements run the sources. The translated programs start in a fraction of the time, for tests that do not check speed. */
export function programOf(name: ProgramName): Program {
  const directory = process.env[PROGRAMS_VARIABLE];
  if (directory !== undefined) return { entry: join(directory, `${name}.mjs`), execArgv: [] };
  return { entry: fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), execArgv: childExecArgv() };
}
