import { formatValue } from "../base/check-value.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { MAX_NAMES } from "../base/names.ts";
import { checkOptions } from "../base/options.ts";
import type { WebLockQueryOptions } from "./types.ts";

const OPTIONS: Readonly<Record<keyof WebLockQueryOptions, true>> = { names: true };

/** The names to look at. @throws TypeError, RangeError for bad options. */
export function checkQueryOptions(options: WebLockQueryOptions): readonly string[] {
  checkOptions(options);
  refuseUnknownOptions(options, OPTIONS);
  const { names = [] } = options;
  if (!Array.isArray(names)) throw new TypeError(`names: ${formatValue(names)} must be an array of names`);
  if (names.length > MAX_NAMES)
    throw new RangeError(`names: ${names.length} names are too many; ask for ${MAX_NAMES} at most`);
  Array.from(names, (name: unknown, index) => {
    if (typeof name !== "string")
      throw new TypeError(`names[${index}]: ${formatValue(name)} must be a string`);
  });
  return names as readonly string[];
}
