import type { AlertFigures } from "../figures/alert-figures.ts";
import { DEFAULT_WINDOW_MS } from "../rule.ts";
import type { Alert } from "./alert.ts";
import { SLOT_MS } from "./counter-windows.ts";

const QUORUM_LOST = "quorum_lost";

/** The rules that a firing rule hides, because it says the same and more. */
const HIDDEN_BY: readonly (readonly [rule: string, hidden: readonly string[]])[] = [
  [QUORUM_LOST, ["no_spare", "server_down", "high_failure_rate", "long_wait", "extensions_fail"]],
  ["no_spare", ["server_down", "quarantined"]],
];

/**
 * Decides which alerts are hidden. Hidden alerts stay in lists and logs, but channels get no message about them. `no_spare` hides only
 * alerts of servers that do not vote, because its text names these.
 *
 * The counts of the time without a quorum stay in the windows for a while. An alert about counts that `quorum_lost` hid stays hidden as
 * long: otherwise a message about failures would come after the one that locks work again.
 */
export function hideAlerts(alerts: Iterable<Alert>, { servers }: AlertFigures, now: number): void {
  const list = [...alerts];
  // While nothing is known about the servers, all of them count as silent.
  const silent = servers && new Set(servers.filter(({ isVoting }) => !isVoting).map(({ label }) => label));
  const firing = new Set(list.filter(({ state }) => state === "firing").map(({ rule }) => rule.name));
  for (const alert of list) {
    const [found] =
      HIDDEN_BY.find(
        ([name, hidden]) =>
          firing.has(name) &&
          hidden.includes(alert.rule.name) &&
          (name !== "no_spare" || silent?.has(alert.labels.server ?? "") !== false),
      ) ?? [];
    if (alert.state !== "resolved")
      alert.hiddenBy = found ?? (isAftermath(alert, list, now) ? QUORUM_LOST : undefined);
  }
}

/** Whether the windows of the rule still have counts of the time without a quorum. */
function isAftermath({ rule, hiddenBy }: Alert, list: readonly Alert[], now: number): boolean {
  if (hiddenBy !== QUORUM_LOST || rule.needs !== "classes") return false;
  const windowMs = rule.window ?? DEFAULT_WINDOW_MS;
  return list.some(
    ({ rule: { name }, state, missingSince }) =>
      name === QUORUM_LOST && state === "resolved" && now - (missingSince ?? now) <= windowMs + SLOT_MS,
  );
}
