import { constants } from "node:os";

/** Why a command was cut short. */
class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signal: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGPIPE") {
    super(`ended by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * A signal that aborts with Ctrl-C, SIGTERM, SIGHUP, or when nobody reads the output any more, so that a command can
 * stop what it started. A second Ctrl-C does not wait for that.
 */
export function interruption(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const handlers = names.map((name) => () => {
    const reason = new Interrupted(name);
    if (controller.signal.aborted) process.exit(reason.exitCode);
    controller.abort(reason);
  });
  const outputFailed = (): void => controller.abort(new Interrupted("SIGPIPE"));
  names.forEach((name, index) => process.on(name, handlers[index] as () => void));
  // It stays: what is still written while the command ends fails as well.
  process.stdout.on("error", outputFailed);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      names.forEach((name, index) => process.off(name, handlers[index] as () => void));
    },
  };
}

/** The exit code that an interruption asks for; `undefined` for any other error. */
export function exitCodeOf(error: unknown): number | undefined {
  return error instanceof Interrupted ? error.exitCode : undefined;
}
