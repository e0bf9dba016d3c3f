import type { AlertSettings } from "../../alerts/index.ts";
import { Checker } from "../../config/checker.ts";
import { ConfigError } from "../../config/problem.ts";
import { CommandError, EXIT } from "../command-error.ts";
import { ConfigFile } from "../config/config-file.ts";
import { findConfigFile } from "../config/find-config-file.ts";
import { DEFAULT_TIMEOUT_MS, type GlobalOptions } from "../global-options.ts";
import {
  checkMonitor,
  checkMonitoring,
  type MonitoringSettings,
  type MonitorSettings,
} from "./monitor-section.ts";
import {
  checkClient,
  checkExec,
  checkLockDefaults,
  type ClientSettings,
  type ExecSettings,
  type LockDefaults,
} from "./sections.ts";
import { checkServers, type ServerSettings } from "./servers.ts";

/** Everything that the commands take from their options, the environment and the configuration file, in this order. */
export interface Settings {
  /** Empty if none are set. */
  readonly servers: readonly ServerSettings[];
  readonly prefix: string;
  /** How long a server may take for its answer, ms. */
  readonly timeoutMs: number;
  readonly lockDefaults: LockDefaults;
  readonly client: ClientSettings;
  readonly exec: ExecSettings;
  readonly monitor: MonitorSettings;
  readonly monitoring: MonitoringSettings;
  readonly alerts: AlertSettings;
  /** Whether the file has a part `alerts`. */
  readonly hasAlerts: boolean;
  /** The path of the file. `undefined` without one. */
  readonly file: string | undefined;
}

export const CONFIG_KEYS = [
  "redis_instances",
  "prefix",
  "lock_defaults",
  "client",
  "exec",
  "monitor",
  "monitor_tokens",
  "monitoring",
  "alerts",
];

type Environment = Readonly<Record<string, string | undefined>>;

/** The parts whose files with secrets are read. The passwords of the servers always are. */
export type SecretPart = "monitor" | "alerts";

/** The options that are settings. `config: false` reads no file. */
export type SettingsOptions = Pick<GlobalOptions, "instances" | "prefix" | "timeout"> & {
  readonly config?: string | false;
};

/**
 * Checks the form of everything. The secrets and modules of the monitor and the alerts are read only where they are needed, because users of
 * other commands may not be allowed to.
 * @throws CommandError with all problems at once, and their places in the file.
 */
export async function readSettings(
  { config, instances, prefix, timeout }: SettingsOptions,
  environment: Environment = process.env,
  secretsOf: readonly SecretPart[] = [],
): Promise<Settings> {
  const path = config === false ? undefined : findConfigFile(config);
  const file = path === undefined ? undefined : new ConfigFile(path, environment);
  const fromOptions = await serversFromOptions(instances, environment);
  const read = async (): Promise<Settings> => {
    const checker = new Checker();
    const directory = file?.directory ?? ".";
    const monitorChecker = new Checker({
      problems: checker.problems,
      isFormOnly: !secretsOf.includes("monitor"),
    });
    const fields = checker.object([], file?.value ?? {}, CONFIG_KEYS);
    const password = environment.QUORUMLOCK_PASSWORD || undefined;
    const servers = await checkServers(["redis_instances"], fields.redis_instances, {
      checker,
      directory,
      password,
    });
    const settings = {
      servers: fromOptions ?? servers,
      prefix: prefix ?? checker.anyText(["prefix"], fields.prefix) ?? "lock:",
      timeoutMs: timeout ?? DEFAULT_TIMEOUT_MS,
      lockDefaults: checkLockDefaults(checker, ["lock_defaults"], fields.lock_defaults),
      client: withTimeout(checkClient(checker, ["client"], fields.client), timeout),
      exec: checkExec(checker, ["exec"], fields.exec),
      monitor: await checkMonitor(monitorChecker, fields.monitor, fields.monitor_tokens, directory),
      monitoring: checkMonitoring(checker, fields.monitoring),
      alerts: await readAlerts(checker, fields.alerts, directory, !secretsOf.includes("alerts")),
      hasAlerts: fields.alerts !== undefined && fields.alerts !== null,
      file: path,
    };
    if (checker.problems.length > 0) throw new ConfigError(checker.problems);
    return settings;
  };
  return file === undefined ? read() : file.check(read);
}

/** @throws CommandError if no servers are set. */
export function requireServers({ servers, file }: Settings): readonly ServerSettings[] {
  if (servers.length > 0) return servers;
  const place = file === undefined ? "the configuration file" : file;
  throw new CommandError(
    `No servers; set --instances, QUORUMLOCK_INSTANCES, or \`redis_instances\` in ${place}. \`quorumlock init\` writes a file to begin with`,
    EXIT.wrongConfig,
  );
}

/** The servers of `--instances`, otherwise of the environment. `undefined` if both are not set. */
async function serversFromOptions(
  option: string | undefined,
  environment: Environment,
): Promise<readonly ServerSettings[] | undefined> {
  const [source, list] =
    option === undefined || option === ""
      ? ["QUORUMLOCK_INSTANCES", environment.QUORUMLOCK_INSTANCES]
      : ["--instances", option];
  if (list === undefined || list === "") return undefined;
  const checker = new Checker();
  const password = environment.QUORUMLOCK_PASSWORD || undefined;
  const servers = await checkServers([source], list.split(","), { checker, directory: ".", password });
  if (checker.problems.length === 0) return servers;
  const code = source === "--instances" ? EXIT.wrongUsage : EXIT.wrongConfig;
  const lines = checker.problems.map(({ message }) => message);
  if (list.includes("@") && servers.length < list.split(",").length)
    lines.push("A comma separates servers; in a password, write it as %2C");
  throw new CommandError(lines.join("\n"), code);
}

/** A `--timeout` that was given limits the requests, whatever the file says. */
function withTimeout(client: ClientSettings, timeoutMs: number | undefined): ClientSettings {
  const { requestTimeoutMs } = client;
  if (timeoutMs === undefined || requestTimeoutMs === undefined) return client;
  return { ...client, requestTimeoutMs: Math.min(requestTimeoutMs, timeoutMs) };
}

/** Commands load the alerts only if the file has them. */
async function readAlerts(
  checker: Checker,
  value: unknown,
  directory: string,
  isFormOnly: boolean,
): Promise<AlertSettings> {
  if (value === undefined || value === null) return {};
  const { readAlertsConfig } = await import("../../alerts/index.ts");
  try {
    return await readAlertsConfig(value, directory, { isFormOnly });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    checker.problems.push(...error.problems);
    return {};
  }
}
