import { formatValue } from "./check-value.ts";

/**
 * @throws TypeError if the value is not a number.
 * @throws RangeError if it is not a whole number from `min` to `max`. With `max` Infinity, Infinity is allowed.
 */
export function checkWholeNumber(field: string, value: number, min: number, max: number): number {
  if (typeof value !== "number") throw new TypeError(`${field}: ${formatValue(value)} must be a number`);
  const isWhole = Number.isSafeInteger(value) || value === max;
  if (isWhole && value >= min && value <= max) return value;
  const range = max === Infinity ? `of at least ${min}, or Infinity` : `from ${min} to ${max}`;
  throw new RangeError(`${field}: ${value} must be a whole number ${range}`);
}
