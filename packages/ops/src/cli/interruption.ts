import { setMaxListeners } from "node:events";
import { constants } from "node:os";
import { EXIT } from "./command-error.ts";
import { isTerminalGone, killByHangup, reportOutputError } from "./output/output.ts";

const HANGUP = 128 + constants.signals.SIGHUP;

/** The reason with which the signal of `interruption()` aborts. */
class Interrupted extends Error {
  readonly exitCode: number;

  constructor(cause: string, exitCode: number) {
    super(`interrupted by ${cause}`);
    this.exitCode = exitCode;
  }
}

/**
 * Provides a signal that aborts at SIGINT, SIGTERM or SIGHUP, or when the output is closed. The command then stops its
 * processes. A second signal ends the command at once.
 */
export function interruption(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  // Node 20 warns of a leak if more than ten callers wait with one signal.
  setMaxListeners(0, controller.signal);
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const handlers = names.map((name) => () => {
    const reason = new Interrupted(name, 128 + constants.signals[name]);
    if (controller.signal.aborted) process.exit(reason.exitCode);
    controller.abort(reason);
  });
  const onOutputError = (error: NodeJS.ErrnoException): void => {
    // A reader that needs no more, such as `head`, is no mistake.
    if (error.code === "EPIPE") return controller.abort(new Interrupted("a closed output", 0));
    // SIGHUP comes at the same time.
    if (isTerminalGone(error)) return controller.abort(new Interrupted("SIGHUP", HANGUP));
    reportOutputError(error);
    controller.abort(new Interrupted("an output that fails", EXIT.cannotWrite));
  };
  names.forEach((name, index) => process.on(name, handlers[index] as () => void));
  // Never removed, because later writes to the closed output fail too.
  process.stdout.on("error", onOutputError);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      names.forEach((name, index) => process.off(name, handlers[index] as () => void));
    },
  };
}

/**
 * Ends the process by SIGHUP if that was the interruption, because its terminal is gone: Node crashes if it resets a terminal that is gone.
 * Call it when everything is cleaned up.
 */
export function endByHangup(error: unknown): void {
  if (!(error instanceof Interrupted) || error.exitCode !== HANGUP) return;
  killByHangup();
}

/** The exit code of an interruption: 0 if the reader of the output closed it. `undefined` for any other error. */
export function exitCodeOf(error: unknown): number | undefined {
  // Timers of Node reject with an error of their own, whose cause is the reason.
  const reason = error instanceof Error && error.name === "AbortError" ? error.cause : error;
  return reason instanceof Interrupted ? reason.exitCode : undefined;
}
