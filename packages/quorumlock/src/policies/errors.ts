import { LockError, quoted } from "../base/errors.ts";
import { shareClass } from "../base/shared-class.ts";

// This class is not in base/errors.ts, because a bundle should contain it only with the policy that throws it.

/** The circuit breaker is open, so no request was sent. `cause` is the last failure before that. */
export class CircuitOpenError extends LockError {
  override readonly name = "CircuitOpenError";
  readonly code = "LOCK_CIRCUIT_OPEN";
  /** Time until the breaker lets a call through, in ms. 0 if trial calls are under way now. */
  readonly retryAfter: number;

  constructor(names: readonly string[], retryAfter: number, lastFailure: Error) {
    const when =
      retryAfter > 0
        ? `it lets a call through in ${Math.ceil(retryAfter)} ms`
        : "trial calls are under way, and it waits for their results";
    const [reason = ""] = lastFailure.message.split("\n");
    super(names, `${quoted(names)}: the circuit breaker is open: ${when}; the last failure: ${reason}`, {
      cause: lastFailure,
    });
    this.retryAfter = retryAfter;
  }
}

shareClass("CircuitOpenError", CircuitOpenError);
