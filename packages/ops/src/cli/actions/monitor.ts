import { readFileSync } from "node:fs";
import { type MonitorToken, startMonitor } from "../../monitor/index.ts";
import { CommandError, EXIT } from "../command-error.ts";
import type { GlobalOptions } from "../global-options.ts";
import { interruption } from "../interruption.ts";
import { observedBy } from "../monitor-server.ts";
import { Output } from "../output/output.ts";
import { readSettings } from "../settings/settings.ts";

/** Options override the configuration. Tokens and host names are added to those of the configuration. */
export interface MonitorCommandOptions extends GlobalOptions {
  readonly listen?: string;
  readonly title?: string;
  readonly tokenFile?: readonly string[];
  readonly publicHost?: readonly string[];
  readonly release?: boolean;
}

/** Serves the monitor until SIGINT or SIGTERM. */
export async function runMonitor(options: MonitorCommandOptions): Promise<void> {
  using interrupted = interruption();
  const output = new Output(options);
  const settings = await readSettings(options, process.env, ["monitor", "alerts"]);
  const { monitor, monitoring } = settings;
  const starting = startMonitor({
    ...monitor,
    ...observedBy(settings),
    title: options.title ?? monitor.title,
    listen: options.listen ?? monitor.listen,
    publicHosts: [...(monitor.publicHosts ?? []), ...(options.publicHost ?? [])],
    tokens: [...monitor.tokens, ...(options.tokenFile ?? []).map(tokenOf)],
    release: options.release ?? monitor.release,
    metrics: monitoring.isEnabled,
    metricsPort: monitoring.prometheusPort,
    metricPrefix: monitoring.metricPrefix,
    alerts: settings.hasAlerts ? settings.alerts : undefined,
  });
  await using running = await starting.catch((error: unknown) => {
    throw error instanceof RangeError || error instanceof TypeError
      ? new CommandError(error.message, EXIT.wrongUsage)
      : (addressError(error) ?? error);
  });
  output.note(`The monitor runs at ${running.url}/dashboard`);
  await new Promise<void>((resolve) => {
    if (interrupted.signal.aborted) resolve();
    interrupted.signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

const WHY_NO_ADDRESS: ReadonlyMap<string, readonly [why: string, exitCode: number]> = new Map([
  ["EADDRINUSE", ["another process listens there", EXIT.busy]],
  ["EACCES", ["this user may not listen there", EXIT.refused]],
  ["EADDRNOTAVAIL", ["this machine has no such address", EXIT.wrongConfig]],
  ["ENOTFOUND", ["there is no such host", EXIT.wrongConfig]],
]);

/** The error of an address where nothing can listen. `undefined` for any other error. */
function addressError(error: unknown): CommandError | undefined {
  const {
    code = "",
    address,
    hostname,
    port,
  } = error as NodeJS.ErrnoException & {
    readonly address?: string;
    readonly hostname?: string;
    readonly port?: number;
  };
  const [why, exitCode] = WHY_NO_ADDRESS.get(code) ?? [];
  if (why === undefined || exitCode === undefined) return undefined;
  const place = `${address ?? hostname ?? "The address"}${port === undefined ? "" : `:${port}`}`;
  return new CommandError(
    `${place} cannot be used: ${why} (${code}). Set --listen, or \`prometheus_port\` for the metrics`,
    exitCode,
  );
}

function tokenOf(text: string): MonitorToken {
  const [, name, role, path] = /^([^:]+):(read|release):(.+)$/s.exec(text) ?? [];
  if (name === undefined || role === undefined || path === undefined)
    throw new CommandError(
      `--token-file: ${JSON.stringify(text)} must be name:role:path, and the role must be read or release`,
      EXIT.wrongUsage,
    );
  try {
    return { name, role: role === "release" ? "release" : "read", token: readFileSync(path, "utf8").trim() };
  } catch (error) {
    throw new CommandError(
      `--token-file: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`,
      EXIT.missingFile,
    );
  }
}
