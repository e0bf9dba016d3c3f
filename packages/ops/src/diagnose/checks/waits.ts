import { displayName, displayText } from "../../format/name.ts";
import { formatPlural } from "../../format/count.ts";
import type { Check } from "../check.ts";
import type { Facts } from "../facts.ts";
import type { Problem } from "../finding.ts";
import { nameArgument } from "../shell-quote.ts";

export const WAIT_CHECKS: readonly Check[] = [{ code: "QL208", find: circles }];

function circles({ reports, name }: Facts): ReturnType<Check["find"]> {
  if (reports.locks.readings.length === 0) return { unchecked: "no process reports" };
  const found = new Map<string, Problem>();
  for (const each of reports.locks.waitedNames) {
    const blocked = reports.blocked(each);
    const circle = blocked?.deadlock;
    if (blocked === undefined || circle === undefined) continue;
    const names = circle.split(" → ").slice(0, -1);
    if (name !== undefined && !names.includes(name)) continue;
    // The same circle is found from each of its names.
    const key = names.toSorted().join("\n");
    if (found.has(key)) continue;
    found.set(key, {
      subject: each,
      cause: `Processes wait in a circle: ${displayText(circle)}. ${formatPlural(blocked.blocked, "caller")} will wait until one gives up.`,
      remedy: `Acquire these names in one order, or together as one lock. To end it now, release one, such as ${displayName(each)}.`,
      commands: [`quorumlock unlock ${nameArgument(each)}`],
    });
  }
  return [...found.values()];
}
