import { emitKeypressEvents, type Key } from "node:readline";
import sliceAnsi from "slice-ansi";
import type { Output } from "./output.ts";

const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const CLEAR_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** What a screen reports to the command. */
export interface LiveScreenEvents {
  /** A key was pressed. Ctrl-C arrives here, too, because the terminal is in raw mode. */
  readonly onKey: (key: Key) => void;
  /** The terminal has another size. */
  readonly onResize: () => void;
}

/**
 * The alternate screen of a terminal, with its keys. Dispose it on every way out: then the terminal shows what it showed before, with its
 * cursor. If the process ends in another way, the screen restores the terminal, too.
 */
export class LiveScreen implements Disposable {
  readonly #output: Output;
  readonly #restore = (): void => this[Symbol.dispose]();
  readonly #events: LiveScreenEvents;
  readonly #onKey = (_text: string | undefined, key: Key): void => this.#events.onKey(key);
  #isOpen = true;

  constructor(output: Output, events: LiveScreenEvents) {
    this.#output = output;
    this.#events = events;
    process.stdout.write(ENTER);
    process.stdout.on("resize", events.onResize);
    process.on("exit", this.#restore);
    if (!process.stdin.isTTY) return;
    // A terminal that is gone, for example because its window was closed. SIGHUP ends the command.
    process.stdin.on("error", ignore);
    emitKeypressEvents(process.stdin);
    process.stdin.setRawMode(true);
    process.stdin.on("keypress", this.#onKey);
    process.stdin.resume();
  }

  get columns(): number {
    return process.stdout.columns || DEFAULT_COLUMNS;
  }

  get rows(): number {
    return process.stdout.rows || DEFAULT_ROWS;
  }

  /** Draws lines from the top. What does not fit is cut, because a line that wraps would move the others. */
  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    const fitted = lines
      .slice(0, this.rows)
      .map((line) => sliceAnsi(this.#output.plain(line), 0, this.columns));
    const shown = fitted.map((line) => `${line}${CLEAR_LINE}`);
    process.stdout.write(`${HOME}${shown.join("\r\n")}${CLEAR_BELOW}`);
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off("exit", this.#restore);
    process.stdout.off("resize", this.#events.onResize);
    process.stdin.off("keypress", this.#onKey);
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    // Otherwise it keeps the process running.
    process.stdin.pause();
    process.stdout.write(LEAVE);
  }
}

function ignore(): void {}

/** Whether the key ends a live screen: q, Ctrl-C, or Ctrl-D. */
export function isQuitKey({ name, ctrl }: Key): boolean {
  return (name === "q" && ctrl !== true) || (ctrl === true && (name === "c" || name === "d"));
}
