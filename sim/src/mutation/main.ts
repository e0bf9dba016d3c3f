import { Command, CommanderError } from "commander";
import { bugs } from "./bugs.ts";
import { catchBug } from "./catch-bug.ts";
import { LibraryCopy } from "./library-copy.ts";

/** Plants bugs in a copy of the library, one at a time, and prints which of them are caught. */
try {
  const command = new Command("npm run test:mutation --")
    .description(
      "Plants bugs in a copy of the library, one at a time. The simulator or the tests must catch each.",
    )
    .option("--only <words>", "only the bugs whose name contains these words")
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  const { only = "" } = command.parse(process.argv).opts<{ only?: string }>();
  const selected = bugs.filter(({ name }) => name.includes(only));
  if (selected.length === 0) command.error(`error: --only: no bug has "${only}" in its name`);
  process.exitCode = (await catchAll(selected)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode !== 0) console.error(error.message);
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}

/** Returns whether all bugs were caught. */
async function catchAll(selected: typeof bugs): Promise<boolean> {
  using copy = new LibraryCopy();
  const onInterrupt = (): never => {
    copy[Symbol.dispose]();
    process.exit(130);
  };
  process.on("SIGINT", onInterrupt).on("SIGTERM", onInterrupt);
  const width = Math.max(...selected.map(({ name }) => name.length));
  let caughtCount = 0;
  for (const bug of selected) {
    const remove = copy.plant(bug);
    const result = await catchBug(copy.root, bug);
    remove();
    if (result.isCaught) caughtCount += 1;
    console.log(`${result.isCaught ? "caught" : "MISSED"}  ${bug.name.padEnd(width)}  ${result.how}`);
  }
  console.log(`${caughtCount} of ${selected.length} planted bugs were caught`);
  return caughtCount === selected.length;
}
