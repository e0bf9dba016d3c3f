import { Command } from "commander";
import { type DemoOptions, LIMITS } from "../../demo/options.ts";
import { CommandError } from "../command-error.ts";
import { exitCodeOf, interruption } from "../interruption.ts";
import { parseWholeNumber } from "../whole-number.ts";

/** `quorumlock demo`. Exits with 0 only if the sale with the lock was exact and had no violation. */
export function demoCommand(): Command {
  const { items, workers } = LIMITS;
  return new Command("demo")
    .description(
      "Sell items from an unprotected store, with and without a lock, while servers and a worker fail",
    )
    .option("--items <n>", "number of items to sell", parseWholeNumber(items.min, items.max), items.default)
    .option(
      "--workers <n>",
      "number of processes that sell items",
      parseWholeNumber(workers.min, workers.max),
      workers.default,
    )
    .option("--memory", "run in one process with in-memory instances, without servers", false)
    .action(async (options: DemoOptions) => {
      using interrupted = interruption();
      const { openScreen } = await import("../../demo/screen.ts");
      const { runDemo } = await import("../../demo/run-demo.ts");
      using screen = openScreen(process.stdout, process.env);
      try {
        process.exitCode = (await runDemo(options, screen, interrupted.signal)) ? 0 : 1;
      } catch (error) {
        const code = exitCodeOf(error);
        // What the demo needs is missing, such as a server binary. The message says what to do.
        if (code === undefined) throw new CommandError(`error: ${messageOf(error)}`, 1);
        process.exitCode = code;
        console.error("  Interrupted. All servers and workers are stopped.");
      }
    });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
