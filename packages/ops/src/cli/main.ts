#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { demoCommand } from "./commands/demo.ts";
import { monitorCommand } from "./commands/monitor.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

const program = new Command("quorumlock")
  .description("Command line tools for quorumlock, distributed locks on a majority of Redis servers")
  .version(manifest.version)
  .addCommand(demoCommand())
  .addCommand(monitorCommand());

try {
  await program.parseAsync();
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
