import type { ProcessReport } from "quorumlock/observe";

type ReportedHold = ProcessReport["holds"][number];

/** A report of a process, and how old it is. */
export interface ReportReading {
  readonly report: ProcessReport;
  readonly ageMs: number;
}

/** What the reports say about one token. */
export interface ReportedHolder {
  readonly owner: string;
  /** How long it has been held. */
  readonly heldMs: number;
  /** How old the report is. */
  readonly ageMs: number;
  readonly ttlMs: number;
  readonly fence: number;
  /** `undefined` if the process does not know it. */
  readonly kind: ReportedHold["kind"];
  readonly mode: ReportedHold["mode"];
  /** How many names the lock has. */
  readonly nameCount: number;
}

/** A process that waits for a name. */
export interface ReportedWaiter {
  readonly owner: string;
  /** Its name in the lines on the servers. */
  readonly id: string;
  readonly callers: number;
  readonly oldestMs: number;
  /** A name that the process holds meanwhile, and held before it began to wait. */
  readonly holds: string | undefined;
}

/** What the latest reports of all processes say about locks, indexed by name and by token. */
export class ReportedLocks {
  readonly readings: readonly ReportReading[];
  readonly #holders = new Map<string, ReportedHolder>();
  readonly #waiters = new Map<string, ReportedWaiter[]>();

  constructor(readings: readonly ReportReading[]) {
    this.readings = readings;
    for (const reading of readings) {
      this.#addHolds(reading);
      this.#addWaits(reading);
    }
  }

  /** The reported holder with this token id. */
  holder(id: string): ReportedHolder | undefined {
    return this.#holders.get(id);
  }

  /** The processes that wait for a name, those that wait longest first. */
  waiters(name: string): readonly ReportedWaiter[] {
    return this.#waiters.get(name) ?? [];
  }

  get waitedNames(): IterableIterator<string> {
    return this.#waiters.keys();
  }

  #addHolds({ report, ageMs }: ReportReading): void {
    const { owner } = report.process;
    for (const { tokenId, durationMs, ttlMs, fence, kind, mode, names } of report.holds) {
      const heldMs = durationMs + ageMs;
      const nameCount = names.length;
      this.#holders.set(tokenId, { owner, heldMs, ageMs, ttlMs, fence, kind, mode, nameCount });
    }
  }

  #addWaits({ report, ageMs }: ReportReading): void {
    const byName = new Map<string, { callers: number; oldestMs: number }>();
    for (const { names, durationMs } of report.waits) {
      for (const name of names) {
        const known = byName.get(name) ?? { callers: 0, oldestMs: 0 };
        known.callers += 1;
        known.oldestMs = Math.max(known.oldestMs, durationMs + ageMs);
        byName.set(name, known);
      }
    }
    for (const [name, { callers, oldestMs }] of byName) {
      const holds = report.holds.find(
        (held) => !held.names.includes(name) && held.durationMs + ageMs > oldestMs,
      );
      const waiter = {
        owner: report.process.owner,
        id: report.client.id,
        callers,
        oldestMs,
        holds: holds?.names[0],
      };
      const list = this.#waiters.get(name);
      if (list === undefined) this.#waiters.set(name, [waiter]);
      else list.push(waiter);
    }
    for (const name of byName.keys()) this.#waiters.get(name)?.sort((a, b) => b.oldestMs - a.oldestMs);
  }
}
