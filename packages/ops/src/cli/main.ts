#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { CommandError } from "./command-error.ts";
import { alertsCommand } from "./commands/alerts.ts";
import { demoCommand } from "./commands/demo.ts";
import { monitorCommand } from "./commands/monitor.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

// A command loads what it needs when it runs, so that help, errors of usage and other commands come fast.
const program = new Command("quorumlock")
  .description("Command line tools for quorumlock, distributed locks on a majority of Redis servers")
  .version(manifest.version)
  .addCommand(demoCommand())
  .addCommand(monitorCommand())
  .addCommand(alertsCommand());

try {
  await program.parseAsync();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(error instanceof CommandError ? message : `error: ${message}`);
  process.exitCode = error instanceof CommandError ? error.exitCode : 1;
}
