import { BucketQuantiles } from "../../monitor/reports/bucket-quantiles.ts";
import type { Check } from "../check.ts";
import type { Facts } from "../facts.ts";
import type { FindingCode } from "../finding.ts";
import { CLIENT_CHECKS } from "./clients.ts";
import { LOAD_CHECKS } from "./load.ts";
import { lockChecks, type LockContext } from "./locks.ts";
import { SERVER_CHECKS } from "./servers.ts";
import { SET_CHECKS } from "./set.ts";
import { SETTINGS_CHECKS } from "./settings.ts";
import { WAIT_CHECKS } from "./waits.ts";

/** Fewer holds say nothing about what is usual. */
const MIN_HOLDS = 20;
const USUAL_SHARE = 0.99;

/** They are about servers that do not answer, or only about the configuration. */
const NEEDS_NO_ANSWER: readonly FindingCode[] = ["QL101", "QL102", "QL103", "QL104", "QL109", "QL110"];

/** They look at INFO. */
const NEEDS_INFO: readonly FindingCode[] = ["QL105", "QL106", "QL107", "QL108", "QL113", "QL115", "QL116"];

export const ALL_CHECKS: readonly Check[] = [
  ...SERVER_CHECKS,
  ...SET_CHECKS,
  ...SETTINGS_CHECKS,
  ...LOAD_CHECKS,
  ...lockChecks(lockContextOf),
  ...WAIT_CHECKS,
  ...CLIENT_CHECKS,
]
  .map((check) => (NEEDS_INFO.includes(check.code) ? ifInfo(check) : check))
  .map((check) => (NEEDS_NO_ANSWER.includes(check.code) ? check : ifAnswered(check)));

/** Without an answer, nothing is known to be in order. */
function ifAnswered({ code, find }: Check): Check {
  return {
    code,
    find: (facts) =>
      facts.servers.every(({ nodes }) => nodes.length === 0)
        ? { unchecked: "no server answers" }
        : find(facts),
  };
}

/** Where INFO is missing, nothing is known to be in order either. */
function ifInfo({ code, find }: Check): Check {
  return {
    code,
    find: (facts) => {
      const found = find(facts);
      const without = facts.servers.flatMap(({ nodes }) =>
        nodes.flatMap(({ label, info }) => (info === undefined ? [label] : [])),
      );
      const isKnown = "unchecked" in found || found.length > 0 || without.length === 0;
      return isKnown ? found : { unchecked: `${without.join(", ")} did not answer INFO` };
    },
  };
}

export function lockContextOf({
  quorum,
  servers,
  reports,
  classOf,
}: Pick<Facts, "quorum" | "reports" | "classOf"> & {
  readonly servers: readonly { readonly label: string }[];
}): LockContext {
  const { readings } = reports.locks;
  const usual = usualHolds(readings);
  return {
    quorum,
    labels: servers.map(({ label }) => label),
    usualHoldMs: (name) => usual.get(classOf(name)),
    reporting: reports.processes > readings.length ? undefined : new Set(readings.map(ownerOf)),
  };
}

function ownerOf({ report }: Facts["reports"]["locks"]["readings"][number]): string {
  return report.process.owner;
}

/** For each class within which time 99 % of its locks are released, over all processes. */
function usualHolds(readings: Facts["reports"]["locks"]["readings"]): ReadonlyMap<string, number> {
  const buckets = new Map<string, Map<number, number>>();
  for (const { report } of readings)
    for (const { resource, holds } of report.classes) {
      const counts = buckets.get(resource) ?? new Map<number, number>();
      buckets.set(resource, counts);
      for (const [bucket, count] of holds?.buckets ?? [])
        counts.set(bucket, (counts.get(bucket) ?? 0) + count);
    }
  return new Map(
    [...buckets].flatMap(([resource, counts]) => {
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const usualMs = total < MIN_HOLDS ? undefined : new BucketQuantiles(counts).at(USUAL_SHARE);
      return usualMs === undefined ? [] : [[resource, usualMs] as const];
    }),
  );
}
