import { Command, InvalidArgumentError } from "commander";

export interface Flags {
  /** The name of the story. `undefined`: list them. */
  readonly name: string | undefined;
  readonly short: boolean;
  readonly seed: number;
  readonly unsafe: boolean;
  readonly kills: number | undefined;
}

const MAX_SEED = 2 ** 31 - 1;
const MAX_KILLS = 10_000;

/**
 * Parses the command line.
 * @throws CommanderError if a flag is invalid, with the flag and the value. Also after `--help`, with exit code 0.
 */
export function parseFlags(args: readonly string[], randomSeed: () => number): Flags {
  const command = new Command("npm run example --")
    .description(
      "Runs one story on real Redis servers, a real PostgreSQL server and several processes, with faults.\n" +
        "Without a name, lists all stories.",
    )
    .argument("[name]", "the story")
    .option("--short", "at most 10 s", false)
    .option("--seed <n>", "the same choices again (default: random)", parseWholeNumber(0, MAX_SEED))
    .option("--unsafe", "put the anti-pattern under the judge: it must fail", false)
    .option(
      "--kills <n>",
      "only orders: how many processes to kill, half of them at named points",
      parseWholeNumber(0, MAX_KILLS),
    )
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  const options = command
    .parse([...args], { from: "user" })
    .opts<{ short: boolean; seed?: number; unsafe: boolean; kills?: number }>();
  return {
    name: command.args[0],
    short: options.short,
    seed: options.seed ?? randomSeed(),
    unsafe: options.unsafe,
    kills: options.kills,
  };
}

/** The command line that repeats a run. */
export function commandOf({ name, short, seed, unsafe, kills }: Flags): string {
  return [
    `npm run example ${name} --`,
    ...(short ? ["--short"] : []),
    ...(unsafe ? ["--unsafe"] : []),
    ...(kills === undefined ? [] : [`--kills ${kills}`]),
    `--seed ${seed}`,
  ].join(" ");
}

function parseWholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`"${text}" must be a whole number from ${min} to ${max}.`);
  };
}
