import { LONGEST_IDLE_MS, LONGEST_WAIT_MS, MOST_ASKS_PER_REASON } from "./invariants/referee.ts";
import type { Failure, Summary } from "./summary.ts";

/** The command that runs one history again. */
function replayCommand({ seed, profile }: Pick<Failure, "seed" | "profile">): string {
  return `npm run sim -- --seed ${seed} --profile ${profile} --histories 1 --trace`;
}

export function reportText(summary: Summary, seconds: number, firstSeed: number): string {
  const histories = total(summary.histories);
  const rows: (readonly [string, string])[] = [
    ["histories", `${count(histories)} (${listed(summary.histories)})`],
    ["seeds", `${firstSeed} to ${firstSeed + histories - 1}`],
    [
      "calls",
      `${count(summary.operations)}, ${Math.round(summary.operations / histories)} a history, ${summary.fewestOperations} at least`,
    ],
    ["grants", count(summary.grants)],
    ["faults", `${count(total(summary.faults))} (${listed(summary.faults)})`],
    ["virtual time", `${(summary.virtualMs / 3_600_000).toFixed(1)} h`],
    ["took", `${seconds.toFixed(1)} s: ${(histories / seconds).toFixed(1)} histories a second`],
    ["longest wait once healed", `${Math.round(summary.longestWaitMs)} ms, of ${LONGEST_WAIT_MS} allowed`],
  ];
  const { longestIdleMs, mostAsksPerReason } = summary;
  rows.push(["idle while awaited", `${Math.round(longestIdleMs)} ms, of ${LONGEST_IDLE_MS} allowed`]);
  if ((summary.histories["calm"] ?? 0) > 0) {
    rows.push([
      "requests a reason, calm",
      `${mostAsksPerReason.toFixed(1)}, of ${MOST_ASKS_PER_REASON} allowed`,
    ]);
  }
  rows.push(["violations", count(summary.failures.length)]);
  return rows.map(([name, value]) => `${name.padEnd(26)}${value}`).join("\n");
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
  return Object.values(counts).reduce((sum, one) => sum + one, 0);
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, one]) => `${name} ${count(one)}`)
    .join(", ");
}

function count(number: number): string {
  return number.toLocaleString("en");
}
