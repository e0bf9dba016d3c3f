import { setMaxListeners } from "node:events";
import { constants } from "node:os";

/** The reason with which the signal of `interruption()` aborts. */
class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signal: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGPIPE") {
    super(`interrupted by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
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
    const reason = new Interrupted(name);
    if (controller.signal.aborted) process.exit(reason.exitCode);
    controller.abort(reason);
  });
  const onOutputError = (): void => controller.abort(new Interrupted("SIGPIPE"));
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
  if (!(error instanceof Interrupted) || error.exitCode !== 128 + constants.signals.SIGHUP) return;
  process.removeAllListeners("SIGHUP");
  process.kill(process.pid, "SIGHUP");
}

/** The exit code of an interruption. `undefined` for any other error. */
export function exitCodeOf(error: unknown): number | undefined {
  return error instanceof Interrupted ? error.exitCode : undefined;
}
