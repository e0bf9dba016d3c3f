import { Command, Option } from "commander";
import { LOCK_SORTS } from "../../monitor/locks/lock-order.ts";
import type { ListOptions } from "../actions/list.ts";
import { withGlobalOptions } from "../global-options.ts";
import { parseWholeNumber } from "../whole-number.ts";

const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 1_000_000;
const STATES = ["held", "short", "not-extended", "no-expiry", "minority", "uncertain"];

/** `quorumlock list [PATTERN]`. */
export function listCommand(): Command {
  const command = new Command("list")
    .description("List the locks that are held, those in trouble first")
    .argument(
      "[pattern]",
      "names: * is any text, ? one character, [a-z] one of some; \\ takes their meaning away",
    )
    .addOption(
      new Option("--sort <order>", "what comes first").choices(LOCK_SORTS).default("blocked" as const),
    )
    .addOption(new Option("--state <state>", "only locks in this state").choices(STATES))
    .addOption(
      new Option("--limit <number>", "how many are shown")
        .argParser(parseWholeNumber(1, MAX_LIMIT))
        .default(DEFAULT_LIMIT),
    )
    .option("--watch", "show a live table until q or Ctrl-C; with --json one object a line", false);
  return withGlobalOptions(command).action(async (pattern: string | undefined, options: ListOptions) => {
    const { showList } = await import("../actions/list.ts");
    await showList(pattern, options);
  });
}
