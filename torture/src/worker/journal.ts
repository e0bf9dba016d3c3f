import { openSync, writeSync } from "node:fs";
import { nowMs } from "../monotonic.ts";
import type { WorkerRecord } from "../records.ts";

type Unsigned<T> = T extends unknown ? Omit<T, "at" | "hand"> : never;

/**
 * Where one hand writes down what it does. Each line is with the operating system when the call returns, so that it
 * survives whatever happens to this process next.
 */
export class Journal {
  readonly #file: number;
  readonly #hand: string;

  constructor(file: number, hand: string) {
    this.#file = file;
    this.#hand = hand;
  }

  write(record: Unsigned<WorkerRecord>, at = nowMs()): void {
    writeSync(this.#file, `${JSON.stringify({ at, hand: this.#hand, ...record })}\n`);
  }
}

export function openJournal(path: string): number {
  return openSync(path, "a");
}
