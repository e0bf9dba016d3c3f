import type { AlertFigures } from "../figures/alert-figures.ts";
import type { Alert } from "./alert.ts";

/** The rules that a firing rule hides, because it says the same and more. */
const HIDDEN_BY: readonly (readonly [rule: string, hidden: readonly string[]])[] = [
  ["quorum_lost", ["no_spare", "server_down", "high_failure_rate", "long_wait", "extensions_fail"]],
  ["no_spare", ["server_down", "quarantined"]],
];

/**
 * Decides which alerts are hidden. Hidden alerts stay in lists and logs, but channels get no message about them. `no_spare` hides only
 * alerts of servers that do not vote, because its text names these.
 */
export function hideAlerts(alerts: Iterable<Alert>, { servers }: AlertFigures): void {
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
    if (alert.state !== "resolved") alert.hiddenBy = found;
  }
}
