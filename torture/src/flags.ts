import { Command, InvalidArgumentError } from "commander";
import { FAULT_KINDS, type FaultKind } from "./faults/kinds.ts";
import type { TortureOptions } from "./options.ts";

export interface Flags extends TortureOptions {
  readonly out: string | undefined;
}

const KINDS = [...FAULT_KINDS, "mixed"] as const;
/** What the workers write down in a phase is judged in one piece. */
const MOST_SECONDS = 3_600;
const MOST_SEED = 2 ** 31 - 1;

/** @throws CommanderError for bad flags, naming the flag and the value; also after `--help`, with exit code 0. */
export function parseFlags(args: readonly string[], randomSeed: () => number): Flags {
  const command = new Command("npm run torture --")
    .description(
      "Processes fight for locks on real Redis servers while servers, clients, clocks and connections fail.",
    )
    .option("--servers <n>", "how many servers hold the locks: 3 or 5", parseServers, 3)
    .option("--processes <n>", "how many worker processes", wholeNumber(2, 32), 4)
    .option("--seconds <s>", "for the faults of all phases together", parseSeconds, 170)
    .option("--faults <list>", `kinds, separated by commas: ${KINDS.join(", ")}`, parseFaults, KINDS)
    .option(
      "--seed <n>",
      "decides the schedule of faults (default: another one each time)",
      wholeNumber(0, MOST_SEED),
    )
    .option("--no-restart-guard", "let servers vote at once that came back empty; expect violations")
    .option("--out <file>", "also write everything as JSON")
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  // A list as default value would be shown as JSON.
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

/** How to repeat a run. */
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
  throw new InvalidArgumentError(`"${text}" is neither 3 nor 5.`);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  throw new InvalidArgumentError(`"${text}" is not a number of seconds above 0, up to ${MOST_SECONDS}.`);
}

function parseFaults(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  for (const [index, name] of names.entries()) {
    if (!KINDS.some((kind) => kind === name))
      throw new InvalidArgumentError(`"${name}" is none of ${KINDS.join(", ")}.`);
    if (names.indexOf(name) !== index) throw new InvalidArgumentError(`"${name}" is in the list twice.`);
  }
  if (names.length === 1 && names[0] === "mixed")
    throw new InvalidArgumentError('"mixed" alone has nothing to mix: name at least two kinds with it.');
  return names;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`"${text}" is not a whole number from ${least} to ${most}.`);
  };
}
