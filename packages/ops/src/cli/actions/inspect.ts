import { CommandError, EXIT } from "../command-error.ts";
import { connect } from "../connect.ts";
import type { GlobalOptions } from "../global-options.ts";
import { freeLines } from "../inspection/free-lines.ts";
import { heldLines } from "../inspection/held-lines.ts";
import { type Inspected, inspectedJson, inspectName } from "../inspection/inspect-name.ts";
import { isReadableName } from "../../monitor/locks/lock-index.ts";
import { Output } from "../output/output.ts";
import { readSettings } from "../settings/settings.ts";

/** Shows one lock, read from all servers, and sets the exit code. */
export async function inspectLock(name: string, options: GlobalOptions): Promise<void> {
  const output = new Output(options);
  if (!isReadableName(name))
    throw new CommandError(
      `${JSON.stringify(name.slice(0, 80))} cannot be the name of a lock; it must have 1 to 1024 characters and not begin with ~`,
      EXIT.wrongUsage,
    );
  const settings = await readSettings(options);
  await using connection = await connect(settings, { isOneShot: true });
  const inspected = await inspectName(connection, name, settings.prefix, settings.monitoring.classOf);
  process.exitCode = exitCodeOf(inspected);
  if (output.isJson) output.printJson(inspectedJson(inspected));
  else if (inspected.reading.entry.holderCount > 0) output.printLines(heldLines(inspected, output));
  else output.printLines(freeLines(inspected, output));
  for (const { label, failure } of inspected.unanswered) output.note(`${label} did not answer: ${failure}`);
}

/** 0: held. 1: not held. 69: too few servers answer to know. */
function exitCodeOf({ reading, hasQuorum }: Inspected): number {
  const { state } = reading.view;
  if (state === "uncertain" || (!hasQuorum && reading.entry.holderCount === 0)) return EXIT.noQuorum;
  return state === "minority" ? 1 : 0;
}
