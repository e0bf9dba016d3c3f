import { performance } from "node:perf_hooks";
import type { Redlock } from "quorumlock";
import { inspectLocks, type LockInspection } from "quorumlock/operator";
import { type LockDetail, type MonitorEvent, SCHEMA } from "../api.ts";
import type { FleetFigures } from "../reports/fleet-figures.ts";
import type { ReportedLocks } from "../reports/report-reading.ts";
import { heldBy } from "./held-by.ts";
import { LastRuns } from "./last-runs.ts";
import { type LockEntry, lockEntryOf } from "./lock-entry.ts";
import type { LockIndex } from "./lock-index.ts";
import { figuresOf, type RowContext, rowOf } from "./lock-rows.ts";
import { describeNext } from "./next-text.ts";
import { serverVotes } from "./server-votes.ts";
import { similarNames } from "./similar-names.ts";
import { waitingLine } from "./waiting-line.ts";

/** Browsers that look at the same lock share a reading of this age. */
const SHARED_MS = 200;
const MAX_EVENTS = 50;

export interface LockDetailsOptions {
  readonly index: LockIndex;
  readonly quorum: number;
  readonly labels: readonly string[];
  readonly context: () => RowContext;
  readonly reported: () => ReportedLocks;
  readonly reportsReadMsAgo: () => number;
  readonly fleet: FleetFigures;
  readonly events: (limit: number, matches: (event: MonitorEvent) => boolean) => readonly MonitorEvent[];
}

/** Reads one lock from all servers, whatever the scan does. */
export class LockDetails {
  readonly #redlock: Redlock;
  readonly #options: LockDetailsOptions;
  readonly #reading = new Map<string, Promise<LockInspection>>();
  readonly #lastRuns: LastRuns;

  constructor(redlock: Redlock, options: LockDetailsOptions) {
    this.#redlock = redlock;
    this.#lastRuns = new LastRuns(redlock);
    this.#options = options;
  }

  /** Reads a name. Servers that do not answer are marked as such. */
  async read(name: string, canRelease: boolean): Promise<LockDetail> {
    const [inspection, lastRun] = await Promise.all([this.inspect(name), this.#lastRuns.read(name)]);
    const reported = this.#options.reported();
    const { index, quorum, fleet, events } = this.#options;
    const entry = index.accept(inspection);
    index.keepFresh([name]);
    const context = this.#options.context();
    const figures = figuresOf(entry, context);
    const hasKeys = entry.holders.length > 0;
    const row = hasKeys ? rowOf(entry, context, figures) : undefined;
    const resource = context.classOf(name);
    const report = figures.holder === undefined ? undefined : context.reported(figures.holder.id);
    return {
      schema: SCHEMA,
      name,
      class: resource,
      readAt: Date.now(),
      lock: row,
      holders: entry.holders.map((holder) => heldBy(entry, holder, context)),
      servers: serverVotes(entry, figures.holder, this.#options.labels, (id) => reported.holder(id)),
      line: waitingLine(entry, reported, this.#options.reportsReadMsAgo()),
      next: describeNext(entry, figures, quorum),
      reportedMsAgo: report === undefined ? undefined : report.ageMs + this.#options.reportsReadMsAgo(),
      needed: quorum,
      figures: fleet.figures(resource),
      events: events(MAX_EVENTS, (event) => event.name === name),
      similar: hasKeys ? [] : similarNames(name, index.names),
      canRelease,
      lastRun,
    };
  }

  /** Reads a name from all servers. Callers that come together share the reading. */
  async inspect(name: string): Promise<LockInspection> {
    const known = this.#reading.get(name);
    if (known !== undefined) return known;
    const reading = this.inspectNow(name);
    this.#reading.set(name, reading);
    const forget = (): void => void setTimeout(() => this.#reading.delete(name), SHARED_MS).unref();
    reading.then(forget, forget);
    return reading;
  }

  /** Reads a name that no other caller has just read. */
  async inspectNow(name: string): Promise<LockInspection> {
    const [inspection] = await inspectLocks(this.#redlock, [name]);
    if (inspection === undefined) throw new Error("a reading has one entry for each name");
    return inspection;
  }

  /** The reading as an entry, without keeping it. */
  entryOf(inspection: LockInspection): LockEntry {
    return lockEntryOf(inspection, this.#options.index.get(inspection.name), performance.now());
  }
}
