import type { MonitorEvent, MonitorEventType, Stream } from "../../monitor/api.ts";
import type { Update } from "./messages.ts";

/** More events than that are never shown for one update. */
const MAX_EVENTS = 50;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Gathers what the stream brings, until the worker takes it. Of values it keeps the newest, of events a sample. */
export class UpdateCollector {
  #update: Mutable<Update> = {};
  #hasChanges = false;
  #important: MonitorEvent[] = [];
  #others: MonitorEvent[] = [];
  #othersSeen = 0;
  #omitted = 0;
  #counts: Partial<Record<MonitorEventType, number>> = {};

  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  addServers({ servers, quorum }: Stream["servers"]): void {
    this.#set({ servers, quorum });
  }

  addFigures({ figures, point }: Stream["figures"]): void {
    this.#set({ figures, points: [...(this.#update.points ?? []), point] });
  }

  addAlerts(alerts: Stream["alerts"]): void {
    this.#set({ alerts });
  }

  addEvents({ events, counts, dropped }: Stream["events"]): void {
    this.#hasChanges = true;
    this.#omitted += dropped;
    for (const [type, count] of Object.entries(counts) as [MonitorEventType, number][]) {
      this.#counts[type] = (this.#counts[type] ?? 0) + count;
    }
    for (const event of events) this.#addEvent(event);
  }

  /** What has changed since the last call, or `undefined`. */
  take(): Update | undefined {
    if (!this.#hasChanges) return undefined;
    const events = [...this.#important, ...this.#others].toSorted((a, b) => a.id - b.id);
    const update = { ...this.#update, events, counts: this.#counts, omitted: this.#omitted };
    this.#update = {};
    this.#hasChanges = false;
    this.#important = [];
    this.#others = [];
    this.#othersSeen = 0;
    this.#omitted = 0;
    this.#counts = {};
    return update;
  }

  #set(values: Update): void {
    Object.assign(this.#update, values);
    this.#hasChanges = true;
  }

  /** Lost and failed locks always come first. Of the other events each has the same chance to be kept. */
  #addEvent(event: MonitorEvent): void {
    if (event.level !== "info") {
      this.#important.push(event);
      if (this.#important.length > MAX_EVENTS) this.#omit(this.#important.shift());
      return;
    }
    this.#othersSeen += 1;
    if (this.#others.length < MAX_EVENTS) {
      this.#others.push(event);
      return;
    }
    this.#omitted += 1;
    const place = Math.floor(this.#random() * this.#othersSeen);
    if (place < MAX_EVENTS) this.#others[place] = event;
  }

  #omit(event: MonitorEvent | undefined): void {
    if (event !== undefined) this.#omitted += 1;
  }
}
