import { Command } from "commander";
import type * as alertActions from "../actions/alerts.ts";
import { type GlobalOptions, withGlobalOptions } from "../global-options.ts";

/** `quorumlock alerts list | check | test [CHANNEL]`. */
export function alertsCommand(): Command {
  return new Command("alerts")
    .description("List the rules of alerts, check them now, or test the channels")
    .addCommand(listCommand())
    .addCommand(checkCommand())
    .addCommand(testCommand());
}

function listCommand(): Command {
  return subcommand("list", "List the rules and the channels, with the settings of the configuration").action(
    async (options: GlobalOptions) => (await actions()).listAlerts(options),
  );
}

function checkCommand(): Command {
  return subcommand(
    "check",
    "Evaluate the rules now: exit code 0, 1 for warnings, 2 for critical alerts",
  ).action(async (options: GlobalOptions) => (await actions()).checkAlerts(options));
}

function testCommand(): Command {
  return subcommand("test", "Send a test message to all channels, or to one")
    .argument("[channel]", "such as slack, webhook or mail")
    .option("--title <text>", "the name of this set of servers", "locks")
    .action(async (wanted: string | undefined, options: alertActions.AlertsOptions) =>
      (await actions()).testAlerts(wanted, options),
    );
}

function subcommand(name: string, description: string): Command {
  return withGlobalOptions(new Command(name).description(description));
}

function actions(): Promise<typeof alertActions> {
  return import("../actions/alerts.ts");
}
