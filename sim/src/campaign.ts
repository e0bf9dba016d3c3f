import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ProfileName } from "./plan/profiles.ts";
import type { Summary } from "./summary.ts";

export interface CampaignOptions {
  readonly firstSeed: number;
  readonly histories: number;
  readonly profile: ProfileName | undefined;
  /** Number of processes. */
  readonly jobs: number;
  /** Starts no more histories after the first violation. @default false */
  readonly bail?: boolean;
}

/** The seeds that a process runs before it reports. */
export interface Portion {
  readonly seeds: readonly number[];
  readonly profile: ProfileName | undefined;
}

/** Small portions, so that all processes end at about the same time. */
const PORTION_SIZE = 20;

/**
 * Runs one history for each seed in several processes, and reports the summary of each portion. Rejects if a process
 * ends early. Stops all processes in any case.
 */
export async function runCampaign(
  options: CampaignOptions,
  onSummary: (summary: Summary) => void,
): Promise<void> {
  const { firstSeed, histories, profile, jobs } = options;
  const seeds = Array.from({ length: histories }, (_, index) => firstSeed + index);
  const portions: Portion[] = [];
  for (let at = 0; at < seeds.length; at += PORTION_SIZE)
    portions.push({ seeds: seeds.slice(at, at + PORTION_SIZE), profile });
  const processes = Array.from({ length: Math.min(jobs, portions.length) }, startProcess);
  try {
    const onPortion = (summary: Summary): void => {
      if (options.bail === true && summary.failures.length > 0) portions.length = 0;
      onSummary(summary);
    };
    await Promise.all(processes.map((child) => runPortions(child, portions, onPortion)));
  } finally {
    for (const child of processes) child.kill("SIGKILL");
  }
}

function startProcess(): ChildProcess {
  const program = fileURLToPath(new URL("./campaign-process.ts", import.meta.url));
  return fork(program, { execArgv: ["--import", "tsx", "--conditions=@quorumlock/source"] });
}

async function runPortions(
  child: ChildProcess,
  portions: Portion[],
  onPortion: (summary: Summary) => void,
): Promise<void> {
  for (let portion = portions.shift(); portion !== undefined; portion = portions.shift()) {
    onPortion(await runPortion(child, portion));
  }
}

function runPortion(child: ChildProcess, portion: Portion): Promise<Summary> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null): void =>
      reject(
        new Error(
          `a process of the campaign ended (${signal ?? code}) while it ran the seeds ${portion.seeds.join(", ")}`,
        ),
      );
    child.once("exit", onExit);
    child.once("message", (summary) => {
      child.off("exit", onExit);
      resolve(summary as Summary);
    });
    child.send(portion);
  });
}
