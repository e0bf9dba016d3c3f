import { Command } from "commander";
import { type GlobalOptions, withGlobalOptions } from "../global-options.ts";

/** `quorumlock health`. */
export function healthCommand(): Command {
  const command = new Command("health").description(
    "Show which servers vote: exit code 0 if all do, 1 if only a quorum does or one is unsafe, 2 below a quorum",
  );
  return withGlobalOptions(command).action(async (options: GlobalOptions) => {
    const { showHealth } = await import("../actions/health.ts");
    await showHealth(options);
  });
}
