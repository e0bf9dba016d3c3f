import { writeSync } from "node:fs";
import { hostname } from "node:os";
import { isatty } from "node:tty";
import { type ExecFlags, resolveExecOptions } from "../../exec/exec-options.ts";
import { ExecRun } from "../../exec/exec-run.ts";
import { findCommand } from "../../exec/find-command.ts";
import { ReportFile } from "../../exec/run-report.ts";
import { endBySignal, Signals } from "../../exec/signals.ts";
import { displayName } from "../../format/name.ts";
import { CommandError, EXIT } from "../command-error.ts";
import { connect } from "../connect.ts";
import type { GlobalOptions } from "../global-options.ts";
import { Output } from "../output/output.ts";
import { readSettings } from "../settings/settings.ts";

export interface ExecCommandOptions extends GlobalOptions, ExecFlags {}

/** As in the library. It is never longer than a tenth of the ttl, so that an extension that hangs fails before half of the lease is over. */
const STANDARD_REQUEST_TIMEOUT_MS = 500;

/**
 * Runs a command under a lock, and ends this process as the command has ended. It writes to the standard error itself: the streams of
 * Node would end this process if nobody reads them any more.
 */
export async function runExec(
  name: string,
  command: readonly string[],
  flags: ExecCommandOptions,
): Promise<void> {
  if (process.platform === "win32")
    throw new CommandError("exec needs process groups, which Windows does not have", EXIT.internal);
  const settings = await readSettings(flags);
  const rest = { isQuiet: flags.quiet, isTerminal: isatty(0) };
  const options = resolveExecOptions(name, command, flags, settings.exec, rest);
  const found = findCommand(options.command[0], process.env.PATH);
  if (found.path === undefined)
    throw new CommandError(`${displayName(options.command[0])}: ${found.why}; not run`, found.exitCode);
  const print = printer(flags);
  const signals = new Signals();
  const reportFile = options.reportFile === undefined ? undefined : new ReportFile(options.reportFile);
  const { ttlMs, waitMs } = options;
  const owner = settings.client.owner ?? `${hostname()}:${process.pid}`;
  const requestTimeoutMs = Math.min(
    settings.client.requestTimeoutMs ?? STANDARD_REQUEST_TIMEOUT_MS,
    ttlMs / 10,
  );
  await using connection = await connect({
    ...settings,
    client: { ...settings.client, owner, requestTimeoutMs },
    lockDefaults: { ttlMs, waitMs },
  });
  const run = new ExecRun(options, {
    redlock: connection.redlock,
    prefix: settings.prefix,
    servers: settings.servers.length,
    owner,
    environment: process.env,
    signals,
    print,
  });
  const end = await run.run();
  await connection.close();
  const problem = reportFile?.write(end.report);
  if (problem !== undefined) print(`${displayName(name)}: the report was not written: ${problem}`);
  signals[Symbol.dispose]();
  process.exitCode = end.report.exitCode;
  if (end.dieBy !== undefined) endBySignal(end.dieBy);
}

/**
 * Prints one line to the standard error. If it is closed, the line is lost, and nothing else. It is written at once, because the process may
 * end by a signal.
 */
function printer(flags: GlobalOptions): (line: string) => void {
  return (line) => {
    try {
      writeSync(2, `${new Output(flags).plain(line)}\n`);
    } catch {
      // Nobody reads it.
    }
  };
}
