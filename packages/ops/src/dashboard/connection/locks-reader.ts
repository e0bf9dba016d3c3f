import type { LocksPage } from "../../monitor/api.ts";
import { isDefaultQuery, isSameQuery, type ListQuery, type Report } from "./messages.ts";
import type { MonitorClient } from "./monitor-client.ts";

const INTERVAL_MS = 1_000;

/** Reads the pages of the list that are in view, again each second. The stream brings the first page of the default order. */
export class LocksReader {
  readonly #client: MonitorClient;
  readonly #send: (report: Report) => void;
  #query: ListQuery | undefined;
  #offsets: readonly number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReading = false;
  #isReadAgain = false;
  /** Whether the first page of this query was read. After that, the stream brings it in the default order. */
  #hasFirstPage = false;

  constructor(client: MonitorClient, send: (report: Report) => void) {
    this.#client = client;
    this.#send = send;
  }

  ask(query: ListQuery, offsets: readonly number[]): void {
    if (this.#query === undefined || !isSameQuery(this.#query, query)) this.#hasFirstPage = false;
    this.#query = query;
    this.#offsets = offsets;
    this.readNow();
  }

  /** The stream does not bring the first page, so it is read like the others. */
  readFirstPage(): void {
    this.#hasFirstPage = false;
  }

  report(query: ListQuery, page: LocksPage, receivedAt: number): void {
    this.#send({ type: "page", query, page, receivedAt });
  }

  readNow(): void {
    clearTimeout(this.#timer);
    if (this.#isReading) this.#isReadAgain = true;
    else void this.#read();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    this.#isReadAgain = false;
    const query = this.#query;
    try {
      for (const offset of this.#offsets) {
        if (query === undefined) break;
        if (offset === 0 && this.#hasFirstPage && isDefaultQuery(query)) continue;
        const page = await this.#client.locks(query, offset);
        if (offset === 0 && query === this.#query) this.#hasFirstPage = true;
        this.report(query, page, Date.now());
        if (this.#isReadAgain) break;
      }
    } catch {
      // The list keeps what it has. The stream reports that the connection is lost.
    }
    this.#isReading = false;
    if (this.#isReadAgain) this.readNow();
    else this.#timer = setTimeout(() => void this.#read(), INTERVAL_MS);
  }
}
