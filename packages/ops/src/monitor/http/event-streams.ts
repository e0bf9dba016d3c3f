import type { ServerResponse } from "node:http";
import type { AlertView, LocksPage, Point, Snapshot, Stream } from "../api.ts";
import { SCHEMA } from "../api.ts";
import type { EventLog } from "../history/event-log.ts";
import { BrowserStream } from "./browser-stream.ts";

const EVENTS_INTERVAL_MS = 250;
const LOCKS_INTERVAL_MS = 500;
const STATES_INTERVAL_MS = 1_000;
const PING_INTERVAL_MS = 5_000;
/** The rows of one message. Rows with long names leave the others out; the page loads those with `GET /api/locks`. */
const MAX_LOCKS_BYTES = 128 * 1_024;

/** What the streams send. */
export interface StreamSource {
  readonly bootId: string;
  readonly events: EventLog;
  servers(): Pick<Snapshot, "servers" | "quorum">;
  figures(): Snapshot["figures"];
  /** The latest point of the charts. */
  point(): Point;
  locks(): LocksPage;
  /** Another number after each change of the locks. */
  locksVersion(): number;
  alerts(): readonly AlertView[];
}

interface Browser {
  readonly stream: BrowserStream;
  /** Whether its session still lasts. */
  readonly isAllowed: () => boolean;
}

/** Sends the stream to all browsers. Each message is made once for all of them, and none is made without browsers. */
export class EventStreams {
  readonly #source: StreamSource;
  readonly #maxBrowsers: number;
  readonly #browsers = new Set<Browser>();
  #timers: NodeJS.Timeout[] = [];
  #sentVersion = -1;

  constructor(source: StreamSource, maxBrowsers: number) {
    this.#source = source;
    this.#maxBrowsers = maxBrowsers;
  }

  get browsers(): number {
    return this.#browsers.size;
  }

  get isFull(): boolean {
    return this.#browsers.size >= this.#maxBrowsers;
  }

  /** The largest number of bytes that wait for one browser. */
  get maxBufferedBytes(): number {
    return Math.max(0, ...[...this.#browsers].map(({ stream }) => stream.bufferedBytes));
  }

  /** Begins the stream of one browser. Its headers are sent here. */
  open(response: ServerResponse, isAllowed: () => boolean): void {
    if (this.#browsers.size === 0) this.#start();
    const browser: Browser = { stream: new BrowserStream(response), isAllowed };
    this.#browsers.add(browser);
    response.on("close", () => {
      this.#browsers.delete(browser);
      if (this.#browsers.size === 0) this.#stop();
    });
    // A browser that is gone must not end the monitor.
    response.on("error", () => response.destroy());
    const { stream } = browser;
    const hello: Stream["hello"] = { schema: SCHEMA, bootId: this.#source.bootId, now: Date.now() };
    stream.send("hello", JSON.stringify(hello));
    stream.send("servers", JSON.stringify(this.#source.servers()));
    stream.send("figures", this.#figures());
    stream.send("locks", this.#locks());
    stream.send("alerts", JSON.stringify(this.#source.alerts()));
  }

  sendServers(): void {
    if (this.#browsers.size > 0) this.#send("servers", JSON.stringify(this.#source.servers()));
  }

  sendAlerts(): void {
    if (this.#browsers.size > 0) this.#send("alerts", JSON.stringify(this.#source.alerts()));
  }

  close(): void {
    this.#stop();
    for (const { stream } of this.#browsers) stream.end();
  }

  #start(): void {
    this.#source.events.takeBatch();
    this.#timers = [
      setInterval(() => this.#sendEvents(), EVENTS_INTERVAL_MS),
      setInterval(() => this.#sendLocks(), LOCKS_INTERVAL_MS),
      setInterval(() => this.#sendStates(), STATES_INTERVAL_MS),
      setInterval(() => this.#ping(), PING_INTERVAL_MS),
    ];
  }

  #stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  #send(key: Exclude<keyof Stream, "events">, json: string): void {
    for (const { stream } of this.#browsers) stream.send(key, json);
  }

  #sendEvents(): void {
    const { events, counts } = this.#source.events.takeBatch();
    if (Object.values(counts).every((count) => count === 0) && events.length === 0) return;
    for (const { stream } of this.#browsers) stream.sendEvents(events, counts);
  }

  #sendLocks(): void {
    const version = this.#source.locksVersion();
    if (version === this.#sentVersion) return;
    this.#sentVersion = version;
    this.#send("locks", this.#locks());
  }

  #sendStates(): void {
    this.sendServers();
    this.#send("figures", this.#figures());
  }

  #ping(): void {
    for (const { stream, isAllowed } of this.#browsers) if (!isAllowed()) stream.end();
    const ping: Stream["ping"] = { now: Date.now() };
    this.#send("ping", JSON.stringify(ping));
  }

  #figures(): string {
    const data: Stream["figures"] = { figures: this.#source.figures(), point: this.#source.point() };
    return JSON.stringify(data);
  }

  #locks(): string {
    return JSON.stringify(fittingLocks(this.#source.locks(), MAX_LOCKS_BYTES));
  }
}

/** Leaves out the last rows of a page if it is too long. `total` says how many there are. */
export function fittingLocks(page: LocksPage, maxBytes: number): LocksPage {
  let bytes = 0;
  const end = page.locks.findIndex((row) => (bytes += Buffer.byteLength(JSON.stringify(row))) > maxBytes);
  return end < 0 ? page : { ...page, locks: page.locks.slice(0, end) };
}
