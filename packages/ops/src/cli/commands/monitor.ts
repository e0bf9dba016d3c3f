import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import type { MonitorToken } from "../../monitor/index.ts";
import { interruption } from "../interruption.ts";

interface MonitorCommandOptions {
  readonly instances: readonly string[];
  readonly listen: string;
  readonly prefix: string;
  readonly title: string;
  readonly tokenFile: readonly MonitorToken[];
  readonly publicHost: readonly string[];
  readonly release: boolean;
  readonly config?: string;
}

/** `quorumlock monitor`. Runs until SIGINT or SIGTERM. */
export function monitorCommand(): Command {
  return new Command("monitor")
    .description("Serve a page that shows the servers and the locks, and can release locks")
    .requiredOption(
      "--instances <list>",
      "the servers, separated by commas: host:port or URLs",
      parseInstances,
    )
    .option("--listen <host:port>", "where to listen", "127.0.0.1:5000")
    .option("--prefix <text>", "the prefix of the keys", "lock:")
    .option("--title <text>", "the name of this set of servers", "locks")
    .option(
      "--public-host <host>",
      "a host name under which browsers reach the monitor; can be repeated",
      addHost,
      [],
    )
    .option(
      "--token-file <name:role:path>",
      "a file with a token, for example anna:release:/run/secrets/anna; can be repeated",
      addToken,
      [],
    )
    .option("--release", "let tokens of the role `release` release locks", false)
    .option("--config <file>", "the configuration file; its part `alerts` sets the alerts")
    .action(async ({ tokenFile, publicHost, config, ...options }: MonitorCommandOptions) => {
      using interrupted = interruption();
      const { readAlertSettings } = await import("../config/read-alert-settings.ts");
      const { startMonitor } = await import("../../monitor/index.ts");
      const { file, settings } = await readAlertSettings(config);
      await using monitor = await startMonitor({
        ...options,
        tokens: tokenFile,
        publicHosts: publicHost,
        alerts: file?.value.alerts === undefined ? undefined : settings,
      });
      console.error(`The monitor runs at ${monitor.url}/dashboard`);
      await new Promise<void>((resolve) => {
        if (interrupted.signal.aborted) resolve();
        interrupted.signal.addEventListener("abort", () => resolve(), { once: true });
      });
    });
}

function parseInstances(text: string): readonly string[] {
  return text.split(",").map((part) => {
    const server = part.trim();
    return server.includes("://") ? server : `redis://${server}`;
  });
}

function addHost(host: string, hosts: readonly string[]): readonly string[] {
  return [...hosts, host];
}

function addToken(text: string, tokens: readonly MonitorToken[]): readonly MonitorToken[] {
  const [, name, role, path] = /^([^:]+):(read|release):(.+)$/s.exec(text) ?? [];
  if (name === undefined || role === undefined || path === undefined)
    throw new InvalidArgumentError("It must be name:role:path, and the role must be read or release.");
  let token: string;
  try {
    token = readFileSync(path, "utf8").trim();
  } catch (error) {
    throw new InvalidArgumentError(
      `The file cannot be read: ${error instanceof Error ? error.message : path}`,
    );
  }
  return [...tokens, { name, role: role === "release" ? "release" : "read", token }];
}
