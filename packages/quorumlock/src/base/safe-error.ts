import { redact } from "./redact.ts";
import { toError } from "./to-error.ts";

/** Maximum depth of causes that are copied. A cause may refer to itself. */
const MAX_DEPTH = 4;
const MAX_ERRORS = 16;

/** The properties of a foreign error that are read. Each can have any type. */
interface Foreign {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly cause?: unknown;
  readonly code?: unknown;
  readonly errors?: unknown;
  /** Only of an `InstanceError`. */
  readonly isPermanent?: unknown;
}

const copies = new WeakSet<Error>();

/**
 * Copies the error of a client library without its secrets. The error of a command has the arguments of the command: the password
 * of `AUTH`, or the whole script with the keys and tokens of locks. Errors of URLs have the URL. The copy has the name, the message,
 * the code and the stack, copies of the causes, and whether an `InstanceError` is permanent. Passwords in texts are replaced.
 *
 * Every error that comes from an instance passes here before it becomes part of an error or event of the library.
 */
export function toSafeError(thrown: unknown): Error {
  return copy(toError(thrown), MAX_DEPTH);
}

function copy(original: Error, depth: number): Error {
  if (copies.has(original)) return original;
  const { name, message: text, stack, cause, code, errors, isPermanent }: Foreign = original;
  const options = cause instanceof Error && depth > 0 ? { cause: copy(cause, depth - 1) } : undefined;
  const parts =
    Array.isArray(errors) && depth > 0
      ? errors.slice(0, MAX_ERRORS).map((error: unknown) => copy(toError(error), depth - 1))
      : undefined;
  const message = redact(textOf(text)) || joinMessages(parts);
  const safe =
    parts === undefined ? new Error(message, options) : new AggregateError(parts, message, options);
  define(safe, "name", textOf(name));
  define(safe, "stack", redact(textOf(stack) || `${safe.name}: ${message}`));
  if (typeof code === "string" || typeof code === "number") define(safe, "code", code);
  if (isPermanent === true) define(safe, "isPermanent", true);
  copies.add(safe);
  return safe;
}

function textOf(property: unknown): string {
  return typeof property === "string" ? property : "";
}

/** A refused connection to a host with two addresses has no message of its own, but one error for each address. */
function joinMessages(errors: readonly Error[] = []): string {
  return [...new Set(errors.map(({ message }) => message))].join(", ");
}

function define(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, {
    value,
    writable: true,
    configurable: true,
    enumerable: key === "code",
  });
}
