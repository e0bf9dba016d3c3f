import { Command } from "commander";
import type { UnlockOptions } from "../actions/unlock.ts";
import { withGlobalOptions } from "../global-options.ts";

/** `quorumlock unlock NAME`. */
export function unlockCommand(): Command {
  const command = new Command("unlock")
    .description(
      "End the lock of another process. It keeps others out until the lease of the holder is over, so that leases never overlap",
    )
    .argument("<name>", "the name of the lock")
    .option("--now", "free it at once, although the holder may still work", false)
    .option("--token <id>", "the holder, by its id as `inspect` shows it")
    .option("--reason <text>", "why, for the audit")
    .option("--as <name>", "who releases it, for the audit (default: user@host)")
    .option("--yes", "do not ask; needs --token", false)
    .addHelpText("after", HELP);
  return withGlobalOptions(command).action(async (name: string, options: UnlockOptions) => {
    const { unlock } = await import("../actions/unlock.ts");
    await unlock(name, options);
  });
}

const HELP = `
A release does not stop the process of the holder. A protected store refuses its late writes only once the store
has seen a larger fence, so record the fence that is shown after the release.

Exit codes: 0 released, 1 nobody holds it, 64 wrong usage, 69 no quorum, 77 refused, 130 interrupted at the prompt.`;
