import { displayName } from "../../format/name.ts";
import type { Output } from "../output/output.ts";
import { lastRunRows } from "./held-lines.ts";
import type { Inspected } from "./inspect-name.ts";

/** The lines about a name of which no server has a key. */
export function freeLines(inspected: Inspected, output: Output): readonly string[] {
  const { name, servers, unanswered, similar, next, hasQuorum, lastRun } = inspected;
  const answered = servers.length - unanswered.length;
  const where =
    unanswered.length === 0
      ? "on any server"
      : `on the ${answered} of ${servers.length} servers that answered`;
  const names = similar.map((each) => displayName(each)).join(", ");
  const hint = similar.length === 0 ? "" : ` Names in use that look alike: ${names}.`;
  const doubt = hasQuorum ? "" : ` ${next}`;
  return [`No lock “${displayName(name)}” ${where}.${doubt}${hint}`, ...lastRunRows(lastRun, output)];
}
