import { Command } from "commander";
import type { TopOptions } from "../actions/top.ts";
import { parseDuration } from "../duration.ts";
import { withGlobalOptions } from "../global-options.ts";

const DEFAULT_INTERVAL_MS = 2_000;

/** `quorumlock top`. */
export function topCommand(): Command {
  const command = new Command("top")
    .description("Show which classes of locks are waited for, and who holds them, live")
    .option("--filter <text>", "show only classes, locks and holders that contain this")
    .option(
      "--interval <duration>",
      "time between two readings (default: 2s)",
      parseDuration(200, 3_600_000),
      DEFAULT_INTERVAL_MS,
    );
  return withGlobalOptions(command, ["timeout"]).action(async (options: TopOptions) => {
    const { runTop } = await import("../actions/top.ts");
    await runTop(options);
  });
}
