import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject, onTestFinished } from "vitest";

/** The arguments of Node with which a child process runs the command. */
export const NODE_ARGS: readonly string[] = [inject("commandMain")];

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What the command reads from its standard input. Without it, the input is empty. */
  readonly input?: string;
  readonly cwd?: string;
}

/** Runs the command in a process of its own until it ends. It sees no configuration of the machine. */
export async function runCommand(
  args: readonly string[],
  { env = {}, input = "", cwd }: RunOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [...NODE_ARGS, ...args], {
    cwd,
    env: {
      ...process.env,
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
      QUORUMLOCK_CONFIG: undefined,
      QUORUMLOCK_INSTANCES: undefined,
      QUORUMLOCK_PASSWORD: undefined,
      ...env,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => undefined).end(input);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}

/** A directory with these files, removed when the test ends. */
export function directoryWith(files: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), "quorumlock-command-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return directory;
}

/** The path of a configuration file with this text, removed when the test ends. */
export function configFile(text: string): string {
  return join(directoryWith({ "quorumlock.yaml": text }), "quorumlock.yaml");
}
