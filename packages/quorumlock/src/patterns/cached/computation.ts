import type { Clock } from "../../base/clock.ts";
import { RunTimeoutError } from "../errors.ts";
import { plainOf } from "../json.ts";

/** What a computation gets. */
export interface ComputeContext {
  /** The fencing token of the lock. `undefined` if the value is computed without a lock (`unlocked`). */
  readonly fence: number | undefined;
  /** Aborts if the computation takes too long, if its lock is lost, and if all callers have left. */
  readonly signal: AbortSignal;
}

/** Computes the value of a key: anything that JSON can be made of, or `undefined` if there is none. */
export type Compute<T> = (context: ComputeContext) => T | Promise<T>;

/** A computation that has begun. */
export interface Computation {
  /** The value as JSON has it. Rejects without the computation when its time is over, or when all callers have left. */
  readonly result: Promise<unknown>;
  /** Resolves when the computation itself has ended. */
  readonly settled: Promise<void>;
  readonly hasSettled: boolean;
}

export interface ComputationScope {
  /** The key, for errors. */
  readonly key: string;
  readonly fence: number | undefined;
  readonly limitMs: number;
  /** Ends the wait for the result. */
  readonly abandoned: AbortSignal;
  /** Aborts when the lock is lost. Its result may still be used. */
  readonly lost: AbortSignal | undefined;
}

/** Begins a computation. It is never assumed to stop when its signal aborts. */
export function startComputation(
  clock: Clock,
  compute: Compute<unknown>,
  { key, fence, limitMs, abandoned, lost }: ComputationScope,
): Computation {
  const controller = new AbortController();
  let stop!: (reason: unknown) => void;
  const stopped = new Promise<never>((_, reject) => (stop = reject));
  const onAbandoned = (): void => {
    controller.abort(abandoned.reason);
    stop(abandoned.reason);
  };
  const onLost = (): void => controller.abort(lost?.reason);
  abandoned.addEventListener("abort", onAbandoned, { once: true });
  lost?.addEventListener("abort", onLost, { once: true });
  const timer = clock.setTimer(
    limitMs,
    () => {
      const error = new RunTimeoutError(key, limitMs);
      controller.abort(error);
      stop(error);
    },
    true,
  );
  let hasSettled = false;
  const running = (async () => compute({ fence, signal: controller.signal }))();
  const settle = (): void => void (hasSettled = true);
  const settled = running.then(settle, settle);
  const result = Promise.race([running, stopped])
    .then((value) => plainOf("value", value))
    .finally(() => {
      timer.cancel();
      abandoned.removeEventListener("abort", onAbandoned);
      lost?.removeEventListener("abort", onLost);
    });
  if (abandoned.aborted) onAbandoned();
  if (lost?.aborted === true) onLost();
  return {
    result,
    settled,
    get hasSettled() {
      return hasSettled;
    },
  };
}
