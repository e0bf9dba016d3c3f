import { formatValue } from "../base/check-value.ts";
import type { Lockable } from "../lockable.ts";

/** Puts the policies of the user around a lockable. @throws the error of `wrap`. TypeError if it returns no lockable. */
export function wrapped(lockable: Lockable, wrap: ((lockable: Lockable) => Lockable) | undefined): Lockable {
  if (wrap === undefined) return lockable;
  const result = wrap(lockable) as Lockable | undefined;
  if (typeof result?.acquire === "function" && typeof result.query === "function") return result;
  throw new TypeError(`wrap: it returned ${formatValue(result)}, which is no Lockable`);
}
