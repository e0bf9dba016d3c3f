import type { ReportedEvent, ReportedEventKind } from "quorumlock/observe";
import type { MonitorEvent } from "../api.ts";
import type { EventLog } from "../history/event-log.ts";
import type { LostLock } from "../locks/lock-rows.ts";
import type { ReportReading } from "./report-reading.ts";

/** How long the list shows a lost lock. */
const LOST_FOR_MS = 30_000;
const MAX_LOST = 1_000;
/** Processes whose latest event number is kept. */
const MAX_PROCESSES = 2_000;

type Shown = Pick<MonitorEvent, "type" | "level" | "text">;

/** Puts the notable events of the reports into the log, each once, and remembers the locks that were lost. */
export class ReportEvents {
  readonly #log: EventLog;
  readonly #onLost: () => void;
  /** The number of the latest event of each reporter. */
  readonly #seen = new Map<string, number>();
  readonly #lost = new Map<string, LostLock>();
  #lastLostAt: number | undefined;

  constructor(log: EventLog, onLost: () => void) {
    this.#log = log;
    this.#onLost = onLost;
  }

  /** Locks that were lost in the last 30 s. */
  get lost(): readonly LostLock[] {
    const oldest = Date.now() - LOST_FOR_MS;
    for (const [name, { at }] of this.#lost) if (at < oldest) this.#lost.delete(name);
    return [...this.#lost.values()];
  }

  get lastLostAt(): number | undefined {
    return this.#lastLostAt;
  }

  accept(readings: readonly ReportReading[]): void {
    for (const { report, ageMs } of readings) {
      const seen = this.#seen.get(report.id) ?? 0;
      const fresh = report.events
        .filter(({ number }) => number > seen)
        .toSorted((a, b) => a.number - b.number);
      for (const event of fresh) this.#add(event, report.process.owner, Date.now() - event.agoMs - ageMs);
      const last = fresh.at(-1);
      if (last === undefined) continue;
      this.#seen.delete(report.id);
      this.#seen.set(report.id, last.number);
      if (this.#seen.size <= MAX_PROCESSES) continue;
      const [oldest] = this.#seen.keys();
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
  }

  #add({ kind, subject, detail }: ReportedEvent, owner: string, at: number): void {
    const shown = shownOf(kind, detail);
    if (shown === undefined) return;
    const name = subject === "" ? undefined : subject;
    // The counts of the classes have every loss and failure already.
    this.#log.add({ ...shown, name, owner, at }, shown.type !== "waiting-long");
    if (shown.type !== "lost" || name === undefined) return;
    this.#lastLostAt = Math.max(at, this.#lastLostAt ?? 0);
    this.#lost.set(name, { name, at, owner });
    if (this.#lost.size > MAX_LOST) {
      const [oldest] = this.#lost.keys();
      if (oldest !== undefined) this.#lost.delete(oldest);
    }
    this.#onLost();
  }
}

/** The probes of the monitor show the states of servers and of the quorum. */
function shownOf(kind: ReportedEventKind, detail: string): Shown | undefined {
  const end = detail === "" ? "" : `: ${detail}`;
  switch (kind) {
    case "lost":
      return { type: "lost", level: "bad", text: `lost${end}` };
    case "timed-out":
      return { type: "timed-out", level: "attention", text: "timed out" };
    case "no-quorum":
      return { type: "no-quorum", level: "bad", text: "no quorum" };
    case "slow":
      return { type: "waiting-long", level: "attention", text: "wait over 10 s" };
    default:
      return undefined;
  }
}
