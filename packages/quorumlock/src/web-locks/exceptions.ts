import {
  InstanceError,
  LockAbortedError,
  LockClosedError,
  LockTimeoutError,
  QuorumError,
} from "../base/errors.ts";
import type { Client } from "../client/client.ts";
import { maskOf } from "../members/voters.ts";

/** The names of the exceptions, as the standard and the web platform use them. */
type ExceptionName =
  | "AbortError"
  | "InvalidStateError"
  | "NotSupportedError"
  | "SecurityError"
  | "TimeoutError";

/** Makes an exception of the web platform. `cause`: the error of the library, if there is one. */
export function exception(name: ExceptionName, message: string, cause?: unknown): DOMException {
  const made = new DOMException(message, name);
  if (cause !== undefined) Object.defineProperty(made, "cause", { value: cause, configurable: true });
  return made;
}

/** The exception of a request whose lock ended although its callback had not. */
export function brokenLock(name: string, cause: unknown): DOMException {
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return exception("AbortError", `the lock ${JSON.stringify(name)} was lost${why}`, cause);
}

/** The exception of a request whose lock another request of this client has stolen. */
export function stolenLock(name: string): DOMException {
  return exception(
    "AbortError",
    `the lock ${JSON.stringify(name)} was stolen by another request of this process`,
  );
}

/**
 * What a request rejects with, if the library has refused it. Errors without a name in the web platform stay as they are, such as a
 * `QuorumError`.
 */
export function requestError(client: Client, error: unknown): unknown {
  if (error instanceof LockAbortedError) return error.cause;
  if (error instanceof LockClosedError) return exception("AbortError", error.message, error);
  if (error instanceof LockTimeoutError) return exception("TimeoutError", error.message, error);
  if (error instanceof QuorumError && areRefused(client, error))
    return exception("SecurityError", error.message, error);
  return error;
}

/** Whether no quorum is left without the instances that refuse this client for good, such as for a wrong password. */
function areRefused({ members: { voters } }: Client, { failures }: QuorumError): boolean {
  const refusing = failures.flatMap(({ instance, error }) =>
    error instanceof InstanceError && error.isPermanent === true ? [instance] : [],
  );
  if (refusing.length === 0) return false;
  // Several instances can have the same label, so each failure stands for one of them.
  const others = voters.members.filter(({ label }) => {
    const at = refusing.indexOf(label);
    if (at !== -1) refusing.splice(at, 1);
    return at === -1;
  });
  return !voters.hasQuorum(maskOf(others));
}
