import { performance } from "node:perf_hooks";
import type { ServerView } from "../api.ts";
import { pauseAfter } from "../locks/paced.ts";
import { type Blocked, blockedBehind } from "./blocked-behind.ts";
import { ReportedLocks, type ReportReading } from "./report-reading.ts";
import { unreachableFrom } from "./unreachable-from.ts";

/** Reads the reports of all processes. */
export type ReadReports = () => Promise<ReadReportsResult>;

export interface ReadReportsResult {
  readonly readings: readonly ReportReading[];
  /** How many processes report. More than `readings` if there are too many to read. */
  readonly known: number;
}

/** Time between two readings. Processes report every 5 s. */
const INTERVAL_MS = 1_000;

/** Reads the reports again and again, and keeps the latest ones. */
export class ProcessReports {
  readonly #read: ReadReports;
  readonly #onReports: (readings: readonly ReportReading[]) => void;
  readonly #closing = new AbortController();
  #locks = new ReportedLocks([]);
  #known = 0;
  #blocked: ReadonlyMap<string, Blocked> = new Map();
  #readAt = performance.now();

  constructor(read: ReadReports, onReports: (readings: readonly ReportReading[]) => void) {
    this.#read = read;
    this.#onReports = onReports;
  }

  start(): void {
    void this.#run();
  }

  close(): void {
    this.#closing.abort();
  }

  /** What the reports say about locks, at the moment of the latest reading. */
  get locks(): ReportedLocks {
    return this.#locks;
  }

  /** How long ago the reports were read. */
  get readMsAgo(): number {
    return performance.now() - this.#readAt;
  }

  get counts(): { readonly reporting: number; readonly known: number } {
    const reporting = this.#locks.readings.length;
    return { reporting, known: Math.max(reporting, this.#known) };
  }

  blocked(name: string): Blocked | undefined {
    return this.#blocked.get(name);
  }

  /** How many processes say that they cannot reach a server. `undefined` if all can. */
  unreachableFrom(label: string, runId: string | undefined): ServerView["unreachableFrom"] {
    return unreachableFrom(this.#locks.readings, label, runId);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const startedAt = performance.now();
      try {
        const { readings, known } = await this.#read();
        if (signal.aborted) return;
        this.#locks = new ReportedLocks(readings);
        this.#known = known;
        this.#readAt = performance.now();
        this.#blocked = blockedBehind(readings);
        this.#onReports(readings);
      } catch {
        // Only a closed client rejects. Without answers there are no reports.
      }
      await pauseAfter(performance.now() - startedAt, signal, INTERVAL_MS);
    }
  }
}
