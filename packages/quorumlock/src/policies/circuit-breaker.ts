import type { Clock } from "../base/clock.ts";
import { checkWholeNumber } from "../base/check-whole-number.ts";
import type { LockError } from "../base/errors.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkOptions } from "../base/options.ts";
import { checkNumber } from "./check-number.ts";
import { CircuitOpenError } from "./errors.ts";
import { checkListener, notify } from "./listeners.ts";

// The shape is that of cockatiel 3, whose policies read Date.now(). So it cannot run in virtual time, and the library has no dependencies.

/** Options of a circuit breaker. */
export interface CircuitBreakerOptions {
  /** How many failures in a row open it. A whole number of at least 1. @default 5 */
  readonly failureThreshold?: number | undefined;
  /** How long it stays open before it lets trial calls through, in ms. At least 1. @default 60_000 */
  readonly recoveryMs?: number | undefined;
  /** How many trial calls must succeed before it closes. A whole number of at least 1. @default 2 */
  readonly successThreshold?: number | undefined;
  /** How many trial calls may be under way at a time. A whole number of at least 1. @default 1 */
  readonly halfOpenTrials?: number | undefined;
}

/** `closed`: calls pass. `open`: calls fail at once. `half-open`: a few trial calls pass. */
export type CircuitState = "closed" | "open" | "half-open";

/** The state of a circuit breaker has changed. */
export interface CircuitChange {
  /** The state before. */
  readonly from: CircuitState;
  /** The state now. */
  readonly to: CircuitState;
  /** The failure that opened it. `undefined` if the change has another cause. */
  readonly error: LockError | undefined;
}

/**
 * - `granted`: the lock was acquired.
 * - `contended`: another holder has it.
 * - `unreachable`: too few servers voted.
 * - `other`: the call says nothing about the servers, for example because its caller aborted it.
 */
export type CallResult = "granted" | "contended" | "unreachable" | "other";

/** A call that the breaker let through. It reports its result once. */
export interface GuardedCall {
  end(result: CallResult, error?: LockError): void;
}

/** A trial call in the state `half-open`. */
interface Trial {
  readonly startedAt: number;
}

/**
 * - `closed`: counts failures in a row.
 * - `open`: from the failure that opened it until the first call after `recoveryMs`.
 * - `half-open`: until enough trials have succeeded, or one has failed.
 *
 * Each change makes a new object, so that a call that began in an earlier state changes nothing.
 */
type State =
  | { readonly name: "closed"; failures: number }
  | { readonly name: "open"; readonly clock: Clock; readonly openedAt: number; readonly error: LockError }
  | {
      readonly name: "half-open";
      readonly trials: Set<Trial>;
      successes: number;
      readonly error: LockError;
    };

/** The method by which a lockable asks whether its call may pass. Both builds of the library use the same symbol. */
export const BEGIN_CALL = Symbol.for("quorumlock.circuitBreaker");

/**
 * Stops calls to servers that are down, so that callers learn it at once. One object serves any number of lockables. Use one for each
 * set of servers: `withCircuitBreaker(lockable, breaker)`.
 */
export class CircuitBreaker {
  readonly #failureThreshold: number;
  readonly #recoveryMs: number;
  readonly #successThreshold: number;
  readonly #halfOpenTrials: number;
  readonly #listeners = new Set<(change: CircuitChange) => void>();
  #state: State = { name: "closed", failures: 0 };

  /** @throws TypeError, RangeError for bad options, with the field and the value. */
  constructor(options: CircuitBreakerOptions = {}) {
    checkOptions(options);
    refuseUnknownOptions(options, {
      failureThreshold: true,
      recoveryMs: true,
      successThreshold: true,
      halfOpenTrials: true,
    });
    const { failureThreshold = 5, recoveryMs = 60_000, successThreshold = 2, halfOpenTrials = 1 } = options;
    this.#failureThreshold = checkCount("failureThreshold", failureThreshold);
    this.#recoveryMs = checkNumber("recoveryMs", recoveryMs, 1);
    this.#successThreshold = checkCount("successThreshold", successThreshold);
    this.#halfOpenTrials = checkCount("halfOpenTrials", halfOpenTrials);
  }

