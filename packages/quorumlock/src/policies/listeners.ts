import { formatValue } from "../base/check-value.ts";
import { toError } from "../base/to-error.ts";

/** @throws TypeError if the listener is not a function. */
export function checkListener(field: string, listener: unknown): void {
  if (typeof listener !== "function")
    throw new TypeError(`${field}: ${formatValue(listener)} must be a function`);
}

/** Calls a listener. If it throws, a process warning reports it, because a listener must not change what happens to a lock. */
export function notify<Event>(field: string, listener: (event: Event) => unknown, event: Event): void {
  const warn = (thrown: unknown): void =>
    process.emitWarning(`${field} threw: ${toError(thrown).message}`, "QuorumlockListenerWarning");
  try {
    const result = listener(event);
    if (result instanceof Promise) result.catch(warn);
  } catch (thrown) {
    warn(thrown);
  }
}
