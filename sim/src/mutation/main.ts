import { Command, CommanderError } from "commander";
import { bugs } from "./bugs.ts";
import { hunt } from "./hunt.ts";
import { Workshop } from "./workshop.ts";

/** Plants bugs in a copy of the library, one at a time, and shows which of them are noticed. */
try {
  const command = new Command("npm run test:mutation --")
    .description(
      "Plants bugs in a copy of the library, one at a time; the simulator or the tests must notice each.",
    )
    .option("--only <words>", "only the bugs whose name has these words")
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  const { only = "" } = command.parse(process.argv).opts<{ only?: string }>();
  const chosen = bugs.filter(({ name }) => name.includes(only));
  if (chosen.length === 0) command.error(`error: no bug has "${only}" in its name`);
  process.exitCode = (await huntAll(chosen)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode !== 0) console.error(error.message);
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}

async function huntAll(chosen: typeof bugs): Promise<boolean> {
  using workshop = new Workshop();
  const interrupted = (): never => {
    workshop[Symbol.dispose]();
    process.exit(130);
  };
  process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
  const width = Math.max(...chosen.map(({ name }) => name.length));
  let caught = 0;
  for (const bug of chosen) {
    const takeOut = workshop.plant(bug);
    const result = await hunt(workshop.root, bug);
    takeOut();
    if (result.caught) caught += 1;
    console.log(`${result.caught ? "caught" : "MISSED"}  ${bug.name.padEnd(width)}  ${result.how}`);
  }
  console.log(`${caught} of ${chosen.length} planted bugs were caught`);
  return caught === chosen.length;
}
