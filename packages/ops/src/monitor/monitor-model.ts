import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Redlock } from "quorumlock";
import { AlertBoard } from "./alerting/alert-board.ts";
import { monitorFigures } from "./alerting/monitor-figures.ts";
import {
  type Figures,
  type LockDetail,
  type LocksPage,
  type Point,
  type QuorumView,
  SCHEMA,
  type ServerView,
  type Snapshot,
} from "./api.ts";
import type { DeliveryCounts } from "../alerts/channels/delivery.ts";
import type { AlertFigures } from "../alerts/figures/alert-figures.ts";
import { showName } from "../alerts/texts.ts";
import { EventLog } from "./history/event-log.ts";
import { Points, type RangeName } from "./history/points.ts";
import type { Viewer } from "./http/access.ts";
import { KeyScan } from "./locks/key-scan.ts";
import { type HolderEntry, mainHolder } from "./locks/lock-entry.ts";
import { LockDetails } from "./locks/lock-details.ts";
import { type LockChange, LockIndex } from "./locks/lock-index.ts";
import { DEFAULT_QUERY, LockList, type LockQuery, type LockTotals } from "./locks/lock-list.ts";
import type { RowContext } from "./locks/lock-rows.ts";
import type { ResolvedMonitorOptions } from "./options.ts";
import { FleetFigures } from "./reports/fleet-figures.ts";
import { ProcessReports, type ReadReports } from "./reports/process-reports.ts";
import { ReportEvents } from "./reports/report-events.ts";
import { Audit } from "../release/audit.ts";
import { Releases } from "./releases.ts";
import { BoundedConnection } from "./servers/bounded-connection.ts";
import { type ServerChange, ServerMonitor } from "./servers/server-monitor.ts";
import { describeServerChange } from "./servers/server-change.ts";

const POINT_INTERVAL_MS = 1_000;
/** The longest time for which alerts name lost locks, and how many they look at. */
const LOSSES_FOR_MS = 900_000;
const MAX_LOSSES = 200;
/** How long a server may take to keep a record of the audit. */
const AUDIT_TIMEOUT_MS = 500;
/** How many events a snapshot has. */
const SNAPSHOT_EVENTS = 200;

export interface ModelListeners {
  readonly onServers: () => void;
  readonly onAlerts: () => void;
  readonly browsers: () => number;
}

/** Everything that the monitor knows: servers, locks, figures and events. The HTTP server only reads it. */
export class MonitorModel {
  readonly bootId = randomUUID();
  readonly events: EventLog;
  readonly audit: Audit;
  readonly releases: Releases;
  readonly #options: ResolvedMonitorOptions;
  readonly #auditConnections: readonly BoundedConnection[];
  #listeners: ModelListeners | undefined;
  readonly #servers: ServerMonitor;
  readonly #index: LockIndex;
  readonly #scan: KeyScan;
  readonly #list: LockList;
  readonly #details: LockDetails;
  readonly #fleet: FleetFigures;
  readonly #reports: ProcessReports;
  readonly #reportEvents: ReportEvents;
  readonly #alerts: AlertBoard;
  readonly #points = new Points();
  #point: Point;
  #pointTimer: NodeJS.Timeout | undefined;
  /** Whether a process has reported since the start. */
  #hasReports = false;

