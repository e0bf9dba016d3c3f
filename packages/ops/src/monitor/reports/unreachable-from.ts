import type { ServerView } from "../api.ts";
import type { ReportReading } from "./report-reading.ts";

/** How many processes say that they cannot reach a server. `undefined` if all can. */
export function unreachableFrom(
  readings: readonly ReportReading[],
  label: string,
  runId: string | undefined,
): ServerView["unreachableFrom"] {
  let processes = 0;
  for (const { report } of readings) {
    // Processes may reach the same server under another name.
    const server = report.client.servers.find(
      (each) => each.label === label || (each.runId !== undefined && runId?.startsWith(each.runId) === true),
    );
    if (server?.isAnswering === false) processes += 1;
  }
  return processes === 0 ? undefined : { processes, of: readings.length };
}
