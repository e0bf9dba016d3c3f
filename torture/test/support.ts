import { readdirSync, readFileSync } from "node:fs";
import type { Narrator } from "../src/run.ts";
import type { WorkerOptions } from "../src/worker/options.ts";

export const silent: Narrator = {
  starting: () => undefined,
  skipped: () => undefined,
  phase: () => undefined,
  phaseEnded: () => undefined,
};

export const workerOptions: WorkerOptions = { ttlMs: 800, hands: 2, seed: 1, restartGuard: false };

/** Processes whose environment has a variable, with their state: "T" is stopped. Linux only. */
export function processesWith(variable: string): readonly { readonly pid: number; readonly state: string }[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const environment = readFileSync(`/proc/${entry}/environ`, "latin1").split("\0");
      const [, state = ""] = /\) (\w)/.exec(readFileSync(`/proc/${entry}/stat`, "latin1")) ?? [];
      return environment.includes(variable) && state !== "Z" ? [{ pid: Number(entry), state }] : [];
    } catch {
      // It has ended meanwhile, or is another user's.
      return [];
    }
  });
}

/** Looks again and again until something is so. @throws Error when it still is not after `boundMs`. */
export async function untilSo(what: string, isSo: () => boolean, boundMs = 20_000): Promise<void> {
  const deadline = performance.now() + boundMs;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`still not so after ${boundMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
