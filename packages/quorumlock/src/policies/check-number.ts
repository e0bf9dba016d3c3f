import { formatValue } from "../base/check-value.ts";

/**
 * @throws TypeError if the value is not a number.
 * @throws RangeError if it is NaN, below `min` or above `max`. Infinity is allowed only if it is `max`.
 */
export function checkNumber(field: string, value: unknown, min: number, max = Number.MAX_VALUE): number {
  if (typeof value !== "number") throw new TypeError(`${field}: ${formatValue(value)} must be a number`);
  if (value >= min && value <= max) return value;
  const limit = max === Infinity ? "" : max === Number.MAX_VALUE ? ", and finite" : `, and at most ${max}`;
  throw new RangeError(`${field}: ${value} must be a number of at least ${min}${limit}`);
}
