import { Command } from "commander";
import type { InitOptions } from "../actions/init.ts";

/** `quorumlock init [FILE]`. */
export function initCommand(): Command {
  return new Command("init")
    .description("Write a configuration file with every key, its default and what it means; never overwrites")
    .argument("[file]", "where to write it", "quorumlock.yaml")
    .option("--instances <list>", "the servers, separated by commas: host:port or URLs")
    .action(async (file: string, options: InitOptions) => {
      const { runInit } = await import("../actions/init.ts");
      await runInit(file, options);
    });
}
