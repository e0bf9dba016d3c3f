import { Command } from "commander";
import { runDemo } from "../../demo/run.ts";
import { type DemoOptions, LIMITS } from "../../demo/options.ts";
import { openScreen } from "../../demo/screen.ts";
import { exitCodeOf, interruption } from "../interruption.ts";
import { wholeNumber } from "../whole-number.ts";

/** `quorumlock demo`: exit code 0 only when the locked sale came out exact, with no violation. */
export function demoCommand(): Command {
  const { items, workers } = LIMITS;
  return new Command("demo")
    .description(
      "Sell items out of an unprotected store, with and without the lock, while servers and a worker fail",
    )
    .option(
      "--items <n>",
      "how many items there are to sell",
      wholeNumber(items.least, items.most),
      items.usual,
    )
    .option(
      "--workers <n>",
      "how many processes sell them",
      wholeNumber(workers.least, workers.most),
      workers.usual,
    )
    .option("--memory", "run on in-memory instances in this one process, without any server", false)
    .action(async (options: DemoOptions) => {
      using interrupted = interruption();
      using screen = openScreen(process.stdout, process.env);
      try {
        process.exitCode = (await runDemo(options, screen, interrupted.signal)) ? 0 : 1;
      } catch (error) {
        const code = exitCodeOf(error);
        if (code === undefined) throw error;
        process.exitCode = code;
        console.error("  Interrupted: all that was started is stopped.");
      }
    });
}
