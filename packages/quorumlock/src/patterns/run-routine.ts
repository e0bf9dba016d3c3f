import type { Clock } from "../base/clock.ts";
import { LockLostError } from "../base/errors.ts";
import { toError } from "../base/to-error.ts";
import type { Lock } from "../lockable.ts";
import { RunTimeoutError } from "./errors.ts";
import { sleepOrWake } from "./pause.ts";

/** How a routine has ended. `pending`: not yet, although its signal has aborted. */
export type Ending<T> =
  | { readonly state: "returned"; readonly value: T }
  | { readonly state: "threw"; readonly error: unknown }
  | { readonly state: "pending" };

/** What a routine runs under. */
export interface RoutineScope {
  readonly clock: Clock;
  /** The name of the job, for errors. */
  readonly name: string;
  readonly lock: Lock;
  /** Of the caller. */
  readonly signal: AbortSignal | undefined;
  /** How long the routine may run. */
  readonly limitMs: number;
  /** How long it may take to end after its signal has aborted. */
  readonly graceMs: number;
  /** Called when the lock is lost, before the signal of the routine aborts. */
  readonly onLoss?: (() => void) | undefined;
}

/** A routine that has ended, or that is not waited for any more. */
export interface RoutineEnd<T> {
  readonly ending: Ending<T>;
  /** Set if the routine ran for too long. A result that comes after that is ignored. */
  readonly timeout: RunTimeoutError | undefined;
}

/**
 * Runs a routine until it ends, or until `graceMs` after its signal has aborted. The signal aborts when the lock is lost, when `limitMs`
 * is over, and when the caller's signal aborts.
 */
export async function runRoutine<T>(
  scope: RoutineScope,
  routine: (signal: AbortSignal) => T | Promise<T>,
): Promise<RoutineEnd<T>> {
  const { clock, name, lock, signal, limitMs, graceMs } = scope;
  const controller = new AbortController();
  let timeout: RunTimeoutError | undefined;
  const onLoss = (): void => {
    scope.onLoss?.();
    controller.abort(lock.signal.reason);
  };
  const onAbort = (): void => controller.abort(signal?.reason);
  const timer = clock.setTimer(
    limitMs,
    () => {
      if (controller.signal.aborted) return;
      timeout = new RunTimeoutError(name, limitMs);
      controller.abort(timeout);
    },
    false,
  );
  lock.signal.addEventListener("abort", onLoss, { once: true });
  signal?.addEventListener("abort", onAbort, { once: true });
  if (lock.signal.aborted) onLoss();
  if (signal?.aborted === true) onAbort();
  try {
    const running = endingOf(() => routine(controller.signal));
    const ending = await Promise.race([running, graceOver(clock, graceMs, controller.signal, running)]);
    return { ending, timeout };
  } finally {
    timer.cancel();
    lock.signal.removeEventListener("abort", onLoss);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** The loss of a lock that is not held any more. */
export function lossOf({ signal, names }: Lock): LockLostError {
  const reason: unknown = signal.reason;
  if (reason instanceof LockLostError) return reason;
  if (!signal.aborted) return new LockLostError(names, "its lease has ended while the routine ran");
  return new LockLostError(names, toError(reason).message, { cause: reason });
}

async function graceOver(
  clock: Clock,
  graceMs: number,
  signal: AbortSignal,
  running: Promise<unknown>,
): Promise<{ readonly state: "pending" }> {
  if (!signal.aborted)
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  await sleepOrWake(clock, graceMs, (wake) => {
    void running.then(wake);
    return () => undefined;
  });
  return { state: "pending" };
}

async function endingOf<T>(routine: () => T | Promise<T>): Promise<Ending<T>> {
  try {
    return { state: "returned", value: await routine() };
  } catch (error) {
    return { state: "threw", error };
  }
}
