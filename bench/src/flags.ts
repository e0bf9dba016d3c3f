import { Command, InvalidArgumentError, Option } from "commander";
import type { Contender } from "./contender.ts";
import { contenders } from "./contenders/index.ts";
import { NAME_KINDS, type NameKind } from "./lock-names.ts";
import { PINNINGS, type Pinning } from "./pinning.ts";
import { type Scenario, WARM_UPS, type WarmUp } from "./scenario.ts";
import { scenarios } from "./scenarios/index.ts";

export interface Flags {
  readonly scenario: readonly Scenario[];
  /** `undefined`: the numbers of each scenario. */
  readonly servers?: readonly number[] | undefined;
  readonly seconds?: number | undefined;
  readonly concurrency: readonly number[];
  readonly names: readonly NameKind[];
  readonly warm: readonly WarmUp[];
  /** `undefined`: all. */
  readonly contenders?: readonly Contender[] | undefined;
  /** `undefined`: `one` if the machine has `taskset`. */
  readonly pin?: Pinning | undefined;
  readonly quick: boolean;
  readonly out?: string | undefined;
  readonly docs: boolean;
}

const MAX_SERVERS = 15;
const MAX_SECONDS = 600;
const MAX_CALLERS = 10_000;

/** @throws CommanderError with the flag and its value if a flag is wrong; after `--help`, with exit code 0. */
export function parseFlags(args: readonly string[]): Flags {
  const names = scenarios.map(({ name }) => name).join(", ");
  const command = new Command("npm run bench --")
    .description("Measures locks side by side, on Redis servers that it starts.")
    .option("--scenario <names>", `scenarios, separated by commas: ${names}`, parseScenarios, scenarios)
    .option("--servers <counts>", "numbers of servers, separated by commas", parseCounts(MAX_SERVERS))
    .option("--seconds <seconds>", "time to measure each scenario with each number of servers", parseSeconds)
    .option(
      "--concurrency <counts>",
      "numbers of callers of `throughput`",
      parseCounts(MAX_CALLERS),
      [16, 128, 1_024],
    )
    .option("--names <kinds>", "names that cycles lock: new, same, or all", parseChoices(NAME_KINDS))
    .option("--warm <kinds>", "warm-up of `uncontended`: warm, cool, or all", parseChoices(WARM_UPS))
    .option(
      "--contenders <texts>",
      "only contenders with one of these texts in their name, and their baselines",
      parseContenders,
    )
    .addOption(
      new Option(
        "--pin <cores>",
        "cores for clients and servers: one for all, two (one each), or none for no pinning",
      ).choices(PINNINGS),
    )
    .option("--quick", "takes under three minutes, with figures too noisy to publish", false)
    .option("--out <directory>", "also write results.md, results.json and speed.svg into this directory")
    .option(
      "--docs",
      "also update the tables of docs/performance-method.md of which any scenario is run, and docs/speed.svg",
      false,
    )
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  // Commander would print default values that are lists as JSON.
  const defaults: Readonly<Record<string, string>> = {
    "--scenario": "all",
    "--concurrency": "16,128,1024",
    "--servers": "the numbers of each scenario",
    "--seconds": "the time of each scenario",
    "--names": "new",
    "--warm": "all",
    "--contenders": "all",
    "--pin": "one, if the machine has taskset",
  };
  for (const option of command.options) {
    const text = defaults[option.long ?? ""];
    if (text === undefined) continue;
    if (option.defaultValue === undefined) option.description += ` (default: ${text})`;
    else option.defaultValueDescription = text;
  }
  const flags = command.parse([...args], { from: "user" }).opts<Partial<Flags>>();
  return { names: ["new"], warm: WARM_UPS, ...flags } as Flags;
}

function parseScenarios(text: string): readonly Scenario[] {
  return parseList(text).map((name) => {
    const found = scenarios.find((scenario) => scenario.name === name);
    if (found !== undefined) return found;
    const all = scenarios.map((scenario) => scenario.name).join(", ");
    throw new InvalidArgumentError(`"${name}" is none of ${all}.`);
  });
}

function parseCounts(max: number): (text: string) => readonly number[] {
  return (text) =>
    parseList(text).map((count) => {
      const number = Number(count);
      if (/^\d+$/.test(count) && number >= 1 && number <= max) return number;
      throw new InvalidArgumentError(`"${count}" is not a whole number from 1 to ${max}.`);
    });
}

/** The flag may be repeated, and each value may be a list. */
function parseChoices<Choice extends string>(
  choices: readonly Choice[],
): (text: string, previous?: readonly Choice[]) => readonly Choice[] {
  return (text, previous = []) => {
    const added = parseList(text).flatMap((item) => {
      if (item === "all") return choices;
      const found = choices.find((choice) => choice === item);
      if (found !== undefined) return [found];
      throw new InvalidArgumentError(`"${item}" is none of ${[...choices, "all"].join(", ")}.`);
    });
    return choices.filter((choice) => previous.includes(choice) || added.includes(choice));
  };
}

function parseContenders(text: string): readonly Contender[] {
  return parseList(text).flatMap((part) => {
    const found = contenders.filter(({ name }) => name.includes(part));
    if (part !== "" && found.length > 0) return found;
    const all = contenders.map(({ name }) => name).join(", ");
    throw new InvalidArgumentError(`"${part}" is in none of ${all}.`);
  });
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds > 0 && seconds <= MAX_SECONDS) return seconds;
  throw new InvalidArgumentError(`"${text}" is not a number of seconds above 0, up to ${MAX_SECONDS}.`);
}

function parseList(text: string): readonly string[] {
  const items = text.split(",").map((item) => item.trim());
  const duplicate = items.find((item, index) => items.indexOf(item) !== index);
  if (duplicate !== undefined) throw new InvalidArgumentError(`"${duplicate}" is in the list twice.`);
  return items;
}
