import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ProfileName } from "./plan/make-plan.ts";
import type { Summary } from "./summary.ts";

export interface CampaignOptions {
  readonly firstSeed: number;
  readonly histories: number;
  readonly profile: ProfileName | undefined;
  /** How many processes share the work. */
  readonly jobs: number;
  /** Hand out no more seeds once something was violated. */
  readonly bail?: boolean;
}

/** A part of the work, for one process. */
export interface Share {
  readonly seeds: readonly number[];
  readonly profile: ProfileName | undefined;
}

/** Seeds are handed out in portions, so that no process waits for the slowest at the end. */
const PORTION = 20;

/**
 * Runs a history for each seed, in several processes, and tells of each portion. Rejects where a process ends before
 * its work is done; the others are ended then.
 */
export async function runCampaign(
  options: CampaignOptions,
  onSummary: (summary: Summary) => void,
): Promise<void> {
  const { firstSeed, histories, profile, jobs } = options;
  const seeds = Array.from({ length: histories }, (_, index) => firstSeed + index);
  const portions: Share[] = [];
  for (let at = 0; at < seeds.length; at += PORTION)
    portions.push({ seeds: seeds.slice(at, at + PORTION), profile });
  const processes = Array.from({ length: Math.min(jobs, portions.length) }, startProcess);
  try {
    const told = (summary: Summary): void => {
      if (options.bail === true && summary.failures.length > 0) portions.length = 0;
      onSummary(summary);
    };
    await Promise.all(processes.map((child) => workOff(child, portions, told)));
  } finally {
    for (const child of processes) child.kill("SIGKILL");
  }
}

function startProcess(): ChildProcess {
  const program = fileURLToPath(new URL("./campaign-process.ts", import.meta.url));
  return fork(program, { execArgv: ["--import", "tsx", "--conditions=@quorumlock/source"] });
}

async function workOff(
  child: ChildProcess,
  portions: Share[],
  onSummary: (summary: Summary) => void,
): Promise<void> {
  for (let share = portions.shift(); share !== undefined; share = portions.shift()) {
    onSummary(await ask(child, share));
  }
}

function ask(child: ChildProcess, share: Share): Promise<Summary> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: string | null): void =>
      reject(
        new Error(`a process of the campaign ended (${signal ?? code}) at seeds ${share.seeds.join(", ")}`),
      );
    child.once("exit", ended);
    child.once("message", (summary) => {
      child.off("exit", ended);
      resolve(summary as Summary);
    });
    child.send(share);
  });
}
