import { vi } from "vitest";
import { CommandError } from "../../../src/cli/command-error.ts";
import type { GlobalOptions } from "../../../src/cli/global-options.ts";

/** What an action printed, and its exit code. */
export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The compiler would narrow the property to the value that was set before the action. */
function exitCode(): number {
  return Number(process.exitCode ?? 0);
}

/** Runs an action of the command in this process, because each process takes about a second to start. */
export async function runAction(action: () => Promise<void>): Promise<Printed> {
  let [stdout, stderr] = ["", ""];
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  const err = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await action();
    return { code: exitCode(), stdout, stderr };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { code: error.exitCode, stdout, stderr: `${stderr}${error.message}\n` };
  } finally {
    process.exitCode = before;
    out.mockRestore();
    err.mockRestore();
  }
}

/** The global options with this configuration. */
export function globalOptions(config: string, more: Partial<GlobalOptions> = {}): GlobalOptions {
  return { config, json: false, color: false, ascii: false, timeout: 2_000, quiet: false, ...more };
}
