import { Command } from "commander";
import type { BackupOptions } from "../actions/backup.ts";
import { withGlobalOptions } from "../global-options.ts";

/** `quorumlock backup FILE`. */
export function backupCommand(): Command {
  const command = new Command("backup")
    .description("Write all held locks and the fencing counters to a file")
    .argument("<file>", "the file; only its owner can read it, because it has the tokens of all locks")
    .option("--force", "replace the file if it exists", false)
    .addHelpText("after", HELP);
  return withGlobalOptions(command).action(async (file: string, options: BackupOptions) => {
    const { backup } = await import("../actions/backup.ts");
    await backup(file, options);
  });
}

const HELP = `
For a planned restart of servers that keep nothing in a file. It knows nothing of what happens after it was made.

Exit codes: 0 written, 64 wrong usage, 69 no quorum answered, 73 the file cannot be written or exists, 130 interrupted.`;
