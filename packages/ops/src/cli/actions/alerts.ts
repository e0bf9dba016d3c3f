import type { Redlock } from "quorumlock";
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
import type { ClassOf } from "../../monitor/locks/class-rules.ts";
import { CommandError, EXIT } from "../command-error.ts";
import { connect } from "../connect.ts";
import type { GlobalOptions } from "../global-options.ts";
import { type Column, formatTable } from "../output/table.ts";
import { Output } from "../output/output.ts";
import { readSettings, type Settings } from "../settings/settings.ts";

export interface AlertsOptions extends GlobalOptions {
  readonly title: string;
}

/** Prints the rules and the channels. */
export async function listAlerts(options: GlobalOptions): Promise<void> {
  const output = new Output(options);
  const { rules, channels } = resolveAlertSettings((await settingsOf(options)).alerts);
  const names = channels.map(({ name }) => name);
  if (output.isJson) {
    const shown = rules.map(({ name, severity, for: forMs = 0, keep: keepMs = 0, window: windowMs }) => ({
      name,
      severity,
      forMs,
      keepMs,
      windowMs,
    }));
    output.printJson({ rules: shown, channels: names });
    return;
  }
  output.print(...tableOf(rules, output.width));
  output.print(names.length === 0 ? "No channels." : `Channels: ${names.join(", ")}.`);
}

/** Evaluates the rules now, and sets the exit code. */
export async function checkAlerts(options: GlobalOptions): Promise<void> {
  const output = new Output(options);
  const settings = await settingsOf(options);
  await using connection = await connect(settings);
  const figures = await readFigures(connection.redlock, settings.monitoring.classOf);
  const alerts = checkNow(resolveAlertSettings(settings.alerts).rules, figures);
  if (output.isJson) output.printJson({ alerts });
  else printAlerts(output, alerts);
  if (figures.classes === undefined)
    output.note("No process reports its figures, so rules about locks were not checked.");
  else output.note("Rules about counts need a window, so they were not checked. A monitor checks them.");
  process.exitCode = exitCodeOf(alerts);
}

/** Sends a test message to all channels, or to the one that is wanted. */
export async function testAlerts(wanted: string | undefined, options: AlertsOptions): Promise<void> {
  const output = new Output(options);
  const { channels } = resolveAlertSettings((await settingsOf(options)).alerts);
  const names = channels.map(({ name }) => name).join(", ");
  if (channels.length === 0)
    throw new CommandError("The configuration has no channels; set one under `alerts`", EXIT.wrongConfig);
  const chosen = channels.filter(({ name }) => wanted === undefined || name === wanted);
  if (chosen.length === 0)
    throw new CommandError(`${wanted} is not a channel; the channels are ${names}`, EXIT.wrongUsage);
  const message = testMessage({ title: options.title, monitorUrl: undefined, now: Date.now() });
  const results = await Promise.all(
    chosen.map(async (channel) => ({
      channel: channel.name,
      ...(await sendOnce(channel, message, systemClock)),
    })),
  );
  if (output.isJson) output.printJson({ results });
  else output.print(results.map(describeResult).join(" "));
  if (results.some(({ isSent }) => !isSent)) process.exitCode = 1;
}

function settingsOf(options: GlobalOptions): Promise<Settings> {
  return readSettings(options, process.env, ["alerts"]);
}

type Result = { readonly channel: string } & Awaited<ReturnType<typeof sendOnce>>;

/** "Sent to slack (200, 0.3 s)." or "Not sent to mail: 535 authentication failed." */
function describeResult(result: Result): string {
  const { channel } = result;
  if (!result.isSent) return `Not sent to ${channel}: ${result.why.replace(/\.$/, "")}.`;
  const took = `${(result.tookMs / 1_000).toFixed(1)} s`;
  return `Sent to ${channel} (${result.detail === undefined ? "" : `${result.detail}, `}${took}).`;
}

function printAlerts(output: Output, alerts: readonly AlertView[]): void {
  if (alerts.length === 0) output.print("● No alerts.");
  for (const { text, remedy } of alerts) {
    output.print(text);
    if (remedy !== undefined) output.print(`  Do this: ${remedy}.`);
  }
}

function exitCodeOf(alerts: readonly AlertView[]): number {
  if (alerts.some(({ severity }) => severity === "critical")) return 2;
  return alerts.some(({ severity }) => severity === "warning") ? 1 : 0;
}

async function readFigures(redlock: Redlock, classOf: ClassOf): Promise<AlertFigures> {
  const [health, { reports }] = await Promise.all([redlock.health(), readReports(redlock)]);
  const isReported = reports.length > 0;
  return {
    hasData: true,
    quorum: quorumFiguresOf(health),
    servers: serverFiguresOf(health),
    classes: isReported
      ? reportedClasses({ readings: reports, totals: new Map(), rows: [], classOf })
      : undefined,
    losses: [],
  };
}

const COLUMNS: readonly Column<AlertRule>[] = [
  { title: "RULE", cell: ({ name }) => name },
  { title: "SEVERITY", cell: ({ severity }) => severity },
  { title: "FOR", cell: ({ for: forMs = 0 }) => (forMs === 0 ? "at once" : formatSpan(forMs)) },
  { title: "KEEP", cell: ({ keep: keepMs = 0 }) => (keepMs === 0 ? "–" : formatSpan(keepMs)) },
  { title: "FIRES IF", cell: conditionOf, isCut: true },
];

function conditionOf({ name }: AlertRule): string {
  return BUILT_IN_RULES.find((rule) => rule.name === name)?.condition ?? "a rule of your own";
}

function tableOf(rules: readonly AlertRule[], width: number | undefined): readonly string[] {
  return formatTable(COLUMNS, rules, width);
}
