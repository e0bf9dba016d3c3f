import { toError } from "./to-error.ts";

/**
 * The form of an error in JSON: name, message, and its enumerable fields such as `code`, without the stack. A plain error would be
 * `{}`.
 */
export function errorToJson(error: Error): Record<string, unknown> {
  const { name, message, cause } = error;
  return {
    ...Object.fromEntries(Object.entries(error)),
    name,
    message,
    ...(cause !== undefined && { cause: summary(cause) }),
  };
}

function summary(cause: unknown): Record<string, unknown> {
  const { name, message, code } = toError(cause) as Error & { readonly code?: unknown };
  return { name, message, ...((typeof code === "string" || typeof code === "number") && { code }) };
}
