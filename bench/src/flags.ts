import { Command, InvalidArgumentError } from "commander";
import type { Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios/index.ts";

export interface Flags {
  readonly scenario: readonly Scenario[];
  readonly servers: readonly number[];
  readonly seconds: number;
  readonly out: string | undefined;
}

const MOST_SERVERS = 15;
const MOST_SECONDS = 600;

/** @throws CommanderError for bad flags, naming the flag and the value; also after `--help`, with exit code 0. */
export function parseFlags(args: readonly string[]): Flags {
  const names = scenarios.map(({ name }) => name).join(", ");
  const command = new Command("npm run bench --")
    .description("Measures locks side by side, on Redis servers of its own.")
    .option("--scenario <names>", `scenarios, separated by commas: ${names}`, parseScenarios, scenarios)
    .option("--servers <counts>", "numbers of servers, separated by commas", parseServers, [1, 3, 5])
    .option("--seconds <seconds>", "time for each scenario with each number of servers", parseSeconds, 8)
    .option("--out <directory>", "also write results.md and results.json into this directory")
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  // Lists as default values would be shown as JSON.
  for (const option of command.options) {
    if (option.long === "--scenario") option.defaultValueDescription = "all";
    if (option.long === "--servers") option.defaultValueDescription = "1,3,5";
  }
  return command.parse([...args], { from: "user" }).opts<Flags>();
}

function parseScenarios(text: string): readonly Scenario[] {
  const names = text.split(",").map((name) => name.trim());
  refuseTwins(names);
  return names.map((name) => {
    const known = scenarios.find((scenario) => scenario.name === name);
    if (known !== undefined) return known;
    const all = scenarios.map((scenario) => scenario.name).join(", ");
    throw new InvalidArgumentError(`"${name}" is none of ${all}.`);
  });
}

function parseServers(text: string): readonly number[] {
  const counts = text.split(",").map((count) => count.trim());
  refuseTwins(counts);
  return counts.map((count) => {
    const number = Number(count);
    if (/^\d+$/.test(count) && number >= 1 && number <= MOST_SERVERS) return number;
    throw new InvalidArgumentError(`"${count}" is not a whole number from 1 to ${MOST_SERVERS}.`);
  });
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  throw new InvalidArgumentError(`"${text}" is not a number of seconds above 0, up to ${MOST_SECONDS}.`);
}

function refuseTwins(items: readonly string[]): void {
  const twin = items.find((item, index) => items.indexOf(item) !== index);
  if (twin !== undefined) throw new InvalidArgumentError(`"${twin}" is in the list twice.`);
}