  constructor(
    options: ResolvedMonitorOptions,
    parts: {
      readonly redlock: Redlock;
      readonly labels: readonly string[];
      readonly readReports: ReadReports;
    },
  ) {
    const { redlock, labels, readReports } = parts;
    const { servers, prefix, log } = options;
    this.#options = options;
    this.events = new EventLog(options.keepEvents);
    this.#auditConnections = servers.map(
      ({ url, redis }) => new BoundedConnection(url, redis, AUDIT_TIMEOUT_MS),
    );
    this.audit = new Audit(this.#auditConnections, prefix, log);
    this.#fleet = new FleetFigures((counts) => this.events.addCounts(counts), options.maxClasses);
    this.#reportEvents = new ReportEvents(this.events, () => this.#alerts.evaluateSoon());
    this.#reports = new ProcessReports(readReports, (readings) => {
      this.#fleet.accept(readings);
      this.#reportEvents.accept(readings);
      this.#index.add([...this.#reports.locks.waitedNames]);
    });
    this.#servers = new ServerMonitor(redlock, {
      servers,
      labels,
      intervalMs: options.probeIntervalMs,
      unreachableFrom: ({ label, runId }) => this.#reports.unreachableFrom(label, runId),
      onChange: (change) => this.#onServerChange(change),
    });
    const quorum = this.#servers.quorumSize;
    this.#index = new LockIndex(redlock, {
      quorum,
      maxNames: options.maxNames,
      onChange: (change) => this.#onLockChange(change),
    });
    this.#scan = new KeyScan({
      servers,
      prefix,
      needed: servers.length - quorum + 1,
      keyCount: (index) => this.#servers.keysOf(index),
      onNames: (names) => this.#index.add(names),
    });
    const context = (): RowContext => this.#context(quorum);
    this.#list = new LockList({
      index: this.#index,
      scan: this.#scan,
      prefix,
      context,
      lost: () => this.#reportEvents.lost,
      servers: () => this.servers(),
    });
    this.#details = new LockDetails(redlock, {
      index: this.#index,
      quorum,
      labels,
      context,
      reported: () => this.#reports.locks,
      reportsReadMsAgo: () => this.#reports.readMsAgo,
      fleet: this.#fleet,
      events: (limit, matches) => this.events.latest(limit, matches),
    });
    this.releases = new Releases(redlock, {
      isEnabled: options.release,
      quorum,
      servers: servers.length,
      audit: this.audit,
      details: this.#details,
      context,
      onReleased: ({ name, actor, mode, reason }) => {
        const text = `released ${mode === "now" ? "now" : "when its lease ends"} by ${actor}: ${reason}`;
        this.events.add({
          type: "operator-released",
          level: "attention",
          text,
          name,
          owner: `operator:${actor}`,
        });
        this.#alerts.note("operator_released", `${showName(name)}: ${text}`);
      },
    });
    this.#alerts = new AlertBoard({
      rules: options.alerts,
      snapshot: () => this.snapshot(undefined, "5m"),
      figures: () => this.#alertFigures(),
      events: this.events,
      onChange: () => this.#listeners?.onAlerts(),
    });
    this.#point = this.#fleet.point();
  }

  /** Sets who hears of changes. Before that, nobody does. */
  listen(listeners: ModelListeners): void {
    this.#listeners = listeners;
  }

  start(): void {
    this.#servers.start();
    this.#scan.start();
    this.#index.start();
    this.#reports.start();
    this.#alerts.start();
    this.#pointTimer = setInterval(() => {
      this.#point = this.#fleet.point();
      this.#points.add(this.#point);
    }, POINT_INTERVAL_MS);
  }

  /** Ends everything. Resolves when the last messages about alerts are sent. */
  async close(): Promise<void> {
    clearInterval(this.#pointTimer);
    const closed = this.#alerts.close();
    this.#reports.close();
    this.#index.close();
    this.#scan.close();
    this.#servers.close();
    for (const connection of this.#auditConnections) connection.close();
    await closed;
  }

  servers(): readonly ServerView[] {
    return this.#servers.servers;
  }

  quorum(): QuorumView {
    return this.#servers.quorum;
  }

  totals(): LockTotals {
    return this.#list.totals;
  }

  scanMs(): number | undefined {
    return this.#scan.scanMs;
  }

  processes(): Figures["processes"] {
    return this.#reports.counts;
  }

  browsers(): number {
    return this.#listeners?.browsers() ?? 0;
  }

  releaseCounts(): Releases["counts"] {
    return this.releases.counts;
  }

  /** By channel, how many messages about alerts had which end. */
  messageCounts(): ReadonlyMap<string, DeliveryCounts> {
    return this.#options.alerts?.messageCounts ?? new Map();
  }

  alerts(): Snapshot["alerts"] {
    return this.#alerts.alerts;
  }

  point(): Point {
    return this.#point;
  }

  locksVersion(): number {
    return this.#index.version;
  }

  locks(query: LockQuery = DEFAULT_QUERY): LocksPage {
    return this.#list.page(query);
  }

  lock(name: string, viewer: Viewer | undefined): Promise<LockDetail> {
    return this.#details.read(name, this.releases.mayRelease(viewer));
  }

  classFigures(name: string): LockDetail["figures"] {
    return this.#fleet.figures(name) ?? this.#fleet.figures(this.#options.classOf(name));
  }

  figures(): Figures {
    const { held, short, waiting, oldestWaitMs } = this.totals();
    const { success, attempts, skipped } = this.#fleet.total;
    return {
      at: Date.now(),
      held,
      short,
      waiting,
      oldestWaitMs,
      success,
      attempts,
      skipped,
      lostLastHour: this.#fleet.lostLastHour,
      lastLostAt: this.#reportEvents.lastLostAt,
      eventsPerS: this.events.perSecond,
      processes: this.processes(),
      classes: this.#fleet.classes,
    };
  }

  snapshot(viewer: Viewer | undefined, range: RangeName): Snapshot {
    return {
      schema: SCHEMA,
      bootId: this.bootId,
      title: this.#options.title,
      now: Date.now(),
      viewer,
      canRelease: this.releases.mayRelease(viewer),
      releaseEnabled: this.#options.release,
      prefix: this.#options.prefix,
      servers: this.servers(),
      quorum: this.quorum(),
      figures: this.figures(),
      points: this.#points.of(range),
      locks: this.locks(),
      events: this.events.latest(SNAPSHOT_EVENTS),
      alerts: this.alerts(),
    };
  }

  #alertFigures(): AlertFigures {
    const { readings } = this.#reports.locks;
    this.#hasReports ||= readings.length > 0;
    const oldest = Date.now() - LOSSES_FOR_MS;
    return monitorFigures({
      servers: this.servers(),
      quorum: this.quorum(),
      readings,
      totals: this.#fleet.totals,
      rows: this.locks().locks,
      classOf: this.#options.classOf,
      losses: this.events.latest(MAX_LOSSES, ({ type, at }) => type === "lost" && at >= oldest),
      hasReports: this.#hasReports,
    });
  }

  #context(quorum: number): RowContext {
    const { locks, readMsAgo } = this.#reports;
    return {
      quorum,
      now: performance.now(),
      classOf: this.#options.classOf,
      reported: (id) => {
        const holder = locks.holder(id);
        return holder === undefined ? undefined : { ...holder, heldMs: holder.heldMs + readMsAgo };
      },
      blocked: (name) => this.#reports.blocked(name),
    };
  }

  #onServerChange(change: ServerChange): void {
    const event = describeServerChange(change);
    if (event !== undefined) this.events.add(event);
    this.#alerts?.evaluateSoon();
    this.#listeners?.onServers();
  }

  /** The scan sees only a part of what happens. The reports have the exact counts. */
  #onLockChange({ before, now }: LockChange): void {
    if (!this.#scan.isComplete) return;
    const isCounted = this.#reports.counts.reporting > 0;
    const quorum = this.#servers.quorumSize;
    const was = heldBy(before, quorum);
    const is = heldBy(now, quorum);
    const { name } = now;
    if (is !== undefined && is.id !== was?.id && before?.holders.every(({ id }) => id !== is.id) !== false)
      this.events.add({ type: "granted", level: "info", text: "granted", name, owner: is.owner }, isCounted);
    else if (was !== undefined && is === undefined && now.holders.length === 0)
      this.events.add(
        { type: "released", level: "info", text: "free again", name, owner: was.owner },
        isCounted,
      );
  }
}

function heldBy(entry: LockChange["before"], quorum: number): HolderEntry | undefined {
  return entry === undefined ? undefined : mainHolder(entry, quorum);
}
