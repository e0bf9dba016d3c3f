import { performance } from "node:perf_hooks";
import type { Redlock } from "quorumlock";
import { inspectLocks, type LockInspection } from "quorumlock/operator";
import {
  type HolderView,
  type LockDetail,
  type MonitorEvent,
  SCHEMA,
  type ServerVote,
  type WaiterView,
} from "../api.ts";
import type { FleetFigures } from "../reports/fleet-figures.ts";
import type { ReportedLocks } from "../reports/report-reading.ts";
import { type HolderEntry, type LockEntry, lockEntryOf, quorumRemainingMs, votesOf } from "./lock-entry.ts";
import type { LockIndex } from "./lock-index.ts";
import { figuresOf, type RowContext, rowOf } from "./lock-rows.ts";
import { describeNext } from "./next-text.ts";
import { similarNames } from "./similar-names.ts";

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

  constructor(redlock: Redlock, options: LockDetailsOptions) {
    this.#redlock = redlock;
    this.#options = options;
  }

  /** Reads a name. Servers that do not answer are marked as such. */
  async read(name: string, canRelease: boolean): Promise<LockDetail> {
    const inspection = await this.inspect(name);
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
      holders: entry.holders.map((holder) => this.#holderView(entry, holder, context)),
      servers: this.#servers(entry, figures.holder),
      line: this.#line(entry),
      next: describeNext(entry, figures, quorum),
      reportedMsAgo: report === undefined ? undefined : report.ageMs + this.#options.reportsReadMsAgo(),
      needed: quorum,
      figures: fleet.figures(resource),
      events: events(MAX_EVENTS, (event) => event.name === name),
      similar: hasKeys ? [] : similarNames(name, index.names),
      canRelease,
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

  #holderView(entry: LockEntry, holder: HolderEntry, context: RowContext): LockDetail["holders"][number] {
    const remainingMs = quorumRemainingMs(holder, context.quorum);
    return {
      ...this.#viewOf(holder),
      votes: votesOf(entry, holder),
      remainingMs: remainingMs === Infinity ? undefined : remainingMs,
      slots: holder.slots,
      reportedMs: context.reported(holder.id)?.heldMs,
    };
  }

  #viewOf({ id, owner }: HolderEntry): HolderView {
    return { id, owner: owner ?? this.#options.reported().holder(id)?.owner };
  }

  #servers(entry: LockEntry, main: HolderEntry | undefined): readonly ServerVote[] {
    const marks = votesOf(entry, main);
    return this.#options.labels.map((label, index) => {
      const there =
        main?.remainingMs[index] === undefined
          ? entry.holders.find(({ remainingMs }) => remainingMs[index] !== undefined)
          : main;
      const remainingMs = there?.remainingMs[index];
      const isOther = there !== undefined && there !== main;
      return {
        label,
        mark: marks[index] ?? "none",
        holder: isOther ? this.#viewOf(there) : undefined,
        remainingMs: remainingMs === Infinity ? undefined : remainingMs,
        fence: isOther || there === undefined ? undefined : this.#options.reported().holder(there.id)?.fence,
      };
    });
  }

  /**
   * Who waits, in the order of the line. The servers have the ids of clients, and the reports say whose they are. Reported waiters that
   * are in no line wait inside their process behind another caller, so they come last.
   */
  #line({ name, line }: LockEntry): readonly WaiterView[] {
    const reported = new Map(
      this.#options
        .reported()
        .waiters(name)
        .map((waiter) => [waiter.id, waiter]),
    );
    const clients = [...new Set(line.map((each) => each.replace(/\..*$/, "")))];
    const others = [...reported.keys()].filter((id) => !clients.includes(id));
    return [...clients, ...others].map((id, index): WaiterView => {
      const { owner, callers = 1, oldestMs, holds } = reported.get(id) ?? {};
      return {
        owner,
        id,
        callers,
        oldestWaitMs:
          oldestMs === undefined ? undefined : Math.round(oldestMs + this.#options.reportsReadMsAgo()),
        holds,
        isNext: index === 0 && clients.length > 0,
      };
    });
  }
}
