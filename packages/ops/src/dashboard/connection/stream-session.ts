import { type Snapshot, SCHEMA, type Stream } from "../../monitor/api.ts";
import { type Connection, type Range, type Report } from "./messages.ts";
import { type MonitorClient, RequestError } from "./monitor-client.ts";
import { retryDelayMs } from "./retry-delay.ts";
import { StreamParser } from "./stream-parser.ts";
import { UpdateCollector } from "./update-collector.ts";

/** The page draws so often. The monitor sends at most four messages of events a second. */
const UPDATE_INTERVAL_MS = 250;
/** The monitor sends a ping every 5 s. A stream that is silent for so long is cut off somewhere. */
const MAX_SILENCE_MS = 15_000;

/**
 * The stream of the monitor, and its return after an end.
 *
 * Each connection first opens the stream, and then loads a whole snapshot: what happens in between is in the stream already. The
 * collector keeps it until the snapshot is there.
 */
export class StreamSession {
  readonly #client: MonitorClient;
  readonly #report: (report: Report) => void;
  /** Called with each page of locks, which the stream brings in the default order. */
  readonly #onSnapshot: (snapshot: Snapshot) => void;
  readonly #onLocks: (locks: Stream["locks"], receivedAt: number) => void;
  readonly #collector = new UpdateCollector(Math.random);
  #failures = 0;
  /** Whether the snapshot of this connection is there. Until then, nothing of the stream is reported. */
  #isComplete = false;
  #stream: AbortController | undefined;
  #wakeUp: (() => void) | undefined;
  /** The next try comes without a wait. */
  #isNow = false;
  #silence: ReturnType<typeof setTimeout> | undefined;
  range: Range = "5m";

  constructor(
    client: MonitorClient,
    report: (report: Report) => void,
    on: {
      readonly snapshot: (snapshot: Snapshot) => void;
      readonly locks: (locks: Stream["locks"], receivedAt: number) => void;
    },
  ) {
    this.#client = client;
    this.#report = report;
    this.#onSnapshot = on.snapshot;
    this.#onLocks = on.locks;
  }

  /** Never returns. */
  async run(): Promise<never> {
    this.#reportConnection({ state: "connecting" });
    for (;;) {
      const failure = await this.#connectOnce();
      this.#failures += 1;
      if (!this.#isNow) await this.#waitAfter(failure);
      this.#isNow = false;
    }
  }

  /** Ends the wait for the next try, or an open stream whose session has changed. */
  connectNow(): void {
    this.#failures = 0;
    this.#isNow = true;
    this.#stream?.abort();
    this.#wakeUp?.();
  }

  async #connectOnce(): Promise<RequestError> {
    const stream = new AbortController();
    this.#stream = stream;
    const flush = setInterval(() => this.#flush(), UPDATE_INTERVAL_MS);
    this.#isComplete = false;
    try {
      this.#watchSilence();
      const body = await this.#client.stream(stream.signal);
      const reading = this.#read(body);
      // The failure is handled below. A rejection while the snapshot loads must not be an unhandled one.
      reading.catch(() => stream.abort());
      const snapshot = await this.#client.snapshot(this.range);
      this.#onSnapshot(snapshot);
      this.#report({ type: "snapshot", snapshot, receivedAt: Date.now() });
      this.#isComplete = true;
      this.#failures = 0;
      this.#reportConnection({ state: "open" });
      await reading;
      return new RequestError(undefined, "the monitor closed the stream");
    } catch (error) {
      return error instanceof RequestError ? error : new RequestError(undefined, "the connection was lost");
    } finally {
      stream.abort();
      clearInterval(flush);
      clearTimeout(this.#silence);
      this.#collector.take();
    }
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = new StreamParser();
    const reader = body
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.#watchSilence();
      for (const { event, data } of parser.push(value)) this.#handle(event, data);
    }
  }

  #handle(event: string, data: string): void {
    const receivedAt = Date.now();
    const value: unknown = JSON.parse(data);
    switch (event as keyof Stream) {
      case "hello": {
        const hello = value as Stream["hello"];
        if (hello.schema !== SCHEMA) throw new RequestError(200, "another schema");
        this.#report({ type: "alive", receivedAt, now: hello.now });
        return;
      }
      case "ping":
        this.#report({ type: "alive", receivedAt, now: (value as Stream["ping"]).now });
        return;
      case "servers":
        this.#collector.addServers(value as Stream["servers"]);
        return;
      case "figures":
        this.#collector.addFigures(value as Stream["figures"]);
        return;
      case "events":
        this.#collector.addEvents(value as Stream["events"]);
        return;
      case "alerts":
        this.#collector.addAlerts(value as Stream["alerts"]);
        this.#flush();
        return;
      case "locks":
        if (this.#isComplete) this.#onLocks(value as Stream["locks"], receivedAt);
        return;
      default:
      // A newer monitor may send more.
    }
  }

  #flush(): void {
    if (!this.#isComplete) return;
    const update = this.#collector.take();
    if (update !== undefined) this.#report({ type: "update", update, receivedAt: Date.now() });
  }

  #watchSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#stream?.abort(), MAX_SILENCE_MS);
  }

  async #waitAfter(failure: RequestError): Promise<void> {
    if (failure.status === 401) {
      this.#reportConnection({ state: "unauthorized" });
      await this.#pause(undefined);
    } else if (failure.message === "another schema") {
      this.#reportConnection({ state: "incompatible" });
      await this.#pause(undefined);
    } else {
      const delay = retryDelayMs(Math.max(1, this.#failures), Math.random());
      this.#reportConnection({ state: "waiting", retryAt: Date.now() + delay, reason: failure.message });
      await this.#pause(delay);
    }
  }

  #pause(delayMs: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = delayMs === undefined ? undefined : setTimeout(resolve, delayMs);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #reportConnection(connection: Connection): void {
    this.#report({ type: "connection", connection });
  }
}
