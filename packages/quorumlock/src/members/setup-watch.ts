import type { Deadline } from "../base/deadlines.ts";
import { InstanceError } from "../base/errors.ts";
import type { WarningCause } from "../base/events.ts";
import { toSafeError } from "../base/safe-error.ts";
import type { Instance } from "../instances/port.ts";
import { mustPostpone, type ReplyWatchContext } from "./reply-watch.ts";

/** How long an instance may be needed without an answer until a warning reports it. */
const PATIENCE_MS = 2_000;

/** Errors of connections that TLS cannot cause. */
const NOT_OF_TLS = /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b/;

/** Receives the warnings about all instances of a client. */
interface SetupListener {
  /** The instance cannot be used, probably because of a mistake in the setup. */
  warn(cause: WarningCause, instance: string, problem: string): void;
}

export interface SetupWatchContext extends ReplyWatchContext {
  readonly listener: SetupListener;
}

/**
 * Warns of an instance that probably has a mistake in its setup, while callers still wait:
 *
 * - It refuses the client or a request, for a reason that does not end by waiting.
 * - It has never answered. If its connection fails, the warning comes at once. If nothing happens, it comes after a while: a time-out
 *   alone is no sign of a mistake, because the start of a busy process can last that long.
 */
export class SetupWatch {
  readonly #instance: Instance;
  readonly #context: SetupWatchContext;
  /** Whether the server has ever answered. */
  #hasAnswered = false;
  /** The latest error that the client library reported since there is no connection. */
  #connectionError: Error | undefined;
  /** Set from the first request that was not answered to the first answer or the warning. */
  #patience: Deadline | undefined;
  #hasWarned = false;
  #isClosed = false;

  constructor(instance: Instance, context: SetupWatchContext) {
    this.#instance = instance;
    this.#context = context;
  }

  /** The server has answered, if only with an error. */
  onAnswer(): void {
    if (this.#hasAnswered) return;
    this.#hasAnswered = true;
    this.#patience?.cancel();
  }

  onConnectionError(error: Error): void {
    this.#connectionError = toSafeError(error);
  }

  /** The connection opened, or it broke with an error that says more than earlier ones. */
  onConnectionChanged(): void {
    this.#connectionError = undefined;
  }

  /** The instance has failed. */
  onFailure(error: InstanceError): void {
    if (error.isPermanent === true) this.onRefusal(error);
    else if (error.code === "INSTANCE_UNAVAILABLE") this.#warnIfUnreachable(error.message);
  }

  /** The instance refused the client or a request for good. */
  onRefusal({ message }: InstanceError): void {
    this.#context.listener.warn("refused", this.#instance.label, message);
  }

  /** A request could not be sent, or was not answered in time. `since`: when the instance was needed. */
  onNoAnswer(since: number): void {
    if (this.#hasAnswered || this.#hasWarned || this.#isClosed) return;
    const { advice } = this.#instance;
    if (advice === undefined) this.#patience ??= this.#checkAt(since + PATIENCE_MS);
    else this.#warnUnreachable(advice);
  }

  /** Adds the latest error of the connection to an error that does not say why there is no answer. */
  explain(error: InstanceError): InstanceError {
    const cause = this.#connectionError;
    const isAboutReply = error.code !== "INSTANCE_TIMEOUT" && error.code !== "INSTANCE_UNAVAILABLE";
    if (cause === undefined || isAboutReply || error.isPermanent === true) return error;
    const message = `${error.message} (latest error of the connection: ${cause.message || cause.name})`;
    return new InstanceError(error.code, message, { cause });
  }

  close(): void {
    this.#isClosed = true;
    this.#patience?.cancel();
  }

  /** The check comes after the data in the sockets were read, and later if this process was busy. */
  #checkAt(at: number, postponements = 0): Deadline {
    const { clock, deadlines } = this.#context;
    return deadlines.add(at, () => {
      const now = clock.monotonic();
      const delayMs = now - at;
      clock.afterIo(() => {
        if (this.#hasAnswered || this.#isClosed) return;
        if (mustPostpone(delayMs, postponements))
          this.#patience = this.#checkAt(now + Math.min(delayMs, PATIENCE_MS), postponements + 1);
        else this.#warnOfSilence();
      });
    });
  }

  #warnOfSilence(): void {
    const cause = this.#connectionError;
    const seconds = PATIENCE_MS / 1_000;
    this.#warnIfUnreachable(
      cause === undefined
        ? `no answer for ${seconds} s, and no error of the connection`
        : cause.message || cause.name,
    );
  }

  #warnIfUnreachable(problem: string): void {
    if (this.#hasAnswered) return;
    const what = NOT_OF_TLS.test(problem)
      ? "the address and the server"
      : "the address, that a Redis server is there, and whether it uses TLS (rediss://)";
    this.#warnUnreachable(`${problem}; the client keeps trying; check ${what}`);
  }

  #warnUnreachable(problem: string): void {
    this.#hasWarned = true;
    this.#patience?.cancel();
    this.#context.listener.warn("unreachable", this.#instance.label, problem);
  }
}
