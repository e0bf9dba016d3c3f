import { Command, InvalidArgumentError, Option } from "commander";
import type { Contender } from "./contender.ts";
import { contenders } from "./contenders/index.ts";
import { PINNINGS, type Pinning } from "./pinning.ts";
import type { Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios/index.ts";

export interface Flags {
  readonly scenario: readonly Scenario[];
  /** `undefined`: those of each scenario. */
  readonly servers?: readonly number[] | undefined;
  readonly seconds?: number | undefined;
  readonly concurrency: readonly number[];
  /** `undefined`: all. */
  readonly contenders?: readonly Contender[] | undefined;
  /** `undefined`: `one` where the machine has what that takes. */
  readonly pin?: Pinning | undefined;
  readonly quick: boolean;
  readonly out?: string | undefined;
  readonly docs: boolean;
}

const MOST_SERVERS = 15;
const MOST_SECONDS = 600;
const MOST_CALLERS = 10_000;

/** @throws CommanderError for bad flags, naming the flag and the value; also after `--help`, with exit code 0. */
export function parseFlags(args: readonly string[]): Flags {
  const names = scenarios.map(({ name }) => name).join(", ");
  const command = new Command("npm run bench --")
    .description("Measures locks side by side, on Redis servers of its own.")
    .option("--scenario <names>", `scenarios, separated by commas: ${names}`, parseScenarios, scenarios)
    .option("--servers <counts>", "numbers of servers, separated by commas", parseCounts(MOST_SERVERS))
    .option("--seconds <seconds>", "time to measure each scenario with each number of servers", parseSeconds)
    .option(
      "--concurrency <counts>",
      "numbers of callers of `throughput`",
      parseCounts(MOST_CALLERS),
      [16, 128, 1_024],
    )
    .option(
      "--contenders <texts>",
      "only those with one of these in their name, and what they are compared with",
      parseContenders,
    )
    .addOption(
      new Option(
        "--pin <cores>",
        "cores for clients and servers: one for all, two (one each), or none to let them roam",
      ).choices(PINNINGS),
    )
    .option(
      "--quick",
      "under two minutes: few rounds on few servers, figures to look at, not to quote",
      false,
    )
    .option("--out <directory>", "also write results.md, results.json and speed.svg into this directory")
    .option("--docs", "also renew the figures of docs/performance.md and docs/speed.svg", false)
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  // Lists as default values would be shown as JSON.
  const defaults: Readonly<Record<string, string>> = {
    "--scenario": "all",
    "--concurrency": "16,128,1024",
    "--servers": "those of each scenario",
    "--seconds": "those of each scenario",
    "--contenders": "all",
    "--pin": "one, where there is taskset",
  };
  for (const option of command.options) {
    const text = defaults[option.long ?? ""];
    if (text === undefined) continue;
    if (option.defaultValue === undefined) option.description += ` (default: ${text})`;
    else option.defaultValueDescription = text;
  }
  return command.parse([...args], { from: "user" }).opts<Flags>();
}

function parseScenarios(text: string): readonly Scenario[] {
  return list(text).map((name) => {
    const known = scenarios.find((scenario) => scenario.name === name);
    if (known !== undefined) return known;
    const all = scenarios.map((scenario) => scenario.name).join(", ");
    throw new InvalidArgumentError(`"${name}" is none of ${all}.`);
  });
}

function parseCounts(most: number): (text: string) => readonly number[] {
  return (text) =>
    list(text).map((count) => {
      const number = Number(count);
      if (/^\d+$/.test(count) && number >= 1 && number <= most) return number;
      throw new InvalidArgumentError(`"${count}" is not a whole number from 1 to ${most}.`);
    });
}

function parseContenders(text: string): readonly Contender[] {
  return list(text).flatMap((part) => {
    const found = contenders.filter(({ name }) => name.includes(part));
    if (part !== "" && found.length > 0) return found;
    const all = contenders.map(({ name }) => name).join(", ");
    throw new InvalidArgumentError(`"${part}" is in none of ${all}.`);
  });
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  throw new InvalidArgumentError(`"${text}" is not a number of seconds above 0, up to ${MOST_SECONDS}.`);
}

function list(text: string): readonly string[] {
  const items = text.split(",").map((item) => item.trim());
  const twin = items.find((item, index) => items.indexOf(item) !== index);
  if (twin !== undefined) throw new InvalidArgumentError(`"${twin}" is in the list twice.`);
  return items;
}
