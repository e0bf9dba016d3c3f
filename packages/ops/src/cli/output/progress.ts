import { performance } from "node:perf_hooks";
import type { Output } from "./output.ts";

const FIRST_MS = 500;
const INTERVAL_MS = 200;

/** One line on a terminal at the standard error that says how far a long command is. It disappears at the end. */
export class Progress implements Disposable {
  readonly #isShown: boolean;
  #nextAt = performance.now() + FIRST_MS;
  /** The length of the line that is shown. */
  #shown = 0;

  constructor(output: Output) {
    this.#isShown = process.stderr.isTTY && !output.isQuiet && !output.isJson;
  }

  show(text: string): void {
    const now = performance.now();
    if (!this.#isShown || now < this.#nextAt) return;
    this.#nextAt = now + INTERVAL_MS;
    process.stderr.write(`\r${text.padEnd(this.#shown)}`);
    this.#shown = text.length;
  }

  [Symbol.dispose](): void {
    if (this.#shown > 0) process.stderr.write(`\r${" ".repeat(this.#shown)}\r`);
  }
}
