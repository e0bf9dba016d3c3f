import { Command } from "commander";
import { type GlobalOptions, withGlobalOptions } from "../global-options.ts";

/** `quorumlock inspect NAME`. */
export function inspectCommand(): Command {
  const command = new Command("inspect")
    .description(
      "Show one lock: who holds it, who waits, what happens next: exit code 0 if it is held, 1 if not",
    )
    .argument("<name>", "the name of the lock, as it is");
  return withGlobalOptions(command).action(async (name: string, options: GlobalOptions) => {
    const { inspectLock } = await import("../actions/inspect.ts");
    await inspectLock(name, options);
  });
}
