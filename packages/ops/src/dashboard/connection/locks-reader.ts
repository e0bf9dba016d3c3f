import type { LocksPage } from "../../monitor/api.ts";
import { isDefaultQuery, isSameQuery, type ListQuery, type Report } from "./messages.ts";
import type { MonitorClient } from "./monitor-client.ts";

const INTERVAL_MS = 1_000;
/** The stream brings only changes. A list without changes is read so often, because its scan goes on. */
const FRESH_MS = 2_500;

/** Reads the pages of the list that are in view, again each second. The stream brings the first page of the default order. */
export class LocksReader {
  readonly #client: MonitorClient;
  readonly #send: (report: Report) => void;
  #query: ListQuery | undefined;
  #offsets: readonly number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReading = false;
  #isReadAgain = false;
  /** When the first page of this query came last. In the default order the stream brings it, if it has changed. */
  #firstPageAt = 0;

  constructor(client: MonitorClient, send: (report: Report) => void) {
    this.#client = client;
    this.#send = send;
  }

  ask(query: ListQuery, offsets: readonly number[]): void {
    if (this.#query === undefined || !isSameQuery(this.#query, query)) this.#firstPageAt = 0;
    this.#query = query;
    this.#offsets = offsets;
    this.readNow();
  }

  /** The stream does not bring the first page, so it is read like the others. */
  readFirstPage(): void {
    this.#firstPageAt = 0;
  }

  report(query: ListQuery, page: LocksPage, receivedAt: number): void {
    const isAsked = this.#query !== undefined && isSameQuery(this.#query, query);
    if (page.offset === 0 && isAsked) this.#firstPageAt = receivedAt;
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
        const isFresh = offset === 0 && Date.now() - this.#firstPageAt < FRESH_MS;
        if (isFresh && isDefaultQuery(query)) continue;
        const page = await this.#client.locks(query, offset);
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
