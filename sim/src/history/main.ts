import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import {
  checkHistory,
  fencedMutex,
  fencedReadWrite,
  fenceOrder,
  type Operation,
  ownerAwareMutex,
  parseHistory,
  readWrite,
  type Verdict,
} from "./index.ts";

type Check = (history: readonly Operation[], maxSteps: number | undefined) => Verdict;

const models: Readonly<Record<string, Check>> = {
  fenced: (history, maxSteps) => checkHistory(history, fencedMutex, { maxSteps }),
  mutex: (history, maxSteps) => checkHistory(history, ownerAwareMutex, { maxSteps }),
  fences: (history, maxSteps) => checkHistory(history, fenceOrder, { maxSteps }),
  readwrite: (history, maxSteps) => checkHistory(history, readWrite, { maxSteps }),
  "fenced-readwrite": (history, maxSteps) => checkHistory(history, fencedReadWrite, { maxSteps }),
};

const [VALID, VIOLATED, BAD_INPUT, UNKNOWN] = [0, 1, 2, 3];

interface Flags {
  readonly model: string;
  readonly maxSteps?: number;
}

const command = new Command("npm run check-history --")
  .description(
    `Checks whether a correct lock can produce a history of lock operations. Exit code: ${VALID} it can, ` +
      `${VIOLATED} it cannot, ${BAD_INPUT} bad input, ${UNKNOWN} the step limit was reached.`,
  )
  .argument("<file>", "a JSON array of operations, or JSON lines")
  .addOption(new Option("--model <model>", "the kind of lock").choices(Object.keys(models)).default("fenced"))
  .option("--max-steps <steps>", "maximum number of steps for each resource", asSteps)
  .allowExcessArguments(false)
  .exitOverride();

process.exitCode = run();

function run(): number {
  let history: readonly Operation[];
  let flags: Flags;
  try {
    command.parse();
    flags = command.opts<Flags>();
    // npm starts a script in the directory of its package. INIT_CWD is the directory of the user.
    const file = resolve(process.env["INIT_CWD"] ?? ".", command.args[0] ?? "");
    history = parseHistory(readFileSync(file, "utf8"));
  } catch (error) {
    // Commander has already printed the problem.
    if (error instanceof CommanderError) return error.exitCode === 0 ? VALID : BAD_INPUT;
    console.error(`cannot read the history: ${(error as Error).message}`);
    return BAD_INPUT;
  }
  const verdict = models[flags.model]!(history, flags.maxSteps);
  const about = `${history.length} operations, ${verdict.steps} steps, model: ${flags.model}`;
  if (verdict.valid === true) {
    console.log(`Valid (${about}).`);
    return VALID;
  }
  const heading = verdict.valid === false ? "Violated" : "Unknown";
  console.log(`${heading} (${about}).\n${verdict.resource}: ${verdict.reason}`);
  if (verdict.valid === "unknown") return UNKNOWN;
  for (const operation of verdict.operations) console.log(`  ${JSON.stringify(operation)}`);
  return VIOLATED;
}

function asSteps(value: string): number {
  const steps = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(steps) && steps >= 1) return steps;
  throw new InvalidArgumentError("It must be a whole number from 1.");
}
