import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { PROFILES, type ProfileName } from "./plan/profiles.ts";

export interface Flags {
  readonly seed: number | undefined;
  readonly histories: number;
  readonly profile: ProfileName | undefined;
  readonly jobs: number;
  readonly plan: string | undefined;
  readonly trace: boolean;
  readonly keep: string | undefined;
  readonly shrink: boolean;
  readonly bail: boolean;
}

export const MAX_SEED = 2 ** 32 - 1;
const MAX_HISTORIES = 10_000_000;
const MAX_JOBS = 256;

/**
 * @throws CommanderError for a bad flag, with the flag and the value. After `--help` it throws as well, with exit code 0.
 */
export function parseFlags(args: readonly string[]): Flags {
  const command = new Command("npm run sim --")
    .description(
      "Runs the library through histories with faults in virtual time, and checks its promises. " +
        "The same seed always gives the same history. Faults and checks: sim/README.md.",
    )
    .option("--seed <number>", "the first seed (default: random)", asWholeNumber(0, MAX_SEED))
    .option(
      "--histories <number>",
      "number of histories, one for each seed",
      asWholeNumber(1, MAX_HISTORIES),
      1_000,
    )
    .addOption(
      new Option("--profile <name>", "the kinds of faults (default: the usual mix)").choices(
        Object.keys(PROFILES),
      ),
    )
    .option("--jobs <number>", "number of processes", asWholeNumber(1, MAX_JOBS), availableParallelism())
    .option("--bail", "stop at the first violation", false)
    .option("--plan <file>", "run the history in this file, which --keep has written")
    .option("--trace", "print each event; needs --histories 1 or --plan", false)
    .option("--keep <directory>", "shrink the plan of each failed history and write it into this directory")
    .option("--no-shrink", "with --keep: write the whole plan")
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  const flags = command.parse([...args], { from: "user" }).opts<Flags>();
  if (flags.trace && flags.plan === undefined && flags.histories !== 1) {
    command.error(
      `error: --trace prints one history: add --histories 1 or --plan, not --histories ${flags.histories}`,
    );
  }
  return flags;
}

function asWholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`"${text}" is not a whole number from ${min} to ${max}.`);
  };
}
