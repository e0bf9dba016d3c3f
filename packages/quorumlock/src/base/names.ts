import { checkWellFormed, formatValue } from "./check-value.ts";

export const MAX_NAME_LENGTH = 1024;
/** The Lua of a server can unpack only a few thousand keys in one call. */
export const MAX_NAMES = 1000;

/**
 * Checks the names of one lock and sorts them. All callers queue in the same order, so that two acquisitions never wait for
 * each other.
 * @param field what messages call the names.
 * @throws TypeError if `names` is not a string or an array of strings.
 * @throws RangeError if a name is empty, too long, ill-formed or repeated, or if there are no names or too many.
 */
export function checkNames(names: string | readonly string[], field = "names"): readonly string[] {
  if (typeof names === "string") return [checkName("name", names)];
  if (!Array.isArray(names))
    throw new TypeError(`name: ${formatValue(names)} must be a string or an array of strings`);
  if (names.length === 0) throw new RangeError(`${field}: the array is empty; give at least one name`);
  if (names.length > MAX_NAMES)
    throw new RangeError(
      `${field}: ${names.length} names are too many for one lock; use at most ${MAX_NAMES}`,
    );
  const sorted = Array.from(names, (name: unknown, index) =>
    checkName(`${field}[${index}]`, name),
  ).toSorted();
  const repeated = sorted.find((name, index) => name === sorted[index - 1]);
  if (repeated !== undefined)
    throw new RangeError(`${field}: ${formatValue(repeated)} is in the array twice; give every name once`);
  return sorted;
}

/** @throws TypeError, RangeError for a name that cannot be locked. */
export function checkName(field: string, name: unknown): string {
  if (typeof name !== "string") throw new TypeError(`${field}: ${formatValue(name)} must be a string`);
  if (name === "") throw new RangeError(`${field}: "" must not be empty`);
  if (name.length > MAX_NAME_LENGTH) {
    throw new RangeError(`${field}: ${name.length} characters are too many; use at most ${MAX_NAME_LENGTH}`);
  }
  return checkWellFormed(field, name);
}
