import { formatValue } from "../base/check-value.ts";

/** @throws TypeError if JSON cannot have the value. */
export function jsonOf(field: string, value: unknown): string {
  let text: string | undefined;
  let cause: unknown;
  try {
    text = JSON.stringify(value) as string | undefined;
  } catch (error) {
    cause = error;
  }
  if (text === undefined) throw new TypeError(`${field}: ${formatValue(value)} cannot be JSON`, { cause });
  return text;
}

/**
 * What JSON makes of a value, so that every caller gets the same: the one that made it, and those that read it from a store.
 * @throws TypeError if JSON cannot have it.
 */
export function plainOf(field: string, value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(jsonOf(field, value)) as unknown);
}
