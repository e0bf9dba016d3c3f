import { openSync, writeSync } from "node:fs";
import { nowMs } from "../monotonic.ts";
import type { WorkerRecord } from "./records.ts";

type WithoutHeader<T> = T extends unknown ? Omit<T, "at" | "worker"> : never;

/** Writes the records of one worker. `write()` is synchronous, so that a record survives a kill of the process. */
export class Journal {
  /** Name of the worker, such as "4711.0". */
  readonly worker: string;
  readonly #file: number;

  constructor(file: number, worker: string) {
    this.#file = file;
    this.worker = worker;
  }

  write(record: WithoutHeader<WorkerRecord>, at = nowMs()): void {
    writeSync(this.#file, `${JSON.stringify({ at, worker: this.worker, ...record })}\n`);
  }
}

export function openJournal(path: string): number {
  return openSync(path, "a");
}
