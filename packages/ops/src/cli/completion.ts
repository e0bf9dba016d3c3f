import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";

/** The commands whose argument is the name of a lock. */
const COMMANDS_WITH_NAME = ["inspect", "unlock", "diagnose", "exec"];
/** A shell waits for the names, so they come in this time or not at all. */
const NAMES_WITHIN_MS = 300;
const MAX_NAMES = 200;

/** Whether the command completes for a shell, which waits for its end. */
export function isCompleting([verb]: readonly string[]): boolean {
  return verb === "complete";
}

/** Adds `completion bash|zsh|fish|powershell`, and the hidden command `complete` that the scripts of the shells call. */
export async function addCompletion(program: Command, args: readonly string[]): Promise<void> {
  const completion = tab(program, { completionCommandName: "completion" });
  const [verb, , command = ""] = args;
  if (verb !== "complete" || !COMMANDS_WITH_NAME.includes(command)) return;
  const names = await reportedNames();
  completion.commands.get(command)?.argument("name", (complete) => {
    for (const name of names) complete(name, "");
  });
}

/**
 * The names that processes report. Empty if the servers do not answer soon, because a shell must not wait or show an error. A configuration
 * in the present directory is not read: a Tab must not connect to servers that somebody else has named there.
 */
async function reportedNames(): Promise<readonly string[]> {
  const { setTimeout: sleep } = await import("node:timers/promises");
  // Before the time limit, which is for the servers.
  const { findConfigFile } = await import("./config/find-config-file.ts");
  const { connect } = await import("./connect.ts");
  const { readSettings } = await import("./settings/settings.ts");
  const { readReports } = await import("quorumlock/observe");
  const read = async (): Promise<readonly string[]> => {
    const config = findConfigFile(undefined, { inPresentDirectory: false }) ?? false;
    const settings = await readSettings({ config, timeout: NAMES_WITHIN_MS });
    await using connection = await connect(settings);
    const { reports } = await readReports(connection.redlock);
    const names = reports.flatMap(({ report }) => report.holds.flatMap((hold) => hold.names));
    return [...new Set(names)].filter((name) => /^[^\s\p{C}"'\\]+$/u.test(name)).slice(0, MAX_NAMES);
  };
  return Promise.race([read(), sleep(NAMES_WITHIN_MS, [], { ref: false })]).catch(() => []);
}
