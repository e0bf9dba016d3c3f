import { join } from "node:path";
import type { FencedStore } from "../fenced-store.ts";
import { withTimeout } from "../with-timeout.ts";
import type { WorkerRecord } from "../worker/records.ts";
import type { WorkerOptions } from "../worker/worker-options.ts";
import { JournalReader } from "./journal-reader.ts";
import type { Assignment, FromWorker, ToWorker } from "./messages.ts";
import type { ProcessReaper } from "./process-reaper.ts";
import { WorkerProcess } from "./worker-process.ts";

/** How long a new process may take to report that it is ready, in ms. */
const START_TIMEOUT_MS = 20_000;

/** How long a process may take to end its current operations, in ms. No operation takes that long, even without servers. */
export const END_WORK_TIMEOUT_MS = 20_000;

/** After so many crashes the controller starts no replacements, because a process that cannot start would loop. */
const MAX_CRASHES = 10;

type Listener = (process: WorkerProcess, message: FromWorker) => void;

/** All worker processes of a run. A process that is killed or crashes is replaced by a new one. */
export class WorkerProcesses implements AsyncDisposable {
  /** Descriptions of processes that ended although the controller did not end them. */
  readonly crashes: string[] = [];
  readonly #options: WorkerOptions;
  readonly #store: FencedStore;
  readonly #reaper: ProcessReaper;
  #processes: WorkerProcess[] = [];
  readonly #journals = new JournalReader();
  readonly #ready = new WeakSet<WorkerProcess>();
  #assignment: Assignment | undefined;
  #rounds = 0;
  #ids = 0;
  #isClosing = false;
  readonly #listeners = new Set<Listener>();

  private constructor(options: WorkerOptions, store: FencedStore, reaper: ProcessReaper) {
    this.#options = options;
    this.#store = store;
    this.#reaper = reaper;
  }

  /**
   * Starts `count` processes and waits until all are ready.
   * @throws Error if a process does not start.
   */
  static async start(
    count: number,
    options: WorkerOptions,
    store: FencedStore,
    reaper: ProcessReaper,
  ): Promise<WorkerProcesses> {
    const processes = new WorkerProcesses(options, store, reaper);
    const started = Array.from({ length: count }, () => processes.#startProcess());
    const missing = await processes.#waitForAll(started, ({ kind }) => kind === "ready", START_TIMEOUT_MS);
    if (missing.length === 0) return processes;
    await processes[Symbol.asyncDispose]();
    throw new Error(
      `${missing.length} of ${count} worker processes did not start. ${processes.crashes.join("\n")}`,
    );
  }

  get all(): readonly WorkerProcess[] {
    return this.#processes;
  }

  /** Starts the work in every process. A replacement gets the same assignment. */
  assign(assignment: Assignment): void {
    this.#assignment = assignment;
    // A process that is still starting gets the assignment when it is ready.
    for (const process of this.#processes)
      if (this.#ready.has(process)) process.send({ kind: "work", assignment });
  }

  /** Waits until every worker has acquired another lock. Returns the processes in which a worker has not. */
  async waitForProgress(timeoutMs: number): Promise<readonly WorkerProcess[]> {
    const round = (this.#rounds += 1);
    const progressed = this.#waitForAll(
      this.#processes,
      (message) => message.kind === "progressed" && message.round === round,
      timeoutMs,
    );
    this.#broadcast({ kind: "report-progress", round });
    return progressed;
  }

  /** Ends the work in every process. Replaces the processes that time out, and returns them. */
  async endWork(): Promise<readonly WorkerProcess[]> {
    this.#assignment = undefined;
    const ended = this.#waitForAll(this.#processes, ({ kind }) => kind === "work-ended", END_WORK_TIMEOUT_MS);
    this.#broadcast({ kind: "end-work" });
    const stuck = await ended;
    for (const process of stuck) this.replace(process);
    return stuck;
  }

  /** Kills a process and starts a new one with the same assignment. */
  replace(process: WorkerProcess): void {
    if (!this.#processes.includes(process)) return;
    process.kill();
    this.#processes = this.#processes.filter((other) => other !== process);
    this.#startProcess();
  }

  /**
   * Waits for the next process in which a worker holds a lock and has not written yet. A long hold takes about a ttl.
   * Returns `undefined` after `timeoutMs`.
   */
  async nextHolder(
    { isLongHold }: { readonly isLongHold: boolean },
    timeoutMs: number,
  ): Promise<WorkerProcess | undefined> {
    let listener: Listener | undefined;
    const holder = new Promise<WorkerProcess>((resolve) => {
      listener = (process, message) => {
        if (message.kind !== "holding" || message.isLongHold !== isLongHold) return;
        if (process.isAlive && !process.isPaused) resolve(process);
      };
      this.#listeners.add(listener);
    });
    try {
      return await withTimeout(holder, timeoutMs);
    } finally {
      if (listener !== undefined) this.#listeners.delete(listener);
    }
  }

  /** Returns all records since the last call, also those of processes that have ended. */
  takeRecords(): readonly WorkerRecord[] {
    const records = this.#journals.takeRecords();
    this.#journals.removeAllExcept(new Set(this.#processes.map(({ journal }) => journal)));
    return records;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#processes.map((process) => process.stop()));
  }

  #startProcess(): WorkerProcess {
    const id = (this.#ids += 1);
    const journal = join(this.#reaper.directory, `worker-${id}.jsonl`);
    this.#journals.create(journal);
    const process = new WorkerProcess({ ...this.#options, id, journal }, this.#reaper);
    process.onMessage = (message) => this.#onMessage(process, message);
    process.onCrash = (description) => this.#onCrash(process, description);
    this.#processes.push(process);
    return process;
  }

  #onCrash(process: WorkerProcess, description: string): void {
    if (this.#isClosing) return;
    this.crashes.push(description);
    this.#processes = this.#processes.filter((other) => other !== process);
    if (this.crashes.length < MAX_CRASHES) this.#startProcess();
  }

  #onMessage(process: WorkerProcess, message: FromWorker): void {
    if (message.kind === "ready") {
      this.#ready.add(process);
      if (this.#assignment !== undefined) process.send({ kind: "work", assignment: this.#assignment });
    }
    if (message.kind === "write") {
      const isAccepted = this.#store.write(message.write);
      process.send({ kind: "write-result", id: message.id, isAccepted });
    }
    for (const listener of this.#listeners) listener(process, message);
  }

  #broadcast(message: ToWorker): void {
    for (const process of this.#processes) process.send(message);
  }

  /** Waits for a matching message of each process. Returns the processes that time out. */
  async #waitForAll(
    processes: readonly WorkerProcess[],
    matches: (message: FromWorker) => boolean,
    timeoutMs: number,
  ): Promise<readonly WorkerProcess[]> {
    const missing = new Set(processes);
    let listener: Listener | undefined;
    const all = new Promise<void>((resolve) => {
      listener = (process, message) => {
        if (matches(message) && missing.delete(process) && missing.size === 0) resolve();
      };
      this.#listeners.add(listener);
    });
    await withTimeout(all, timeoutMs);
    if (listener !== undefined) this.#listeners.delete(listener);
    return [...missing];
  }
}