  /** The present state. It changes from `open` to `half-open` with the first call after `recoveryMs`. */
  get state(): CircuitState {
    return this.#state.name;
  }

  /** How many calls have failed in a row. 0 unless the state is `closed`. */
  get failures(): number {
    return this.#state.name === "closed" ? this.#state.failures : 0;
  }

  /** How many trial calls have succeeded. 0 unless the state is `half-open`. */
  get successes(): number {
    return this.#state.name === "half-open" ? this.#state.successes : 0;
  }

  /** Calls the listener at every change of the state, until the returned function is called. @throws TypeError for no function. */
  onChange(listener: (change: CircuitChange) => void): () => void {
    checkListener("listener", listener);
    const entry = (change: CircuitChange): void => listener(change);
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Closes it, and forgets all failures. Calls that are under way do not count any more. */
  reset(): void {
    this.#become({ name: "closed", failures: 0 });
  }

  /** The fields for a log. */
  toJSON(): Record<string, unknown> {
    const { state, failures, successes } = this;
    return { state, failures, successes };
  }

  [BEGIN_CALL](names: readonly string[], clock: Clock): GuardedCall {
    const state = this.#state;
    if (state.name === "closed") return { end: (...result) => this.#endInClosed(state, clock, ...result) };
    const now = clock.monotonic();
    if (state.name === "open") {
      // Its own clock measures how long it has been open, because a breaker can serve clients with different clocks.
      const restMs = this.#recoveryMs - (state.clock.monotonic() - state.openedAt);
      if (restMs > 0) throw new CircuitOpenError(names, restMs, state.error);
      this.#become({ name: "half-open", trials: new Set(), successes: 0, error: state.error });
      return this[BEGIN_CALL](names, clock);
    }
    // A trial may wait for a holder for a long time. It must not keep all other calls away.
    for (const trial of state.trials)
      if (now - trial.startedAt >= this.#recoveryMs) state.trials.delete(trial);
    if (state.trials.size >= this.#halfOpenTrials) throw new CircuitOpenError(names, 0, state.error);
    const trial: Trial = { startedAt: now };
    state.trials.add(trial);
    return {
      end: (result, error) => {
        state.trials.delete(trial);
        if (this.#state === state) this.#endTrial(state, clock, result, error);
      },
    };
  }

  #endInClosed(
    state: State & { name: "closed" },
    clock: Clock,
    result: CallResult,
    error: LockError | undefined,
  ): void {
    if (this.#state !== state) return;
    // A holder in this process is found without a request, so contention does not show that the servers answer.
    if (result === "granted") state.failures = 0;
    if (result !== "unreachable" || error === undefined) return;
    state.failures += 1;
    if (state.failures >= this.#failureThreshold) this.#open(clock, error);
  }

  #endTrial(
    state: State & { name: "half-open" },
    clock: Clock,
    result: CallResult,
    error: LockError | undefined,
  ): void {
    if (result === "unreachable" && error !== undefined) this.#open(clock, error);
    if (result !== "granted" && result !== "contended") return;
    state.successes += 1;
    if (state.successes >= this.#successThreshold) this.#become({ name: "closed", failures: 0 });
  }

  #open(clock: Clock, error: LockError): void {
    this.#become({ name: "open", clock, openedAt: clock.monotonic(), error });
  }

  #become(state: State): void {
    const from = this.#state.name;
    this.#state = state;
    if (from === state.name) return;
    const change = { from, to: state.name, error: state.name === "open" ? state.error : undefined };
    for (const listener of this.#listeners) notify("a listener of the circuit breaker", listener, change);
  }
}

function checkCount(field: string, value: number): number {
  return checkWholeNumber(field, value, 1, Number.MAX_SAFE_INTEGER);
}
