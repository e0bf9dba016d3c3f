import { Command } from "commander";
import type { BenchOptions } from "../actions/bench.ts";
import { parseDuration } from "../duration.ts";
import { withGlobalOptions } from "../global-options.ts";
import { parseWholeNumber } from "../whole-number.ts";

const DEFAULT_SECONDS_MS = 10_000;
const DEFAULT_CONCURRENCY = 16;

/** `quorumlock bench`. */
export function benchCommand(): Command {
  const command = new Command("bench")
    .description("Measure locks on these servers, under a prefix of its own that is removed afterwards")
    .option(
      "--for <duration>",
      "how long all measurements take together (default: 10s)",
      parseDuration(1_000, 600_000),
      DEFAULT_SECONDS_MS,
    )
    .option(
      "--concurrency <n>",
      "how many callers acquire at a time in the second and the third measurement",
      parseWholeNumber(2, 256),
      DEFAULT_CONCURRENCY,
    );
  return withGlobalOptions(command).action(async (options: BenchOptions) => {
    const { runBench } = await import("../actions/bench.ts");
    await runBench(options);
  });
}
