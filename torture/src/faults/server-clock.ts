import { closeSync, openSync, writeSync } from "node:fs";

/** The wall clock of one server. Its offset is 0 at first. */
export class ServerClock implements Disposable {
  /** Environment variables to start the server with. */
  readonly env: Readonly<Record<string, string>>;
  readonly #file: number;

  /**
   * @param shim path of the compiled clock shim.
   * @param path file that holds the offset. Created here.
   */
  constructor(shim: string, path: string) {
    this.env = { LD_PRELOAD: shim, TORTURE_CLOCK_FILE: path };
    this.#file = openSync(path, "w+");
    this.setOffset(0);
  }

  /** @param offsetMs how far the server's clock is ahead of the machine's clock, in ms. */
  setOffset(offsetMs: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(Math.round(offsetMs * 1_000)));
    // One write, in place: the server has mapped the file, and must never read half of a number.
    writeSync(this.#file, bytes, 0, bytes.length, 0);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
