import { performance } from "node:perf_hooks";
import type { MonitorEvent, MonitorEventType } from "../api.ts";

export type NewEvent = Omit<MonitorEvent, "id" | "at"> & { readonly at?: number | undefined };

/** At most 50 events go to the browsers at a time. */
export const MAX_EVENTS_AT_A_TIME = 50;
/** Events that wait for the next batch. Above that, uniform sampling replaces them. */
const MAX_PENDING = 500;

/** Processes report every 5 s. */
const RATE_S = 5;

export type EventCounts = Partial<Record<MonitorEventType, number>>;

/** Events since the last batch. `counts` is exact, the list is a part of them. */
export interface EventBatch {
  readonly events: readonly MonitorEvent[];
  readonly counts: EventCounts;
}

/** Keeps the latest events in a ring, and gathers batches for the browsers. Memory is bounded whatever happens. */
export class EventLog {
  readonly #ring: MonitorEvent[] = [];
  readonly #capacity: number;
  #next = 0;
  #nextId = 1;
  #pending: MonitorEvent[] = [];
  /** How many events of level `info` came since the last batch. */
  #pendingInfo = 0;
  #counts: EventCounts = {};
  /** Counts by second, of the last few seconds. */
  readonly #bySecond = new Map<number, number>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** How many events there were in a second, on average of the last 5 s. */
  get perSecond(): number {
    const second = nowS();
    return (
      [...this.#bySecond].reduce((sum, [at, count]) => (at > second - RATE_S ? sum + count : sum), 0) / RATE_S
    );
  }

  /** Adds an event. `isCounted`: whether `addCounts` has its number already. */
  add(event: NewEvent, isCounted = false): MonitorEvent {
    const added: MonitorEvent = { ...event, id: this.#nextId, at: event.at ?? Date.now() };
    this.#nextId += 1;
    this.#ring[this.#next] = added;
    this.#next = (this.#next + 1) % this.#capacity;
    if (!isCounted) this.addCounts({ [added.type]: 1 });
    this.#addPending(added);
    return added;
  }

  /** Counts events of which the monitor knows only the number. */
  addCounts(counts: EventCounts): void {
    for (const [type, count] of Object.entries(counts) as [MonitorEventType, number][]) {
      this.#counts[type] = (this.#counts[type] ?? 0) + count;
      if (count > 0) this.#countInSecond(count);
    }
  }

  #countInSecond(count: number): void {
    const second = nowS();
    this.#bySecond.set(second, (this.#bySecond.get(second) ?? 0) + count);
    for (const at of this.#bySecond.keys()) {
      if (at > second - RATE_S) return;
      this.#bySecond.delete(at);
    }
  }

  /** The latest events, newest first. */
  latest(limit: number, matches: (event: MonitorEvent) => boolean = () => true): readonly MonitorEvent[] {
    const found: MonitorEvent[] = [];
    for (let step = 1; step <= this.#ring.length && found.length < limit; step += 1) {
      const event = this.#ring[(this.#next - step + this.#capacity) % this.#capacity];
      if (event !== undefined && matches(event)) found.push(event);
    }
    return found;
  }

  /** Takes the batch since the last call: what matters first, of the others a uniform sample, in the order of their times. */
  takeBatch(): EventBatch {
    const byImportance = this.#pending.toSorted((a, b) => importance(b) - importance(a));
    const events = byImportance.slice(0, MAX_EVENTS_AT_A_TIME).toSorted((a, b) => a.id - b.id);
    const counts = this.#counts;
    this.#pending = [];
    this.#pendingInfo = 0;
    this.#counts = {};
    return { events, counts };
  }

  #addPending(event: MonitorEvent): void {
    if (event.level === "info") this.#pendingInfo += 1;
    if (this.#pending.length < MAX_PENDING) {
      this.#pending.push(event);
      return;
    }
    // Each event of level `info` stays with the same probability. One that matters takes the place of one that does not.
    const place = Math.floor(Math.random() * (event.level === "info" ? this.#pendingInfo : MAX_PENDING));
    if (place < MAX_PENDING && (this.#pending[place]?.level === "info" || event.level === "bad"))
      this.#pending[place] = event;
  }
}

function nowS(): number {
  return Math.floor(performance.now() / 1_000);
}

function importance({ level }: MonitorEvent): number {
  return level === "bad" ? 2 : level === "attention" ? 1 : 0;
}
