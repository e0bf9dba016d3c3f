import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../scripts/example.mjs", import.meta.url));

/** Starts the command of the README: what `npm run example` runs. */
export function startExample(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(process.execPath, [COMMAND, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  /** The lines of the judge: "PASS  …" and "FAIL  …". */
  readonly verdicts: readonly string[];
}

/** Runs the command to its end. */
export async function runExample(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = startExample(args, env);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  const verdicts = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^(PASS|FAIL) {2}/.test(line));
  return { code, output, verdicts };
}

/** All processes with this environment variable, such as "A=1". Linux only. */
export function processesWith(
  variable: string,
): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const environment = readFileSync(`/proc/${entry}/environ`, "latin1").split("\0");
      const command = readFileSync(`/proc/${entry}/cmdline`, "latin1").replaceAll("\0", " ");
      return environment.includes(variable) ? [{ pid: Number(entry), command }] : [];
    } catch {
      // The process has ended meanwhile.
      return [];
    }
  });
}
