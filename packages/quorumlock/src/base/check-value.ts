import { redact } from "./redact.ts";

/** @throws RangeError if a surrogate has no pair. Clients send it as U+FFFD, so different texts would be one key. */
export function checkWellFormed(field: string, text: string): string {
  if (!/\p{Surrogate}/u.test(text)) return text;
  throw new RangeError(
    `${field}: ${formatValue(text)} has a surrogate without its pair, so it is not a text; encode bytes as hexadecimal digits`,
  );
}

export function checkText(field: string, value: string): string {
  if (typeof value !== "string") throw new TypeError(`${field}: ${formatValue(value)} must be a string`);
  return checkWellFormed(field, value);
}

export function checkBoolean(field: string, value: boolean): boolean {
  if (typeof value !== "boolean")
    throw new TypeError(`${field}: ${formatValue(value)} must be true or false`);
  return value;
}

/** The text of a value in an error message. Passwords of URLs are replaced. */
export function formatValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(redact(value));
  if (typeof value === "object" && value !== null)
    return `an object (${value.constructor?.name ?? "no prototype"})`;
  // The text of a function is its source.
  if (typeof value === "function") return `a function (${value.name === "" ? "no name" : value.name})`;
  return String(value);
}
