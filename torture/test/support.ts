import { readdirSync, readFileSync } from "node:fs";
import type { ProgressListener } from "../src/run-torture.ts";
import type { WorkerOptions } from "../src/worker/worker-options.ts";

/** Ignores all progress. */
export const silentListener: ProgressListener = {
  onStart: () => undefined,
  onPhaseSkipped: () => undefined,
  onPhaseStart: () => undefined,
  onPhaseEnd: () => undefined,
};

export const workerOptions: WorkerOptions = {
  ttlMs: 800,
  workersPerProcess: 2,
  seed: 1,
  restartGuard: false,
};

/** Finds all processes with this environment variable, such as "A=1". The state "T" is paused. Linux only. */
export function processesWith(variable: string): readonly { readonly pid: number; readonly state: string }[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const environment = readFileSync(`/proc/${entry}/environ`, "latin1").split("\0");
      const [, state = ""] = /\) (\w)/.exec(readFileSync(`/proc/${entry}/stat`, "latin1")) ?? [];
      return environment.includes(variable) && state !== "Z" ? [{ pid: Number(entry), state }] : [];
    } catch {
      // The process has ended meanwhile, or belongs to another user.
      return [];
    }
  });
}

/** Polls until `condition` is true. @throws Error after `timeoutMs`. */
export async function waitUntil(
  description: string,
  condition: () => boolean,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`timed out after ${timeoutMs} ms: ${description}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
