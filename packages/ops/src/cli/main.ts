#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { addCompletion, isCompleting } from "./completion.ts";
import { CommandError, EXIT } from "./command-error.ts";
import { alertsCommand } from "./commands/alerts.ts";
import { backupCommand } from "./commands/backup.ts";
import { benchCommand } from "./commands/bench.ts";
import { demoCommand } from "./commands/demo.ts";
import { diagnoseCommand } from "./commands/diagnose.ts";
import { execCommand } from "./commands/exec.ts";
import { initCommand } from "./commands/init.ts";
import { healthCommand } from "./commands/health.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { listCommand } from "./commands/list.ts";
import { monitorCommand } from "./commands/monitor.ts";
import { restoreCommand } from "./commands/restore.ts";
import { topCommand } from "./commands/top.ts";
import { unlockCommand } from "./commands/unlock.ts";
import { endByHangup, exitCodeOf } from "./interruption.ts";
import { endWhenOutputCloses } from "./output/output.ts";
import { packageVersion } from "../package-version.ts";

// A command loads what it needs when it runs, so that help, errors of usage and other commands come fast.
const program = new Command("quorumlock")
  .description("Operate distributed locks on a majority of Redis or Valkey servers")
  .version(packageVersion())
  .commandsGroup("Run under a lock:")
  .addCommand(execCommand())
  .commandsGroup("Look:")
  .addCommand(healthCommand())
  .addCommand(listCommand())
  .addCommand(inspectCommand())
  .addCommand(topCommand())
  .addCommand(diagnoseCommand())
  .addCommand(alertsCommand())
  .commandsGroup("Act:")
  .addCommand(unlockCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .commandsGroup("Serve and set up:")
  .addCommand(monitorCommand())
  .addCommand(initCommand())
  .addCommand(benchCommand())
  .addCommand(demoCommand());

await addCompletion(program, process.argv.slice(2));
throwInsteadOfExit(program);
endWhenOutputCloses();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
// A connection that is still open would keep the shell waiting.
if (isCompleting(process.argv.slice(2))) process.stdout.write("", () => process.exit());

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
  const interruptionCode = exitCodeOf(error);
  if (interruptionCode !== undefined) {
    endByHangup(error);
    if (interruptionCode !== 0) console.error("Interrupted.");
    return interruptionCode;
  }
  console.error(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return EXIT.internal;
}
