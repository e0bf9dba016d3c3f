import type { Facts } from "./facts.ts";
import { type Finding, type FindingCode, findingOf, type Problem, type Severity } from "./finding.ts";

/** Facts that a check needs are missing. The reason is part of a sentence: "no process reports". */
interface Unchecked {
  readonly unchecked: string;
}

/** A function from facts to problems. It asks no server. */
export interface Check {
  readonly code: FindingCode;
  readonly find: (facts: Facts) => readonly Problem[] | Unchecked;
}

/** The result of all checks. */
export interface Diagnosis {
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** How many checks have found nothing. */
  readonly passed: number;
  /** The checks that were not possible. */
  readonly unchecked: readonly { readonly code: FindingCode; readonly reason: string }[];
}

const ORDER: readonly Severity[] = ["error", "warning", "information"];

export function runChecks(checks: readonly Check[], facts: Facts): Diagnosis {
  const findings: Finding[] = [];
  const unchecked: { code: FindingCode; reason: string }[] = [];
  let passed = 0;
  for (const { code, find } of checks) {
    const result = find(facts);
    if ("unchecked" in result) unchecked.push({ code, reason: result.unchecked });
    else if (result.length === 0) passed += 1;
    else findings.push(...result.map((problem) => findingOf(code, problem)));
  }
  const sorted = findings.toSorted(
    (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || a.code.localeCompare(b.code),
  );
  return { findings: sorted, passed, unchecked };
}
