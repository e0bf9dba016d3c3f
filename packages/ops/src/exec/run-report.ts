import { closeSync, constants, fstatSync, ftruncateSync, openSync, type Stats, writeSync } from "node:fs";
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
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK;
    try {
      this.#descriptor = openSync(path, flags, 0o666);
      if (this.#isOwnFile) ftruncateSync(this.#descriptor);
    } catch (error) {
      throw new CommandError(`--report: the file cannot be written: ${safeMessage(error)}`, EXIT.cannotWrite);
    }
  }

  /**
   * Writes the report, and closes the file. Never throws, because the run has ended as it has.
   * @returns why it was not written. `undefined` if it was.
   */
  write(report: RunReport): string | undefined {
    const text = `${JSON.stringify({ schema: 1, ...report })}\n`;
    try {
      // Another run may have written to the same file meanwhile.
      if (this.#isOwnFile) ftruncateSync(this.#descriptor);
      const stats = fstatSync(this.#descriptor);
      writeSync(this.#descriptor, text, stats.isFile() ? stats.size : null);
      closeSync(this.#descriptor);
      return undefined;
    } catch (error) {
      return safeMessage(error);
    }
  }

  /** Whether it is a file that nothing but the report goes to. /dev/stdout can be a file that has the output of the command. */
  get #isOwnFile(): boolean {
    const stats = fstatSync(this.#descriptor);
    return stats.isFile() && ![1, 2].some((descriptor) => isSame(stats, descriptor));
  }
}

function isSame({ dev, ino }: Stats, descriptor: number): boolean {
  try {
    const other = fstatSync(descriptor);
    return other.dev === dev && other.ino === ino;
  } catch {
    // It is closed.
    return false;
  }
}
