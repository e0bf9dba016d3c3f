#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { addCompletion } from "./completion.ts";
import { CommandError, EXIT } from "./command-error.ts";
import { alertsCommand } from "./commands/alerts.ts";
import { benchCommand } from "./commands/bench.ts";
import { demoCommand } from "./commands/demo.ts";
import { execCommand } from "./commands/exec.ts";
import { initCommand } from "./commands/init.ts";
import { monitorCommand } from "./commands/monitor.ts";
import { topCommand } from "./commands/top.ts";
import { endWhenOutputCloses } from "./output/output.ts";
import { packageVersion } from "./package-version.ts";

// A command loads what it needs when it runs, so that help, errors of usage and other commands come fast.
const program = new Command("quorumlock")
  .description("Operate distributed locks on a majority of Redis or Valkey servers")
  .version(packageVersion())
  .addCommand(execCommand())
  .addCommand(alertsCommand())
  .addCommand(topCommand())
  .addCommand(monitorCommand())
  .addCommand(benchCommand())
  .addCommand(initCommand())
  .addCommand(demoCommand());

await addCompletion(program, process.argv.slice(2));
throwInsteadOfExit(program);
endWhenOutputCloses();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Commander would end the process with code 1 for wrong usage. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride().showHelpAfterError(`(\`quorumlock ${pathOf(command)}--help\` shows the usage)`);
  for (const each of command.commands) throwInsteadOfExit(each);
}

/** `alerts check `, with a space at its end, or an empty text for the program itself. */
function pathOf(command: Command): string {
  return command.parent === null ? "" : `${pathOf(command.parent)}${command.name()} `;
}

/** Prints the error, if that has not been done. Returns the exit code. */
function report(error: unknown): number {
  // Commander has printed the help or the error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.wrongUsage;
  if (error instanceof CommandError) {
    console.error(error.message);
    return error.exitCode;
  }
  console.error(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return EXIT.internal;
}
