import type { RedisOptions } from "ioredis";
import type { RedlockOptions } from "quorumlock";
import { resourceClassOf } from "quorumlock/observe";
import type { AlertSettings } from "../alerts/config/alert-settings.ts";
import { type AlertRules, alertRulesOf } from "./alerting/alert-rules.ts";
import { type ListenAddress, parseListenAddress } from "./http/listen-address.ts";
import { MAX_CLASSES, METRIC_PREFIX, MIN_TOKEN_LENGTH, TOKEN_NAME } from "./limits.ts";
import type { ClassOf } from "./locks/class-rules.ts";

/** Options of ioredis. The monitor reads replies in their usual form. */
export type ConnectionOptions = Omit<RedisOptions, "replyMapping">;

/** One configured server. */
export interface MonitorServer {
  /** Such as `redis://redis-a:6379`. `rediss://` uses TLS. */
  readonly url: string;
  /** How pages and metrics name it. @default `host:port` */
  readonly label?: string | undefined;
  /** More options of ioredis, for example `{ tls: { ca } }`. */
  readonly redis?: ConnectionOptions | undefined;
}

/** Who may use the monitor. */
export interface MonitorToken {
  /** The name in pages and in the audit, for example `anna`. */
  readonly name: string;
  /** `release` may read, too. */
  readonly role: "read" | "release";
  /** The secret, at least 16 characters. */
  readonly token: string;
}

export interface MonitorOptions {
  /** The servers, in the same order as the applications list them. A string is a URL. */
  readonly instances: readonly (string | MonitorServer)[];
  /** The prefix of the applications. @default "lock:" */
  readonly prefix?: string | undefined;
  /** The name of the set of servers, at the top of the page. @default "locks" */
  readonly title?: string | undefined;
  /** `host:port`. Port 0 takes a free port. @default "127.0.0.1:5000" */
  readonly listen?: string | undefined;
  /** Host names, besides those of loopback, under which browsers may reach the monitor, for example behind a proxy. @default [] */
  readonly publicHosts?: readonly string[] | undefined;
  /** Needed for releases, and beyond loopback for everything but `/health`. @default [] */
  readonly tokens?: readonly MonitorToken[] | undefined;
  /** Whether the page can release locks. @default false */
  readonly release?: boolean | undefined;
  /** Serves HTTPS with this certificate and key, both PEM. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Options of the monitor's own client, for example the `restartGuard` of the applications. */
  readonly redlock?: Pick<RedlockOptions, "ttl" | "restartGuard" | "strict" | "driftFactor"> | undefined;
  /** Settings of the built-in alerts (docs/alerts.md): channels, rules, times. Or rules that replace them. @default no alerts */
  readonly alerts?: AlertSettings | AlertRules | undefined;
  /** Time between two probes of a server, ms. From 100 to 60_000. @default 1_000 */
  readonly probeInterval?: number | undefined;
  /** How many events are kept. @default 5_000 */
  readonly keepEvents?: number | undefined;
  /** How many browsers may follow the stream at a time. @default 50 */
  readonly maxBrowsers?: number | undefined;
  /** How many names the list keeps. @default 100_000 */
  readonly maxNames?: number | undefined;
  /** From the name of a lock to its class, the same as `classOf` of the `LockStats` of the processes. @default `resourceClassOf` */
  readonly classOf?: ClassOf | undefined;
  /** Of how many classes the monitor keeps figures. All others count as `other`. From 1 to 10_000. @default 200 */
  readonly maxClasses?: number | undefined;
  /** Whether there are metrics. @default true */
  readonly metrics?: boolean | undefined;
  /** A port of 127.0.0.1 that serves `/metrics` without a token, besides the monitor's own. @default none */
  readonly metricsPort?: number | undefined;
  /** The prefix of the names of metrics. @default "redlock" */
  readonly metricPrefix?: string | undefined;
  /** The directory with the files of the page. @default those of this package */
  readonly dashboard?: string | undefined;
  /** Gets each line of the log, which is one JSON object. @default writes to the standard output */
  readonly log?: ((line: string) => void) | undefined;
}

