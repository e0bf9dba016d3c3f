import { closeSync, fstatSync, openSync, readSync, rmSync } from "node:fs";
import { parseRecords, type WorkerRecord } from "../worker/records.ts";

/** Reads the journals of all worker processes. */
export class JournalReader {
  /** For each journal, how many bytes were read. */
  readonly #offsets = new Map<string, number>();

  /** Creates an empty journal. */
  create(path: string): void {
    closeSync(openSync(path, "a"));
    this.#offsets.set(path, 0);
  }

  /** Returns all records since the last call. */
  takeRecords(): readonly WorkerRecord[] {
    return [...this.#offsets].flatMap(([path, offset]) => {
      const text = readFrom(path, offset);
      const complete = text.subarray(0, text.lastIndexOf("\n") + 1);
      this.#offsets.set(path, offset + complete.length);
      return parseRecords(complete.toString());
    });
  }

  /** Removes the journals of processes that have ended. */
  removeAllExcept(current: ReadonlySet<string>): void {
    for (const path of this.#offsets.keys()) {
      if (current.has(path)) continue;
      this.#offsets.delete(path);
      rmSync(path, { force: true });
    }
  }
}

/** Reads a file from a byte offset to its end. */
function readFrom(path: string, offset: number): Buffer {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(file);
  }
}
