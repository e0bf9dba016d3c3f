import { availableParallelism } from "node:os";
import { Command, CommanderError } from "commander";
import type { Bug } from "./bug.ts";
import { bugs } from "./bugs.ts";
import { catchBug, findFailure } from "./catch-bug.ts";
import { LibraryCopy } from "./library-copy.ts";
import { killPrograms } from "./run-program.ts";

/** Plants bugs in copies of the library, one at a time in each, and prints which of them are caught. */
try {
  const command = new Command("npm run test:mutation --")
    .description(
      "Plants bugs in copies of the library, one at a time in each. The simulator or the tests must catch each.",
    )
    .option("--only <words>", "only the bugs whose name contains these words")
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  const { only = "" } = command.parse(process.argv).opts<{ only?: string }>();
  const selected = bugs.filter(({ name }) => name.includes(only));
  if (selected.length === 0) command.error(`error: --only: no bug has "${only}" in its name`);
  process.exitCode = (await runAll(selected)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode !== 0) console.error(error.message);
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}

/** Makes a copy of the library for each processor. Returns whether all bugs were caught. */
async function runAll(selected: readonly Bug[]): Promise<boolean> {
  const count = Math.min(availableParallelism(), selected.length);
  const copies = Array.from({ length: count }, () => new LibraryCopy());
  const removeCopies = (): void => copies.forEach((copy) => copy[Symbol.dispose]());
  const onInterrupt = (): never => {
    killPrograms();
    removeCopies();
    process.exit(130);
  };
  process.on("SIGINT", onInterrupt).on("SIGTERM", onInterrupt);
  try {
    return await catchAll(selected, copies);
  } finally {
    removeCopies();
  }
}

/** Returns whether all bugs were caught. */
async function catchAll(selected: readonly Bug[], copies: readonly LibraryCopy[]): Promise<boolean> {
  const startedAt = performance.now();
  const failure = await findFailure(copies[0]!.root, selected);
  if (failure !== undefined) {
    console.log(`without a bug the tests must pass, but there is a failure: ${failure}`);
    return false;
  }
  const width = Math.max(...selected.map(({ name }) => name.length));
  const remaining = [...selected];
  let caughtCount = 0;
  const work = async (copy: LibraryCopy): Promise<void> => {
    for (let bug = remaining.shift(); bug !== undefined; bug = remaining.shift()) {
      const bugStartedAt = performance.now();
      const remove = copy.plant(bug);
      const { isCaught, how } = await catchBug(copy.root, bug);
      remove();
      if (isCaught) caughtCount += 1;
      const seconds = secondsSince(bugStartedAt).padStart(5);
      console.log(`${isCaught ? "caught" : "MISSED"} ${seconds} s  ${bug.name.padEnd(width)}  ${how}`);
    }
  };
  await Promise.all(copies.map(work));
  const bySimulator = selected.filter(({ caughtBy }) => !("tests" in caughtBy)).length;
  console.log(
    `${caughtCount} of ${selected.length} planted bugs were caught (${bySimulator} are for the simulator, ` +
      `${selected.length - bySimulator} for tests) in ${secondsSince(startedAt)} s`,
  );
  return caughtCount === selected.length;
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1_000).toFixed(0);
}
