import type { LockEvents, Redlock } from "../../src/index.ts";

export type FindingEvent = LockEvents["diagnostics:warning"];

/** The findings of the diagnostics of a client, from now on. */
export function findingsOf(redlock: Pick<Redlock, "on">): FindingEvent[] {
  const findings: FindingEvent[] = [];
  redlock.on("diagnostics:warning", (finding) => void findings.push(finding));
  return findings;
}
