import { type Command, Option } from "commander";
import { parseDuration, spellMs } from "./duration.ts";

const MIN_TIMEOUT_MS = 50;
const MAX_TIMEOUT_MS = 60_000;
export const DEFAULT_TIMEOUT_MS = 2_000;

/** The options that every command about servers has. */
export interface GlobalOptions {
  readonly config?: string;
  readonly instances?: string;
  readonly prefix?: string;
  readonly json: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
  readonly ascii: boolean;
  /** How long a server may take for its answer, ms. @default 2_000 */
  readonly timeout?: number | undefined;
  readonly quiet: boolean;
}

/**
 * Adds the global options to a command. They stand in a group of their own in its help.
 * @param without the ones that the command would ignore.
 */
export function withGlobalOptions(command: Command, without: readonly "timeout"[] = []): Command {
  const options = [
    new Option("--config <file>", "the configuration file (or QUORUMLOCK_CONFIG)"),
    new Option(
      "--instances <list>",
      "the servers, separated by commas: host:port or URLs (or QUORUMLOCK_INSTANCES)",
    ),
    new Option("--prefix <text>", "the prefix of the keys"),
    // Without a default of commander, so that the option can be told from its default.
    new Option(
      "--timeout <duration>",
      `how long a server may take for its answer (default: ${spellMs(DEFAULT_TIMEOUT_MS)})`,
    ).argParser(parseDuration(MIN_TIMEOUT_MS, MAX_TIMEOUT_MS)),
    new Option("--json", "print one JSON object").default(false),
    new Option("--no-color", "print without colours (or NO_COLOR)"),
    new Option("--ascii", "print only ASCII characters").default(false),
    new Option("--quiet", "print only results").default(false),
  ];
  for (const option of options)
    if (!without.some((name) => name === option.name()))
      command.addOption(option.helpGroup("Global options:"));
  return command;
}
