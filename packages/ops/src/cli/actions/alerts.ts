import { Redlock } from "quorumlock";
import { readReports } from "quorumlock/observe";
import { sendOnce } from "../../alerts/channels/delivery.ts";
import { checkNow } from "../../alerts/check-now.ts";
import { systemClock } from "../../alerts/clock.ts";
import { resolveAlertSettings } from "../../alerts/config/alert-settings.ts";
import type { AlertFigures } from "../../alerts/figures/alert-figures.ts";
import { quorumFiguresOf, serverFiguresOf } from "../../alerts/figures/health-figures.ts";
import type { AlertRule, AlertView } from "../../alerts/index.ts";
import { testMessage } from "../../alerts/message.ts";
import { BUILT_IN_RULES } from "../../alerts/rules/built-in-rules.ts";
import { formatSpan } from "../../alerts/texts.ts";
import { reportedClasses } from "../../monitor/alerting/reported-classes.ts";
import { CommandError, EXIT } from "../command-error.ts";
import { instancesOf } from "../config/instances.ts";
import { readAlertSettings } from "../config/read-alert-settings.ts";

export interface AlertsOptions {
  readonly config?: string;
  readonly title: string;
  readonly instances?: string;
  readonly prefix?: string;
  readonly json: boolean;
}

const SCHEMA = 1;
const CHECK_TIMEOUT_MS = 1_000;

/** Prints the rules and the channels. */
export async function listAlerts({ config, json }: AlertsOptions): Promise<void> {
  const { rules, channels } = resolveAlertSettings((await readAlertSettings(config)).settings);
  const names = channels.map(({ name }) => name);
  if (json) {
    const shown = rules.map(({ name, severity, for: forMs = 0, keep: keepMs = 0, window: windowMs }) => ({
      name,
      severity,
      forMs,
      keepMs,
      windowMs,
    }));
    console.log(JSON.stringify({ schema: SCHEMA, rules: shown, channels: names }));
    return;
  }
  for (const row of tableOf(rules)) console.log(row);
  console.log(names.length === 0 ? "No channels." : `Channels: ${names.join(", ")}.`);
}

/** Evaluates the rules now, and sets the exit code. */
export async function checkAlerts({ config, instances, prefix, json }: AlertsOptions): Promise<void> {
  const { file, settings } = await readAlertSettings(config);
  const servers = instancesOf(instances ?? process.env.QUORUMLOCK_INSTANCES, file?.value.redis_instances);
  const fromFile = file?.value.prefix;
  const figures = await readFigures(servers, prefix ?? (typeof fromFile === "string" ? fromFile : undefined));
  const alerts = checkNow(resolveAlertSettings(settings).rules, figures);
  if (json) console.log(JSON.stringify({ schema: SCHEMA, alerts }));
  else printAlerts(alerts);
  if (figures.classes === undefined)
    console.error("No process reports its figures, so rules about locks were not checked.");
  else console.error("Rules about counts need a window, so they were not checked. A monitor checks them.");
  process.exitCode = exitCodeOf(alerts);
}

/** Sends a test message to all channels, or to the one that is wanted. */
export async function testAlerts(
  wanted: string | undefined,
  { config, title, json }: AlertsOptions,
): Promise<void> {
  const { channels } = resolveAlertSettings((await readAlertSettings(config)).settings);
  const names = channels.map(({ name }) => name).join(", ");
  if (channels.length === 0)
    throw new CommandError("The configuration has no channels; set one under `alerts`", EXIT.wrongConfig);
  const chosen = channels.filter(({ name }) => wanted === undefined || name === wanted);
  if (chosen.length === 0)
    throw new CommandError(`${wanted} is not a channel; the channels are ${names}`, EXIT.wrongUsage);
  const message = testMessage({ title, monitorUrl: undefined, now: Date.now() });
  const results = await Promise.all(
    chosen.map(async (channel) => ({
      channel: channel.name,
      ...(await sendOnce(channel, message, systemClock)),
    })),
  );
  if (json) console.log(JSON.stringify({ schema: SCHEMA, results }));
  else console.log(results.map(describeResult).join(" "));
  if (results.some(({ isSent }) => !isSent)) process.exitCode = 1;
}

type Result = { readonly channel: string } & Awaited<ReturnType<typeof sendOnce>>;

/** "Sent to slack (200, 0.3 s)." or "Not sent to mail: 535 authentication failed." */
function describeResult(result: Result): string {
  const { channel } = result;
  if (!result.isSent) return `Not sent to ${channel}: ${result.why.replace(/\.$/, "")}.`;
  const took = `${(result.tookMs / 1_000).toFixed(1)} s`;
  return `Sent to ${channel} (${result.detail === undefined ? "" : `${result.detail}, `}${took}).`;
}

function printAlerts(alerts: readonly AlertView[]): void {
  if (alerts.length === 0) console.log("● No alerts.");
  for (const { text, remedy } of alerts) {
    console.log(text);
    if (remedy !== undefined) console.log(`  Do this: ${remedy}.`);
  }
}

function exitCodeOf(alerts: readonly AlertView[]): number {
  if (alerts.some(({ severity }) => severity === "critical")) return 2;
  return alerts.some(({ severity }) => severity === "warning") ? 1 : 0;
}

async function readFigures(instances: readonly string[], prefix: string | undefined): Promise<AlertFigures> {
  const redlock = new Redlock([...instances], { prefix, requestTimeout: CHECK_TIMEOUT_MS });
  try {
    const [health, { reports }] = await Promise.all([redlock.health(), readReports(redlock)]);
    const isReported = reports.length > 0;
    return {
      hasData: true,
      quorum: quorumFiguresOf(health),
      servers: serverFiguresOf(health),
      classes: isReported ? reportedClasses({ readings: reports, totals: new Map(), rows: [] }) : undefined,
      losses: [],
    };
  } finally {
    await redlock.close();
  }
}

function tableOf(rules: readonly AlertRule[]): readonly string[] {
  const rows = rules.map(({ name, severity, for: forMs = 0, keep: keepMs = 0 }) => [
    name,
    severity,
    forMs === 0 ? "at once" : formatSpan(forMs),
    keepMs === 0 ? "–" : formatSpan(keepMs),
    BUILT_IN_RULES.find((rule) => rule.name === name)?.condition ?? "a rule of your own",
  ]);
  const all = [["RULE", "SEVERITY", "FOR", "KEEP", "FIRES IF"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
}
