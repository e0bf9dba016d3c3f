import {
  checkHistory,
  fencedReadWrite,
  readWriteFences,
  semaphore,
  type Verdict,
} from "@quorumlock/sim/history";
import type { Hold } from "../contest/hold.ts";
import { groupBy } from "../group-by.ts";
import type { WorkerRecord } from "../worker/records.ts";
import { type Part, toHistory } from "./history-operations.ts";
import type { Violation } from "./violation.ts";

/**
 * Checks that correct locks can give the recorded results. There must be an order of all operations of each node in which no holders
 * clash, and in which fencing tokens increase as those of a read/write lock do. A mutex is a read/write lock without readers. There
 * must also be an order in which no semaphore has more holders than permits. If leases are not guaranteed, checks only the fencing
 * tokens.
 */
export function checkOrder(
  records: readonly WorkerRecord[],
  areLeasesGuaranteed: boolean,
): readonly Violation[] {
  const history = toHistory(records, nodesOf);
  if (!areLeasesGuaranteed) return violationsOf(checkHistory(history, readWriteFences));
  const perSemaphore = [...semaphoresIn(records)].flatMap(([name, permits]) =>
    violationsOf(
      checkHistory(
        toHistory(records, (holds) => permitsOf(name, holds)),
        semaphore(permits),
      ),
    ),
  );
  return [...violationsOf(checkHistory(history, fencedReadWrite)), ...perSemaphore];
}

function violationsOf(verdict: Verdict): readonly Violation[] {
  if (verdict.valid === true) return [];
  const entries = verdict.valid === false ? verdict.operations : [];
  return [{ check: "history", message: `${verdict.resource}: ${verdict.reason}`, entries }];
}

export function nodesOf(holds: readonly Hold[]): readonly Part[] {
  return holds.map(({ node, mode }) => ({ resource: node, mode }));
}

/** The permits of one semaphore, as one acquisition of several permits. */
function permitsOf(name: string, holds: readonly Hold[]): readonly Part[] {
  const own = holds.filter(({ semaphore: of }) => of?.name === name);
  return own.length === 0 ? [] : [{ resource: name, permits: own.length }];
}

/** By name of the semaphore: its number of permits. */
function semaphoresIn(records: readonly WorkerRecord[]): ReadonlyMap<string, number> {
  const holds = records.flatMap((record) => (record.event === "acquired" ? record.holds : []));
  const slots = holds.flatMap(({ semaphore: of }) => of ?? []);
  return new Map([...groupBy(slots, ({ name }) => name)].map(([name, [first]]) => [name, first!.permits]));
}
