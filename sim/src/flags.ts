import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { PROFILES, type ProfileName } from "./plan/make-plan.ts";

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

export const MOST_SEED = 2 ** 32 - 1;
const MOST_HISTORIES = 10_000_000;
const MOST_JOBS = 256;

/** @throws CommanderError for bad flags, naming the flag and the value; also after `--help`, with exit code 0. */
export function parseFlags(args: readonly string[]): Flags {
  const command = new Command("npm run sim --")
    .description(
      "Runs the library through histories with faults in virtual time, and checks what it promises. " +
        "Every history is decided by its seed. What is simulated and checked: sim/README.md.",
    )
    .option("--seed <number>", "the first seed (default: another one each time)", whole(0, MOST_SEED))
    .option("--histories <number>", "how many histories, one for each seed", whole(1, MOST_HISTORIES), 1_000)
    .addOption(
      new Option("--profile <name>", "what kinds of faults (default: the usual mix)").choices(
        Object.keys(PROFILES),
      ),
    )
    .option("--jobs <number>", "how many processes", whole(1, MOST_JOBS), availableParallelism())
    .option("--bail", "end at the first violation", false)
    .option("--plan <file>", "run the history of this file instead, as --keep writes it")
    .option("--trace", "tell what happens in the history; for one history only", false)
    .option("--keep <directory>", "write the shrunk plan of a history that failed into this directory")
    .option("--no-shrink", "leave the plan of a history that failed as it is")
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  const flags = command.parse([...args], { from: "user" }).opts<Flags>();
  if (flags.trace && flags.plan === undefined && flags.histories !== 1) {
    command.error(
      `error: --trace tells one history: add --histories 1 or --plan, not --histories ${flags.histories}`,
    );
  }
  return flags;
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`"${text}" is not a whole number from ${least} to ${most}.`);
  };
}
