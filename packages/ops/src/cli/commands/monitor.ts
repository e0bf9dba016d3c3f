import { Command } from "commander";
import type { MonitorCommandOptions } from "../actions/monitor.ts";
import { withGlobalOptions } from "../global-options.ts";

/** `quorumlock monitor`. Runs until SIGINT or SIGTERM. */
export function monitorCommand(): Command {
  const command = new Command("monitor")
    .description("Serve a page that shows the servers and the locks, and can release locks")
    .option("--listen <host:port>", "where to listen (default: 127.0.0.1:5000)")
    .option("--title <text>", "the name of this set of servers (default: locks)")
    .option(
      "--public-host <host>",
      "a host name under which browsers reach the monitor; can be repeated",
      append,
    )
    .option(
      "--token-file <name:role:path>",
      "a file with a token, for example anna:release:/run/secrets/anna; can be repeated",
      append,
    )
    .option("--release", "let tokens of the role `release` release locks");
  return withGlobalOptions(command, ["timeout"]).action(async (options: MonitorCommandOptions) => {
    const { runMonitor } = await import("../actions/monitor.ts");
    await runMonitor(options);
  });
}

function append(text: string, list: readonly string[] = []): readonly string[] {
  return [...list, text];
}
