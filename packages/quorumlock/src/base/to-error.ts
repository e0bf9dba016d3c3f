/** Returns `value` if it is an Error, otherwise an Error with `value` as its text. */
export function toError(value: unknown): Error {
  if (value instanceof Error) return value;
  try {
    return new Error(String(value));
  } catch {
    return new Error("the thrown value cannot be converted to a string");
  }
}
