import { performance } from "node:perf_hooks";
import type { Redlock } from "quorumlock";
import { readReports, resourceClassOf } from "quorumlock/observe";
import type { RowContext } from "../../monitor/locks/lock-rows.ts";
import { type Blocked, blockedBehind } from "../../monitor/reports/blocked-behind.ts";
import { ReportedLocks, type ReportReading } from "../../monitor/reports/report-reading.ts";

/** What the processes report, read once: who holds, who waits, and who waits behind whom. */
export class FleetReports {
  readonly locks: ReportedLocks;
  /** How many processes report. More than `locks.readings` if there are too many to read. */
  readonly processes: number;
  /** How many reports are of another version, or damaged. */
  readonly unreadable: number;
  readonly #blocked: ReadonlyMap<string, Blocked>;
  readonly #readAt = performance.now();

  constructor(readings: readonly ReportReading[], processes = readings.length, unreadable = 0) {
    this.locks = new ReportedLocks(readings);
    this.processes = processes;
    this.unreadable = unreadable;
    this.#blocked = blockedBehind(readings);
  }

  /** Servers that do not answer delay it by the time limit of a request. Without answers there are no reports. */
  static async read(redlock: Redlock): Promise<FleetReports> {
    const { reports, processes, unreadable } = await readReports(redlock);
    return new FleetReports(reports, processes, unreadable);
  }

  /** How long ago the reports were read. */
  get readMsAgo(): number {
    return performance.now() - this.#readAt;
  }

  blocked(name: string): Blocked | undefined {
    return this.#blocked.get(name);
  }

  /** What the figures of a lock need besides the reading. */
  context(quorum: number): RowContext {
    return {
      quorum,
      now: performance.now(),
      classOf: resourceClassOf,
      reported: (id) => {
        const holder = this.locks.holder(id);
        return holder && { ...holder, heldMs: holder.heldMs + this.readMsAgo };
      },
      blocked: (name) => this.blocked(name),
    };
  }
}
