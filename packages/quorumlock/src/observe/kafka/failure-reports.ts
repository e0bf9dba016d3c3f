import type { Clock } from "../../base/clock.ts";
import { warnOnce } from "../../base/warn-once.ts";
import { notify } from "../../policies/listeners.ts";

/** The minimum time between two reports, in ms. */
const INTERVAL_MS = 60_000;

/** Reports failures of a publisher, at most one a minute. */
export class FailureReports {
  readonly #clock: Clock;
  readonly #onError: ((error: Error) => unknown) | undefined;
  #reportedAt = -Infinity;
  #suppressed = 0;
  /** The text of the latest failure, also of one that was not reported. */
  latest: string | undefined;

  constructor(clock: Clock, onError: ((error: Error) => unknown) | undefined) {
    this.#clock = clock;
    this.#onError = onError;
  }

  /** @param message without secrets. @param cause without secrets. */
  report(message: string, cause?: Error): void {
    this.latest = message;
    const now = this.#clock.monotonic();
    if (now - this.#reportedAt < INTERVAL_MS) {
      this.#suppressed += 1;
      return;
    }
    const more = this.#suppressed === 0 ? "" : `; ${this.#suppressed} failures before were not reported`;
    this.#reportedAt = now;
    this.#suppressed = 0;
    const text = `${message}${more}`;
    if (this.#onError === undefined) warnOnce("QUORUMLOCK_KAFKA", text);
    else notify("onError", this.#onError, new Error(text, { cause }));
  }
}
