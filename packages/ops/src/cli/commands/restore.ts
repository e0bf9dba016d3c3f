import { Command } from "commander";
import type { RestoreOptions } from "../actions/restore.ts";
import { withGlobalOptions } from "../global-options.ts";

/** `quorumlock restore FILE`. */
export function restoreCommand(): Command {
  const command = new Command("restore")
    .description(
      "Give holders the locks back that servers have lost, from a file of `backup`; without --apply it only looks",
    )
    .argument("<file>", "the file of `backup`")
    .option("--apply", "restore them", false)
    .option("--force", "also if the file is of other servers", false)
    .addHelpText("after", HELP);
  return withGlobalOptions(command).action(async (file: string, options: RestoreOptions) => {
    const { restore } = await import("../actions/restore.ts");
    await restore(file, options);
  });
}

const HELP = `
A lock is restored only if its time is not over and nobody else holds it, and only for the time that is left. A lock
that was released after the backup comes back for that time.

Exit codes: 0 done, 1 some are only on a minority of the servers, 64 wrong usage, 65 the file is damaged, 66 it cannot
be read, 69 no quorum answered, 77 it is of other servers, 130 interrupted.`;
