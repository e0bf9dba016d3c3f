import type { Lockable, Redlock } from "quorumlock";
import { describeValue } from "./describe-value.ts";
import { checkKeys } from "./lock-keys.ts";
import type { LockKey, UseLockOptions } from "./use-lock-options.ts";

/** A method with `@UseLock`, as its class declares it. The decorator keeps it with the method, and the check at startup reads it. */
export interface LockedMethod {
  /** "@UseLock on OrderService.pay", for errors. */
  readonly where: string;
  readonly key: LockKey<never>;
  readonly options: UseLockOptions;
  /** The method without its lock. */
  readonly body: (this: unknown, ...args: readonly unknown[]) => unknown;
}

/** How many names an error shows. */
const MAX_SHOWN = 3;

/**
 * The lock of one call.
 * @throws TypeError, RangeError that name the class, the method and the value, if the key or the kind cannot be used. Otherwise the error of
 * the key function.
 */
export function lockableOf(
  { where, key, options }: LockedMethod,
  redlock: Redlock,
  self: unknown,
  args: readonly unknown[],
): Lockable {
  const keys =
    typeof key === "function"
      ? checkKeys(where, "the key function returned", key.apply(self, args as never))
      : checkKeys(where, "the key is", key);
  try {
    return makeLockable(redlock, keys, options);
  } catch (error) {
    // The library names the field and the value, but not the method.
    const { message } = error as Error;
    const more = keys.length - MAX_SHOWN;
    const shown = keys
      .slice(0, MAX_SHOWN)
      .map((name) => describeValue(name))
      .join(", ");
    const rest = more > 0 ? ` and ${more} more` : "";
    const Kind = error instanceof RangeError ? RangeError : TypeError;
    throw new Kind(`${where}: the lock on ${shown}${rest} cannot be made: ${message}`, { cause: error });
  }
}

function makeLockable(redlock: Redlock, keys: readonly string[], { kind }: UseLockOptions): Lockable {
  const [key = "", ...more] = keys;
  if (kind === undefined) return redlock.mutex(more.length === 0 ? key : keys);
  if (more.length > 0)
    throw new TypeError(`${keys.length} keys are too many with the option kind; use one key`);
  const lockable: unknown = kind(redlock, key);
  if (typeof (lockable as Partial<Lockable> | null | undefined)?.using === "function")
    return lockable as Lockable;
  throw new TypeError(
    `kind returned ${describeValue(lockable)}, which is no lock that can be acquired; return one, such as redlock.readWrite(key).read`,
  );
}
