import { describeValue } from "./describe-value.ts";

/**
 * Checks what a decorator locks. Names that are too long, ill-formed or repeated are refused when the lock is made.
 * @param where names the class and the method.
 * @param what "the key", or what the function has done: "the key function returned".
 * @throws TypeError, RangeError that name the class, the method and the value.
 */
export function checkKeys(where: string, what: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [checkKey(where, what, value)];
  if (value.length === 0)
    throw new RangeError(`${where}: ${what} an empty array; a lock needs at least one name`);
  return Array.from(value, (key: unknown, index) =>
    checkKey(where, `${what} an array whose entry ${index} is`, key),
  );
}

function checkKey(where: string, what: string, key: unknown): string {
  if (typeof key !== "string") {
    const hint =
      key instanceof Promise || isThenable(key)
        ? "; a key function cannot be asynchronous"
        : typeof key === "number" || typeof key === "bigint"
          ? "; make a string of it, such as `order:${id}`"
          : "";
    throw new TypeError(
      `${where}: ${what} ${describeValue(key)}, but a key must be a string or an array of strings${hint}`,
    );
  }
  if (key === "") throw new RangeError(`${where}: ${what} "", but a key must not be empty`);
  if (key.startsWith("~"))
    throw new RangeError(
      `${where}: ${what} ${describeValue(key)}, but names that begin with "~" are reserved; begin it with a fixed text, such as \`order:\${id}\``,
    );
  return key;
}

function isThenable(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function"
  );
}