/** The options, checked and complete. */
export interface ResolvedMonitorOptions {
  readonly servers: readonly MonitorServer[];
  readonly prefix: string;
  readonly title: string;
  readonly listen: ListenAddress;
  readonly publicHosts: readonly string[];
  readonly tokens: readonly MonitorToken[];
  readonly release: boolean;
  readonly tls: MonitorOptions["tls"];
  readonly redlock: NonNullable<MonitorOptions["redlock"]>;
  readonly alerts: AlertRules | undefined;
  readonly probeIntervalMs: number;
  readonly keepEvents: number;
  readonly maxBrowsers: number;
  readonly maxNames: number;
  readonly classOf: ClassOf;
  readonly maxClasses: number;
  readonly metrics: boolean;
  readonly metricsPort: number | undefined;
  readonly metricPrefix: string;
  readonly dashboard: string | undefined;
  readonly log: (line: string) => void;
}

const MAX_PORT = 65_535;

/** @throws TypeError, RangeError with the field and the value. No message shows a token or a password. */
export function resolveMonitorOptions(options: MonitorOptions): ResolvedMonitorOptions {
  const listen = parseListenAddress(options.listen ?? "127.0.0.1:5000");
  const tokens = options.tokens ?? [];
  tokens.forEach(checkToken);
  if (!listen.isLoopback && tokens.length === 0) {
    throw new RangeError(
      `listen: ${JSON.stringify(options.listen)} is beyond loopback and needs tokens; add one, or listen on 127.0.0.1`,
    );
  }
  if (options.release === true && !tokens.some(({ role }) => role === "release"))
    throw new RangeError("release: no token has the role `release`; add one, or leave `release` off");
  const metricPrefix = options.metricPrefix ?? "redlock";
  if (!METRIC_PREFIX.test(metricPrefix))
    throw new RangeError(`metricPrefix: ${JSON.stringify(metricPrefix)} must be letters, digits and "_"`);
  return {
    servers: options.instances.map((each) => (typeof each === "string" ? { url: each } : each)),
    prefix: options.prefix ?? "lock:",
    title: options.title ?? "locks",
    listen,
    publicHosts: (options.publicHosts ?? []).map((host) => host.toLowerCase()),
    tokens,
    release: options.release ?? false,
    tls: options.tls,
    redlock: options.redlock ?? {},
    alerts: alertRulesOf(options.alerts, options.title ?? "locks"),
    probeIntervalMs: checkCount("probeInterval", options.probeInterval ?? 1_000, 100, 60_000),
    keepEvents: checkCount("keepEvents", options.keepEvents ?? 5_000, 1, 1_000_000),
    maxBrowsers: checkCount("maxBrowsers", options.maxBrowsers ?? 50, 1, 10_000),
    maxNames: checkCount("maxNames", options.maxNames ?? 100_000, 1, 1_000_000),
    classOf: options.classOf ?? resourceClassOf,
    maxClasses: checkCount("maxClasses", options.maxClasses ?? 200, 1, MAX_CLASSES),
    metrics: options.metrics ?? true,
    metricsPort:
      options.metricsPort === undefined
        ? undefined
        : checkCount("metricsPort", options.metricsPort, 0, MAX_PORT),
    metricPrefix,
    dashboard: options.dashboard,
    log: options.log ?? ((line) => process.stdout.write(`${line}\n`)),
  };
}

function checkToken({ name, role, token }: MonitorToken, index: number): void {
  const field = `tokens[${index}]`;
  if (!TOKEN_NAME.test(name))
    throw new RangeError(`${field}.name: ${JSON.stringify(name)} must be 1 to 64 printable characters`);
  if (role !== "read" && role !== "release")
    throw new RangeError(`${field}.role: ${JSON.stringify(role)} must be "read" or "release"`);
  if (token.length < MIN_TOKEN_LENGTH)
    throw new RangeError(
      `${field}.token: the token of ${name} has ${token.length} characters and needs at least ${MIN_TOKEN_LENGTH}`,
    );
}

function checkCount(field: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${field}: ${value} must be a whole number from ${min} to ${max}`);
}
