import type {
  AlertView,
  Figures,
  LockDetail,
  MonitorEvent,
  Point,
  QuorumView,
  ServerView,
  Snapshot,
} from "../../monitor/api.ts";
import type { Connection, Range, Report, Update } from "../connection/messages.ts";

/** The page shows the newest of them. */
const MAX_EVENTS = 200;
const MAX_POINTS = 5 * 60;
const MIN_CLOCK_CHANGE_MS = 300;

interface ReceivedDetail {
  readonly name: string;
  readonly detail: LockDetail | undefined;
  readonly problem: string | undefined;
  readonly receivedAt: number;
}

/** What the page knows. A new object at each change, with the old values in it where nothing has changed. */
export interface State {
  readonly connection: Connection;
  /** When the last byte of the stream came, by the clock of this machine. */
  readonly lastHeardAt: number | undefined;
  /** How far the clock of the monitor is ahead. */
  readonly clockAheadMs: number;
  readonly about:
    | Pick<Snapshot, "title" | "prefix" | "viewer" | "canRelease" | "releaseEnabled" | "bootId">
    | undefined;
  readonly servers: readonly ServerView[];
  readonly quorum: QuorumView | undefined;
  readonly figures: Figures | undefined;
  readonly range: Range;
  readonly points: readonly Point[];
  readonly alerts: readonly AlertView[];
  /** Newest first. */
  readonly events: readonly MonitorEvent[];
  readonly omittedEvents: number;
  readonly detail: ReceivedDetail | undefined;
  readonly pausedAt: number | undefined;
}

const INITIAL: State = {
  connection: { state: "connecting" },
  lastHeardAt: undefined,
  clockAheadMs: 0,
  about: undefined,
  servers: [],
  quorum: undefined,
  figures: undefined,
  range: "5m",
  points: [],
  alerts: [],
  events: [],
  omittedEvents: 0,
  detail: undefined,
  pausedAt: undefined,
};

/** The state of the page. Reports of the worker change it, and views subscribe to it. */
export class Store {
  #state = INITIAL;
  readonly #listeners = new Set<() => void>();
  /** What came while the page is paused. Only what protects the operator is shown at once: servers, quorum and alerts. */
  #held: Update | undefined;

  get state(): State {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  accept(report: Report): void {
    switch (report.type) {
      case "connection":
        this.#set({ connection: report.connection });
        return;
      case "alive":
        this.#set({
          lastHeardAt: report.receivedAt,
          ...(report.now !== undefined && { clockAheadMs: this.#clockAhead(report.now - report.receivedAt) }),
        });
        return;
      case "snapshot":
        this.#acceptSnapshot(report.snapshot, report.receivedAt);
        return;
      case "update":
        this.#acceptUpdate(report.update, report.receivedAt);
        return;
      case "points":
        if (report.range === this.#state.range) this.#set({ points: report.points });
        return;
      case "detail":
        if (!this.isPaused || this.#state.detail?.name !== report.name) this.#set({ detail: report });
        return;
      case "page":
      // The list keeps its pages itself.
    }
  }

  get isPaused(): boolean {
    return this.#state.pausedAt !== undefined;
  }

  togglePause(now: number): void {
    if (!this.isPaused) {
      this.#set({ pausedAt: now });
      return;
    }
    this.#set({ pausedAt: undefined });
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#acceptUpdate(held, this.#state.lastHeardAt ?? now);
  }

  setRange(range: Range): void {
    this.#set({ range, points: [] });
  }

  forgetDetail(): void {
    this.#set({ detail: undefined });
  }

  /** Small differences are the way through the network. They would make all times jump. */
  #clockAhead(measuredMs: number): number {
    const known = this.#state.clockAheadMs;
    return Math.abs(measuredMs - known) > MIN_CLOCK_CHANGE_MS ? measuredMs : known;
  }

  #acceptSnapshot(snapshot: Snapshot, receivedAt: number): void {
    const {
      title,
      prefix,
      viewer,
      canRelease,
      releaseEnabled,
      bootId,
      servers,
      quorum,
      figures,
      points,
      alerts,
      events,
    } = snapshot;
    this.#held = undefined;
    this.#set({
      lastHeardAt: receivedAt,
      clockAheadMs: this.#clockAhead(snapshot.now - receivedAt),
      about: { title, prefix, viewer, canRelease, releaseEnabled, bootId },
      servers,
      quorum,
      figures,
      points,
      alerts,
      events: events.toSorted((a, b) => b.id - a.id).slice(0, MAX_EVENTS),
      omittedEvents: 0,
      pausedAt: undefined,
    });
  }

  #acceptUpdate(update: Update, receivedAt: number): void {
    const { servers, quorum, alerts } = update;
    const urgent = {
      lastHeardAt: receivedAt,
      ...(servers !== undefined && { servers }),
      ...(quorum !== undefined && { quorum }),
      ...(alerts !== undefined && { alerts }),
    };
    if (this.isPaused) {
      this.#held = merge(this.#held, update);
      this.#set(urgent);
      return;
    }
    const { figures, points, events = [], omitted = 0 } = update;
    const { range } = this.#state;
    this.#set({
      ...urgent,
      ...(figures !== undefined && { figures }),
      ...(points !== undefined && range === "5m" && { points: addPoints(this.#state.points, points) }),
      ...(events.length > 0 && { events: addEvents(this.#state.events, events) }),
      ...(omitted > 0 && { omittedEvents: this.#state.omittedEvents + omitted }),
    });
  }

  #set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function merge(held: Update | undefined, update: Update): Update {
  return {
    ...held,
    ...update,
    points: [...(held?.points ?? []), ...(update.points ?? [])].slice(-MAX_POINTS),
    events: [...(held?.events ?? []), ...(update.events ?? [])].slice(-MAX_EVENTS),
    omitted: (held?.omitted ?? 0) + (update.omitted ?? 0),
  };
}

/** The stream can repeat what the snapshot has already. */
function addPoints(old: readonly Point[], points: readonly Point[]): readonly Point[] {
  const last = old.at(-1)?.at ?? 0;
  return [...old, ...points.filter(({ at }) => at > last)].slice(-MAX_POINTS);
}

function addEvents(old: readonly MonitorEvent[], events: readonly MonitorEvent[]): readonly MonitorEvent[] {
  const newest = old[0]?.id ?? -1;
  const fresh = events.filter(({ id }) => id > newest).toSorted((a, b) => b.id - a.id);
  return [...fresh, ...old].slice(0, MAX_EVENTS);
}
