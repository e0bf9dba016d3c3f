import { Command, Option } from "commander";
import type * as diagnoseActions from "../actions/diagnose.ts";
import { parseDuration } from "../duration.ts";
import { withGlobalOptions } from "../global-options.ts";

const MIN_SCAN_MS = 100;
const MAX_SCAN_MS = 600_000;
const DEFAULT_SCAN_MS = 10_000;

/** `quorumlock diagnose [NAME]`. */
export function diagnoseCommand(): Command {
  const command = new Command("diagnose")
    .description("Find out what is wrong with the servers, the locks and the processes, and say what to do")
    .argument("[name]", "look at one lock, and at the servers")
    .addOption(
      new Option("--scan-time <duration>", "how long the locks may be read; the rest is then left out")
        .argParser(parseDuration(MIN_SCAN_MS, MAX_SCAN_MS))
        .default(DEFAULT_SCAN_MS, "10s"),
    )
    .addHelpText("after", "\nExit code: 0 without warnings, 1 with warnings, 2 with errors.")
    .action(async (name: string | undefined, options: diagnoseActions.DiagnoseOptions) =>
      (await import("../actions/diagnose.ts")).diagnose(name, options),
    );
  return withGlobalOptions(command);
}
