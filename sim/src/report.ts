import { MAX_IDLE_MS, MAX_REQUESTS_PER_REASON, MAX_WAIT_MS } from "./invariants/limits.ts";
import type { Failure, Summary } from "./summary.ts";

/** The command that runs one history again. */
function replayCommand({ seed, profile }: Pick<Failure, "seed" | "profile">): string {
  return `npm run sim -- --seed ${seed} --profile ${profile} --histories 1 --trace`;
}

export function reportText(summary: Summary, seconds: number, firstSeed: number): string {
  const histories = total(summary.histories);
  const { operations, minOperations, longestIdleMs, maxRequestsPerReason } = summary;
  const rows: (readonly [string, string])[] = [
    ["histories", `${format(histories)} (${list(summary.histories)})`],
    ["seeds", `${firstSeed} to ${firstSeed + histories - 1}`],
    [
      "calls",
      `${format(operations)}, ${Math.round(operations / histories)} a history, ${minOperations} at least`,
    ],
    ["grants", format(summary.grants)],
    ["transfers", format(summary.transfers)],
    ...(summary.drained > 0 ? [["drained", format(summary.drained)] as const] : []),
    ...(summary.jobs > 0 ? [["jobs", format(summary.jobs)] as const] : []),
    ["commit rounds", commitText(summary)],
    [
      "recoveries",
      `${format(summary.recoveries)} from other servers, ${format(summary.clockRecoveries)} by the clock`,
    ],
    ["faults", `${format(total(summary.faults))} (${list(summary.faults)})`],
    ["virtual time", `${(summary.virtualMs / 3_600_000).toFixed(1)} h`],
    ["duration", `${seconds.toFixed(1)} s: ${(histories / seconds).toFixed(1)} histories a second`],
    ["longest wait after faults", `${Math.round(summary.longestWaitMs)} ms, limit ${MAX_WAIT_MS} ms`],
    ["longest idle time", `${Math.round(longestIdleMs)} ms, limit ${MAX_IDLE_MS} ms`],
  ];
  if ((summary.histories["calm"] ?? 0) > 0) {
    rows.push([
      "requests a reason, calm",
      `${maxRequestsPerReason.toFixed(1)}, limit ${MAX_REQUESTS_PER_REASON}`,
    ]);
  }
  rows.push(["violations", format(summary.failures.length)]);
  return rows.map(([name, value]) => `${name.padEnd(27)}${value}`).join("\n");
}

/** Shows how often an acquisition needed a second round. */
export function commitText({ commitRounds, grants }: Pick<Summary, "commitRounds" | "grants">): string {
  const share = grants === 0 ? 0 : (100 * commitRounds) / grants;
  return `${format(commitRounds)}, ${share.toFixed(1)} for each 100 grants`;
}

export function failureText({ seed, profile, violation }: Failure): string {
  const { invariant, at, what } = violation;
  return [
    `VIOLATED ${invariant}, seed ${seed}, profile ${profile}, at ${at.toFixed(1)} ms:`,
    `  ${what}`,
    `  replay: ${replayCommand({ seed, profile })}`,
  ].join("\n");
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${format(count)}`)
    .join(", ");
}

function format(number: number): string {
  return number.toLocaleString("en");
}
