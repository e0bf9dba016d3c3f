import { styleText } from "node:util";
import { THIN_SPACE } from "../../format/spaces.ts";
import { EXIT } from "../command-error.ts";

/** `good`, `attention`, `bad`, `paused` and `unknown` are the states of the monitor. `faint` is for what matters less. */
export type Style = "good" | "attention" | "bad" | "paused" | "unknown" | "bold" | "faint";

const COLOURS = {
  good: "green",
  attention: "yellow",
  bad: "red",
  paused: "cyan",
  unknown: "gray",
  bold: "bold",
  faint: "dim",
} as const;

/** Marks of states. State is never colour alone. */
export const MARKS = { good: "●", attention: "▲", bad: "✕", paused: "❚❚", unknown: "◌", note: "·" } as const;

/** What replaces the characters that the output uses and ASCII has not. */
const ASCII: Readonly<Record<string, string>> = {
  "●": "o",
  "▲": "!",
  "✕": "x",
  "❚": "|",
  "◌": "?",
  "·": "-",
  "…": "...",
  "–": "-",
  "—": "-",
  "−": "-",
  "█": "#",
  "░": ".",
  "▒": "/",
  "›": ">",
  "‹": "<",
  "≥": ">=",
  "“": '"',
  "”": '"',
  "±": "+-",
};
const DEFAULT_WIDTH = 100;

export interface OutputOptions {
  readonly json: boolean;
  readonly color: boolean;
  readonly ascii: boolean;
  readonly quiet: boolean;
}

/**
 * Where a command prints. Results go to the standard output and everything else to the standard error. Colours appear only on a
 * terminal, without `NO_COLOR` and without `--no-color`.
 */
export class Output {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly #isAscii: boolean;
  readonly #hasColour: boolean;
  readonly #hasErrorColour: boolean;

  constructor(
    { json, color, ascii, quiet }: OutputOptions,
    environment: Readonly<Record<string, string | undefined>> = process.env,
  ) {
    this.isJson = json;
    this.isQuiet = quiet;
    this.#isAscii = ascii;
    const isWanted = color && !environment.NO_COLOR && environment.TERM !== "dumb" && !json;
    this.#hasColour = isWanted && process.stdout.isTTY;
    this.#hasErrorColour = isWanted && process.stderr.isTTY;
  }

  /** Whether the standard output is a terminal. */
  get isTerminal(): boolean {
    return process.stdout.isTTY;
  }

  /** Columns of the terminal. `undefined` in a pipe, where nothing is cut. */
  get width(): number | undefined {
    return process.stdout.isTTY ? process.stdout.columns || DEFAULT_WIDTH : undefined;
  }

  /** Adds the style, if there are colours. */
  paint(style: Style, text: string): string {
    return this.#hasColour ? styleText(COLOURS[style], text, { validateStream: false }) : text;
  }

  /** Prints some lines of a result. */
  print(...lines: readonly string[]): void {
    this.printLines(lines);
  }

  /** Prints any number of lines of a result. A call has too few arguments for a long list. */
  printLines(lines: readonly string[]): void {
    for (const line of lines) process.stdout.write(`${this.plain(line)}\n`);
  }

  /** Prints one JSON object in one line. Every object has the number of its schema. */
  printJson(value: Readonly<Record<string, unknown>>): void {
    process.stdout.write(`${JSON.stringify({ schema: 1, ...value })}\n`);
  }

  /** Prints what is no result: to the standard error, and not with `--quiet`. */
  note(line: string, style?: Style): void {
    if (this.isQuiet) return;
    this.#printError(line, style);
  }

  /** Prints a problem to the standard error. */
  problem(line: string): void {
    this.#printError(line, undefined);
  }

  #printError(line: string, style: Style | undefined): void {
    const text = this.plain(line);
    const isStyled = style !== undefined && this.#hasErrorColour;
    process.stderr.write(`${isStyled ? styleText(COLOURS[style], text, { validateStream: false }) : text}\n`);
  }

  /** Terminals draw thin spaces badly. With `--ascii`, marks become ASCII characters, and others become `\\u{…}`. */
  plain(text: string): string {
    const spaced = text.replaceAll(THIN_SPACE, " ");
    if (!this.#isAscii) return spaced;
    return spaced.replace(
      /\P{ASCII}/gu,
      (character) => ASCII[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    );
  }
}

/**
 * A reader that needs no more, such as `head`, closes the pipe. Then the command ends quietly. A command that has to clean up listens for
 * the error itself (`interruption`).
 */
export function endWhenOutputCloses(): void {
  // Nobody can be told that the standard error fails.
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (process.stdout.listenerCount("error") > 1) return;
    if (error.code === "EPIPE") process.exit(0);
    if (isTerminalGone(error)) return killByHangup();
    reportOutputError(error);
    process.exit();
  });
}

/** Whether a write failed because the terminal is gone, for example with its window. */
export function isTerminalGone({ code }: NodeJS.ErrnoException): boolean {
  return code === "EIO" && process.stdout.isTTY;
}

/** Ends the process as SIGHUP does without a listener. */
export function killByHangup(): void {
  process.removeAllListeners("SIGHUP");
  process.kill(process.pid, "SIGHUP");
}

let hasReported = false;

/** Says once that results cannot be written, for example to a full disk, and lets the process end with 73, whatever the command sets. */
export function reportOutputError({ code, message }: NodeJS.ErrnoException): void {
  if (hasReported) return;
  hasReported = true;
  process.stderr.write(`The output cannot be written (${code ?? message})\n`);
  process.on("exit", () => (process.exitCode = EXIT.cannotWrite));
}
