import { createInterface } from "node:readline";

/**
 * Asks questions on a terminal. The terminal stays in its usual mode, in which it edits the line itself and Ctrl-C sends a signal. So there
 * is nothing to restore, however the process ends.
 */
export class Prompt implements Disposable {
  readonly #lines = createInterface({ input: process.stdin, terminal: false });
  readonly #answers = this.#lines[Symbol.asyncIterator]();
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether there is a terminal that shows a question and takes the answer. */
  static get isPossible(): boolean {
    return process.stdin.isTTY && process.stderr.isTTY;
  }

  /**
   * @returns the answer, or `undefined` if the input was closed.
   * @throws the reason of the signal if it aborts.
   */
  async ask(question: string): Promise<string | undefined> {
    process.stderr.write(question);
    const signal = this.#signal;
    let onAbort!: () => void;
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason as Error);
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
    });
    try {
      const answer = await Promise.race([this.#answers.next(), aborted]);
      if (answer.done !== true) return answer.value;
      process.stderr.write("\n");
      return undefined;
    } catch (error) {
      process.stderr.write("\n");
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  [Symbol.dispose](): void {
    this.#lines.close();
    process.stdin.unref();
  }
}
