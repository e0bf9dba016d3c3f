import { displayName } from "../../format/name.ts";
import { formatPlural } from "../../format/count.ts";
import { circleKey, describeCircle } from "../../monitor/reports/blocked-behind.ts";
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
    const names = blocked?.circle;
    if (blocked === undefined || names === undefined) continue;
    if (name !== undefined && !names.includes(name)) continue;
    const key = circleKey(names);
    if (found.has(key)) continue;
    found.set(key, {
      subject: each,
      cause: `Processes may wait in a circle: ${describeCircle(names, (one) => displayName(one))}. If each of them waits in the task that holds the other name, ${formatPlural(blocked.blocked, "caller")} ${blocked.blocked === 1 ? "waits" : "wait"} until one gives up. The reports name processes, not tasks.`,
      remedy:
        "Look whether the waits go on. If they do, acquire these names in one order, or together as one lock.",
      commands: names.map((one) => `quorumlock inspect ${nameArgument(one)}`),
    });
  }
  return [...found.values()];
}
