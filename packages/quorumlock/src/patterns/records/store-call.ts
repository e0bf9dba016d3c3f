import { checkWholeNumber } from "../../base/check-whole-number.ts";
import type { Clock } from "../../base/clock.ts";
import { LockLostError } from "../../base/errors.ts";
import { RecordStoreError } from "../errors.ts";

const MAX_TIMEOUT_MS = 600_000;

/** How a store is called. */
export interface StoreCalls {
  readonly clock: Clock;
  /** How long one call may take, in ms. */
  readonly timeoutMs: number;
}

/** The stores of this library: each of their calls has a time limit. */
const limited = new WeakSet<object>();

/** Notes that each call of a store has a time limit. */
export function noteTimeLimit<Store extends object>(store: Store): Store {
  limited.add(store);
  return store;
}

export function hasTimeLimit(store: object): boolean {
  return limited.has(store);
}

/** @throws TypeError, RangeError for a bad time limit. */
export function checkTimeout(timeout = 5_000): number {
  return checkWholeNumber("timeout", timeout, 1, MAX_TIMEOUT_MS);
}

/**
 * Calls the store, and waits for its answer for a limited time. A late answer is ignored.
 * @throws RecordStoreError if the call failed or was too slow. LockLostError and RecordStoreError from `call` as they are.
 */
export async function callStore<T>(
  { clock, timeoutMs }: StoreCalls,
  id: string,
  operation: RecordStoreError["operation"],
  call: () => Promise<T>,
): Promise<T> {
  let onTimeout: (error: Error) => void;
  const timedOut = new Promise<never>((_, reject) => (onTimeout = reject));
  const timer = clock.setTimer(
    timeoutMs,
    () => onTimeout(new Error(`the store did not answer within ${timeoutMs} ms`)),
    true,
  );
  try {
    return await Promise.race([call(), timedOut]);
  } catch (error) {
    if (error instanceof LockLostError || error instanceof RecordStoreError) throw error;
    throw new RecordStoreError(id, operation, error);
  } finally {
    timer.cancel();
  }
}

/** The error of a holder that comes too late. `promised`: the larger fencing token, if the store names it. */
export function laterHolder(id: string, fence: number, promised?: number): LockLostError {
  const larger = promised === undefined ? "a larger one" : String(promised);
  return new LockLostError(
    [id],
    `a later holder has opened or written the record ${JSON.stringify(id)}: its fencing token is ${larger}, and this one is ${fence}`,
  );
}
