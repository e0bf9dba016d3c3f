import { closeSync, fstatSync, openSync, readSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Custodian } from "./custodian.ts";
import type { FencedStore } from "./fenced-store.ts";
import type { Assignment, FromWorker, ToWorker } from "./messages.ts";
import { parseRecords, type WorkerRecord } from "./records.ts";
import { within } from "./within.ts";
import type { WorkerOptions } from "./worker/options.ts";
import { WorkerProcess } from "./worker-process.ts";

/** How long a new process may take until it answers, in ms. */
const START_TIMEOUT_MS = 20_000;

/** How long a worker may take to end what it is at, in ms: longer than any of its operations without servers. */
export const REST_TIMEOUT_MS = 20_000;

type Listener = (worker: WorkerProcess, message: FromWorker) => void;

/** The worker processes. One that is killed is replaced by a new one. */
export class Crew implements AsyncDisposable {
  /** What went wrong with workers that nobody had harmed. */
  readonly crashes: string[] = [];
  readonly #options: WorkerOptions;
  readonly #store: FencedStore;
  readonly #custodian: Custodian;
  #workers: WorkerProcess[] = [];
  /** Journals that may hold records which were not taken yet. */
  #journals = new Map<string, number>();
  readonly #ready = new WeakSet<WorkerProcess>();
  #assignment: Assignment | undefined;
  #rounds = 0;
  #ids = 0;
  #closing = false;
  readonly #listeners = new Set<Listener>();

  private constructor(options: WorkerOptions, store: FencedStore, custodian: Custodian) {
    this.#options = options;
    this.#store = store;
    this.#custodian = custodian;
  }

  /** @throws Error when a process cannot be started. */
  static async hire(
    count: number,
    options: WorkerOptions,
    store: FencedStore,
    custodian: Custodian,
  ): Promise<Crew> {
    const crew = new Crew(options, store, custodian);
    const workers = Array.from({ length: count }, () => crew.#start());
    const silent = await crew.#untilAll(workers, ({ kind }) => kind === "ready", START_TIMEOUT_MS);
    if (silent.length === 0) return crew;
    await crew[Symbol.asyncDispose]();
    throw new Error(`${silent.length} of ${count} workers did not start. ${crew.crashes.join("\n")}`);
  }

  get workers(): readonly WorkerProcess[] {
    return this.#workers;
  }

  work(assignment: Assignment): void {
    this.#assignment = assignment;
    // One that is still starting is told when it is ready.
    for (const worker of this.#workers) if (this.#ready.has(worker)) worker.say({ kind: "work", assignment });
  }

  /** Waits until every hand of every worker has acquired another lock; returns the workers that have not. */
  async prove(timeoutMs: number): Promise<readonly WorkerProcess[]> {
    const round = (this.#rounds += 1);
    const proved = this.#untilAll(
      this.#workers,
      (message) => message.kind === "proved" && message.round === round,
      timeoutMs,
    );
    this.#tellAll({ kind: "prove", round });
    return proved;
  }

  /** Has all workers end what they are at. One that does not is replaced; those are returned. */
  async rest(): Promise<readonly WorkerProcess[]> {
    this.#assignment = undefined;
    const rested = this.#untilAll(this.#workers, ({ kind }) => kind === "resting", REST_TIMEOUT_MS);
    this.#tellAll({ kind: "rest" });
    const restless = await rested;
    for (const worker of restless) this.replace(worker);
    return restless;
  }

  /** Kills a worker and starts another in its place, which takes up the same work. */
  replace(worker: WorkerProcess): void {
    if (!this.#workers.includes(worker)) return;
    worker.kill();
    this.#workers = this.#workers.filter((other) => other !== worker);
    this.#start();
  }

  /**
   * The next worker that has seen that it holds a lock and has yet to write; `undefined` after `timeoutMs`. One that
   * lingers holds it for about a ttl.
   */
  async nextAtWork(lingers: boolean, timeoutMs: number): Promise<WorkerProcess | undefined> {
    let heard: Listener | undefined;
    const atWork = new Promise<WorkerProcess>((resolve) => {
      heard = (worker, message) => {
        if (message.kind !== "checked" || message.lingers !== lingers) return;
        if (worker.alive && !worker.paused) resolve(worker);
      };
      this.#listeners.add(heard);
    });
    try {
      return await within(timeoutMs, atWork);
    } finally {
      if (heard !== undefined) this.#listeners.delete(heard);
    }
  }

  /** What the workers wrote down since the last time, also those that are no more. */
  takeRecords(): readonly WorkerRecord[] {
    const records = [...this.#journals].flatMap(([path, from]) => {
      const text = readFrom(path, from);
      const complete = text.subarray(0, text.lastIndexOf("\n") + 1);
      this.#journals.set(path, from + complete.length);
      return parseRecords(complete.toString());
    });
    const alive = new Set(this.#workers.map(({ journal }) => journal));
    for (const path of this.#journals.keys()) {
      if (alive.has(path)) continue;
      this.#journals.delete(path);
      rmSync(path, { force: true });
    }
    return records;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }

  #start(): WorkerProcess {
    const id = (this.#ids += 1);
    const journal = join(this.#custodian.directory, `worker-${id}.jsonl`);
    closeSync(openSync(journal, "a"));
    this.#journals.set(journal, 0);
    const worker = new WorkerProcess({ ...this.#options, id, journal }, this.#custodian);
    worker.onMessage = (message) => this.#hear(worker, message);
    worker.onCrash = (how) => {
      if (this.#closing) return;
      this.crashes.push(how);
      this.#workers = this.#workers.filter((other) => other !== worker);
      // A crash is a violation; those that cannot even start must not be started for ever.
      if (this.crashes.length < 10) this.#start();
    };
    this.#workers.push(worker);
    return worker;
  }

  #hear(worker: WorkerProcess, message: FromWorker): void {
    if (message.kind === "ready") {
      this.#ready.add(worker);
      if (this.#assignment !== undefined) worker.say({ kind: "work", assignment: this.#assignment });
    }
    if (message.kind === "write") {
      const accepted = this.#store.write(message.write);
      worker.say({ kind: "stored", id: message.id, accepted });
    }
    for (const heard of this.#listeners) heard(worker, message);
  }

  #tellAll(message: ToWorker): void {
    for (const worker of this.#workers) worker.say(message);
  }

  /** Waits for a message of each of the workers; returns those it did not come from in time. */
  async #untilAll(
    workers: readonly WorkerProcess[],
    wanted: (message: FromWorker) => boolean,
    timeoutMs: number,
  ): Promise<readonly WorkerProcess[]> {
    const missing = new Set(workers);
    let heard: Listener | undefined;
    const all = new Promise<void>((resolve) => {
      heard = (worker, message) => {
        if (wanted(message) && missing.delete(worker) && missing.size === 0) resolve();
      };
      this.#listeners.add(heard);
    });
    await within(timeoutMs, all);
    if (heard !== undefined) this.#listeners.delete(heard);
    return [...missing];
  }
}

function readFrom(path: string, from: number): Buffer {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, from));
  } finally {
    closeSync(file);
  }
}
