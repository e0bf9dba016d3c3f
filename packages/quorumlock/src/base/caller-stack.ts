import { LockError } from "./errors.ts";

const stamped = new WeakSet<Error>();

/**
 * Gives an error about a lock the stack of the code that waits for it. Such an error is made in a timer or by a reply, so its own
 * stack has no line of the caller. Call this in an async function that the caller awaits, after an `await`. The first such
 * call counts, because it is nearest to the caller.
 */
export function withCallerStack(error: unknown): unknown {
  if (!(error instanceof LockError) || stamped.has(error) || !Object.isExtensible(error)) return error;
  stamped.add(error);
  Error.captureStackTrace(error);
  return error;
}

/**
 * A promise that rejects with `reason`. Give it to the `resolve` of a promise that the caller awaits: then an error about a lock
 * gets the stack of the caller, and a promise that is fulfilled costs nothing more.
 */
export async function rejectAtCaller(reason: unknown): Promise<never> {
  // The caller's promise follows this one from the next microtask on. Before that, the caller is not on the stack.
  await Promise.resolve();
  await Promise.resolve();
  throw withCallerStack(reason);
}
