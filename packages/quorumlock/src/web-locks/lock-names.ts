import { formatValue } from "../base/check-value.ts";
import { MAX_NAME_LENGTH } from "../base/names.ts";
import { exception } from "./exceptions.ts";

/** Texts that are names in the standard, but not in this library: the empty one, those with half a surrogate pair, and those with `~`. */
const ODD = /^$|^~|\p{Surrogate}/u;

/**
 * The name of the lock for a name of the standard. It is the same name, if the library allows that. Other names are escaped behind a `-`.
 * The standard has no name that begins so, and thus two names never share a lock.
 * @throws DOMException `NotSupportedError` if the name begins with `-`, or is too long.
 */
export function lockNameFor(name: string, prefix: string): string {
  if (name.startsWith("-"))
    throw exception(
      "NotSupportedError",
      `name: ${formatValue(name)} begins with "-", which the standard reserves; use another first character`,
    );
  const lockName = prefix + (ODD.test(name) ? `-${JSON.stringify(name).slice(1, -1)}` : name);
  if (lockName.length > MAX_NAME_LENGTH)
    throw exception(
      "NotSupportedError",
      `name: ${lockName.length} characters are too many; use at most ${MAX_NAME_LENGTH}, with the prefix`,
    );
  return lockName;
}
