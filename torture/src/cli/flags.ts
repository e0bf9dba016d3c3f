import { Command, InvalidArgumentError } from "commander";
import { FAULT_KINDS, type FaultKind } from "../faults/phases.ts";
import type { TortureOptions } from "../options.ts";

export interface Flags extends TortureOptions {
  /** Path of the JSON report. */
  readonly out: string | undefined;
}

const KINDS = [...FAULT_KINDS, "mixed"] as const;
/** Limits the memory of the checker, which needs all records of a phase at once. */
const MAX_SECONDS = 3_600;
const MAX_SEED = 2 ** 31 - 1;

/**
 * Parses the command line.
 * @throws CommanderError if a flag is invalid, with the flag and the value. Also after `--help`, with exit code 0.
 */
export function parseFlags(args: readonly string[], randomSeed: () => number): Flags {
  const command = new Command("npm run torture --")
    .description(
      "Runs worker processes that compete for locks on real Redis servers, and makes servers, processes, clocks and connections fail.",
    )
    .option("--servers <n>", "number of servers: 3 or 5", parseServers, 3)
    .option("--processes <n>", "number of worker processes: 2 to 32", parseWholeNumber(2, 32), 4)
    .option("--seconds <s>", "length of all phases together", parseSeconds, 190)
    .option("--faults <list>", `kinds of fault, separated by commas: ${KINDS.join(", ")}`, parseFaults, KINDS)
    .option("--seed <n>", "seed of the fault schedule (default: random)", parseWholeNumber(0, MAX_SEED))
    .option("--no-restart-guard", "let servers vote at once after a restart without data (expect violations)")
    .option("--out <file>", "also write the full report as JSON")
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  // Commander would print the default list as JSON.
  for (const option of command.options) {
    if (option.long === "--faults") option.defaultValueDescription = "all";
  }
  const { faults, seed, out, ...rest } = command.parse([...args], { from: "user" }).opts<ParsedFlags>();
  return {
    ...rest,
    faults: FAULT_KINDS.filter((kind) => faults.includes(kind)),
    mixed: faults.includes("mixed"),
    seed: seed ?? randomSeed(),
    out,
  };
}

type ParsedFlags = Omit<Flags, "faults" | "mixed" | "seed"> & {
  readonly faults: readonly (FaultKind | "mixed")[];
  readonly seed: number | undefined;
};

/** The command line that repeats a run. */
export function commandOf(options: TortureOptions): string {
  const kinds = [...options.faults, ...(options.mixed ? ["mixed"] : [])];
  return [
    "npm run torture --",
    `--servers ${options.servers}`,
    `--processes ${options.processes}`,
    `--seconds ${options.seconds}`,
    ...(kinds.length === KINDS.length ? [] : [`--faults ${kinds.join(",")}`]),
    ...(options.restartGuard ? [] : ["--no-restart-guard"]),
    `--seed ${options.seed}`,
  ].join(" ");
}

function parseServers(text: string): number {
  if (text === "3" || text === "5") return Number(text);
  throw new InvalidArgumentError(`"${text}" must be 3 or 5.`);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds > 0 && seconds <= MAX_SECONDS) return seconds;
  throw new InvalidArgumentError(`"${text}" must be a number of seconds above 0 and at most ${MAX_SECONDS}.`);
}

function parseFaults(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  for (const [index, name] of names.entries()) {
    if (!KINDS.some((kind) => kind === name))
      throw new InvalidArgumentError(`"${name}" must be one of ${KINDS.join(", ")}.`);
    if (names.indexOf(name) !== index)
      throw new InvalidArgumentError(`"${name}" must not be in the list twice.`);
  }
  if (names.length === 1 && names[0] === "mixed")
    throw new InvalidArgumentError('"mixed" needs at least two other kinds in the list.');
  return names;
}

function parseWholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`"${text}" must be a whole number from ${min} to ${max}.`);
  };
}
