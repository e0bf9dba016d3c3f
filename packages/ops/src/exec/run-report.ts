import { closeSync, constants, openSync, writeSync } from "node:fs";
import { CommandError, EXIT } from "../cli/command-error.ts";
import { safeMessage } from "../format/safe-message.ts";

/** How a run ended. `not-started`: the command or its guard could not be started. */
export type RunOutcome =
  | "ran"
  | "busy"
  | "no-quorum"
  | "lost"
  | "max-run"
  | "interrupted"
  | "not-started"
  | "nested";

/** What `--report` writes. It tells apart what has the same exit code. */
export interface RunReport {
  readonly outcome: RunOutcome;
  /** The exit code of `exec`. 128 + n if it ends by signal n. */
  readonly exitCode: number;
  /** The signal by which the command ended, or that interrupted the wait. */
  readonly signal: NodeJS.Signals | null;
  readonly fence: number | null;
  readonly waitedMs: number;
  readonly heldMs: number;
}

/**
 * The file of `--report`. It is opened and emptied before the run, so that a path that cannot be written stops the run, and so that an
 * old report is not taken for a new one.
 */
export class ReportFile {
  readonly #descriptor: number;

  /** @throws CommandError if the file cannot be written. */
  constructor(path: string) {
    // Without O_NONBLOCK, a pipe that nobody reads would stop this process.
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK;
    try {
      this.#descriptor = openSync(path, flags, 0o666);
    } catch (error) {
      throw new CommandError(`--report: the file cannot be written: ${safeMessage(error)}`, EXIT.cannotWrite);
    }
  }

  /** Writes the report, and closes the file. */
  write(report: RunReport): void {
    try {
      writeSync(this.#descriptor, `${JSON.stringify({ schema: 1, ...report })}\n`);
    } finally {
      closeSync(this.#descriptor);
    }
  }
}
