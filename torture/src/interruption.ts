import { constants } from "node:os";

/** Why a run was cut short. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(name: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGPIPE") {
    super(`ended by ${name}`);
    this.exitCode = 128 + constants.signals[name];
  }
}

/** A signal that aborts with Ctrl-C, SIGTERM, SIGHUP, or when nobody reads the output any more. A second one ends the process at once. */
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
