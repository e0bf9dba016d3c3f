import type { ServerResponse } from "node:http";
import type { MonitorEvent, Stream } from "../api.ts";
import type { EventCounts } from "../history/event-log.ts";
import { MAX_EVENTS_AT_A_TIME } from "../history/event-log.ts";

/** How many bytes wait for a slow browser. */
export const MAX_BUFFERED_BYTES = 256 * 1_024;
/** How long a stream may be blocked before its connection is destroyed. */
export const MAX_BLOCKED_MS = 30_000;
/** How long the connection of an ended stream may stay open before it is destroyed. */
export const MAX_ENDING_MS = 5_000;

type StateKey = Exclude<keyof Stream, "events">;

/**
 * The stream of one browser. While the browser reads slowly, a newer state replaces the older one of its kind, and events wait. If
 * more than 256 kB wait, the oldest events go, and the next message says how many.
 *
 * Its states: `open`, `blocked` while Node has bytes that the browser has not taken, and `ended`. A stream that is blocked for 30 s,
 * and one that is not closed 5 s after its end, destroys its connection. Otherwise a browser that never reads would keep its place.
 */
export class BrowserStream {
  readonly #response: ServerResponse;
  readonly #states = new Map<StateKey, string>();
  #events: { readonly event: MonitorEvent; readonly bytes: number }[] = [];
  #counts: EventCounts = {};
  #dropped = 0;
  #bytes = 0;
  #isBlocked = false;
  /** Runs while the stream is `blocked`, or `ended` and not closed. */
  #timer: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on("drain", () => {
      this.#isBlocked = false;
      if (!this.isEnded) clearTimeout(this.#timer);
      this.#flush();
    });
    response.on("close", () => clearTimeout(this.#timer));
  }

  /** How many bytes wait, also those that Node has. */
  get bufferedBytes(): number {
    return this.#bytes + this.#response.writableLength;
  }

  get isEnded(): boolean {
    return this.#response.writableEnded || this.#response.destroyed;
  }

  /** Sends a state, or replaces the one that waits. `json`: the data, which many browsers share. */
  send(key: StateKey, json: string): void {
    this.#bytes -= sizeOf(this.#states.get(key));
    this.#states.delete(key);
    this.#states.set(key, json);
    this.#bytes += sizeOf(json);
    this.#bound(key);
    this.#flush();
  }

  /** Sends events. `counts` has every event since the last call. */
  sendEvents(events: readonly MonitorEvent[], counts: EventCounts): void {
    for (const event of events) {
      const bytes = Buffer.byteLength(JSON.stringify(event));
      this.#events.push({ event, bytes });
      this.#bytes += bytes;
    }
    for (const [type, count] of Object.entries(counts) as [keyof EventCounts, number][])
      this.#counts[type] = (this.#counts[type] ?? 0) + count;
    this.#bound(undefined);
    this.#flush();
  }

  /** Ends the stream. A later call does nothing. */
  end(): void {
    if (this.isEnded) return;
    this.#response.end();
    this.#destroyAfter(MAX_ENDING_MS);
  }

  #bound(newest: StateKey | undefined): void {
    let first = 0;
    while (this.#bytes > MAX_BUFFERED_BYTES && first < this.#events.length) {
      this.#bytes -= this.#events[first]?.bytes ?? 0;
      first += 1;
    }
    if (first > 0) {
      this.#events = this.#events.slice(first);
      this.#dropped += first;
    }
    // A state that does not fit is left out: the next one comes within a second.
    for (const [key, json] of this.#states) {
      if (this.#bytes <= MAX_BUFFERED_BYTES) return;
      if (key === newest && this.#states.size > 1) continue;
      this.#states.delete(key);
      this.#bytes -= sizeOf(json);
    }
  }

  #flush(): void {
    while (!this.#isBlocked && !this.isEnded) {
      const [state] = this.#states;
      if (state !== undefined) {
        const [key, json] = state;
        this.#states.delete(key);
        this.#bytes -= sizeOf(json);
        this.#write(key, json);
      } else if (Object.keys(this.#counts).length > 0 || this.#events.length > 0) this.#writeEvents();
      else return;
    }
  }

  #writeEvents(): void {
    const sent = this.#events.slice(0, MAX_EVENTS_AT_A_TIME);
    this.#events = this.#events.slice(MAX_EVENTS_AT_A_TIME);
    for (const { bytes } of sent) this.#bytes -= bytes;
    const data: Stream["events"] = {
      events: sent.map(({ event }) => event),
      counts: this.#counts,
      dropped: this.#dropped,
    };
    this.#counts = {};
    this.#dropped = 0;
    this.#write("events", JSON.stringify(data));
  }

  #write(key: keyof Stream, json: string): void {
    this.#isBlocked = !this.#response.write(`event: ${key}\ndata: ${json}\n\n`);
    if (this.#isBlocked) this.#destroyAfter(MAX_BLOCKED_MS);
  }

  #destroyAfter(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#response.destroy(), delayMs).unref();
  }
}

function sizeOf(json: string | undefined): number {
  return json === undefined ? 0 : Buffer.byteLength(json);
}
