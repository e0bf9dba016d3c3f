import { constants } from "node:os";

/** The reason with which the signal of `interruption()` aborts. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(name: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGPIPE") {
    super(`interrupted by ${name}`);
    this.exitCode = 128 + constants.signals[name];
  }
}

/**
 * Returns a signal that aborts at SIGINT, SIGTERM or SIGHUP, or when the output is closed. A second signal of these ends the
 * process at once; the reaper then cleans up.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      const reason = new Interrupted(name);
      if (controller.signal.aborted) process.exit(reason.exitCode);
      controller.abort(reason);
    });
  }
  process.stdout.on("error", () => controller.abort(new Interrupted("SIGPIPE")));
  return controller.signal;
}
