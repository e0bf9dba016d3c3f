import type { Lockable, Redlock } from "quorumlock";
import { describeValue } from "./describe-value.ts";
import { checkClientName } from "./tokens.ts";

/**
 * What a method locks: one name, several names at once, or a function of the arguments of the method that returns them. The function
 * is called with the object of the method as `this`.
 */
export type LockKey<Args extends readonly unknown[] = readonly unknown[]> =
  | string
  | readonly string[]
  | ((...args: Args) => string | readonly string[]);

/** Options of `@UseLock`. Every duration is in milliseconds. */
export interface UseLockOptions {
  /** The name of the client, as in `QuorumlockModule.forRoot`. @default the client without a name */
  readonly client?: string | undefined;
  /** How long the lock is valid if it is not extended, in ms. A whole number, at least 3, at most 30 days. @default the client's `ttl` */
  readonly ttl?: number | undefined;
  /**
   * How long a call waits while others hold the lock, in ms. From 0 (one attempt) to `Infinity`.
   * @default the client's `wait`; with `onBusy: "skip"`, no wait
   */
  readonly wait?: number | undefined;
  /** Whether the lock extends itself while the method runs. @default the client's `autoExtend` */
  readonly autoExtend?: boolean | undefined;
  /**
   * Makes the lock of a key, if it is not the exclusive lock: `(redlock, key) => redlock.readWrite(key).read`. The key must be one name
   * then. Called once for each call, and for a fixed key also at startup. It must not acquire the lock.
   * @default `(redlock, keys) => redlock.mutex(keys)`
   */
  readonly kind?: ((redlock: Redlock, key: string) => Lockable) | undefined;
  /**
   * What a call does if it does not get the lock, because others have it:
   *
   * - `"throw"`: it rejects with the error of the library, usually a `LockTimeoutError`. `LockExceptionFilter` makes 409 or 423 of it.
   * - `"skip"`: the method does not run, and the call resolves to `undefined`, so the type of its result should allow that. For jobs that
   *   every process starts at the same time.
   *
   * All other errors are thrown in both cases: too few servers answer, the client is closed, or the lock was lost.
   * @default "throw"
   */
  readonly onBusy?: "throw" | "skip" | undefined;
}

const KNOWN: Readonly<Record<keyof UseLockOptions, true>> = {
  client: true,
  ttl: true,
  wait: true,
  autoExtend: true,
  kind: true,
  onBusy: true,
};
const MIN_TTL_MS = 3;
const MAX_TTL_MS = 30 * 24 * 3_600_000;

/** @param where names the class and the method. @throws TypeError, RangeError with the field and the value. */
export function checkUseLockOptions(where: string, options: UseLockOptions): UseLockOptions {
  if (Object.prototype.toString.call(options) !== "[object Object]")
    throw new TypeError(`${where}: options: ${describeValue(options)} must be an object`);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(KNOWN, name));
  if (unknown !== undefined)
    throw new TypeError(
      `${where}: ${unknown}: there is no such option; the options are ${Object.keys(KNOWN).join(", ")}`,
    );
  const { client, ttl, wait, autoExtend, kind, onBusy } = options;
  if (client !== undefined) checkClientName(client, `${where}: client`);
  if (
    ttl !== undefined &&
    !(typeof ttl === "number" && Number.isInteger(ttl) && ttl >= MIN_TTL_MS && ttl <= MAX_TTL_MS)
  )
    throw new RangeError(
      `${where}: ttl: ${describeValue(ttl)} must be a whole number of milliseconds from ${MIN_TTL_MS} to ${MAX_TTL_MS}`,
    );
  if (wait !== undefined && !(typeof wait === "number" && wait >= 0))
    throw new RangeError(
      `${where}: wait: ${describeValue(wait)} must be a number of milliseconds, at least 0 (Infinity to wait without a limit)`,
    );
  if (autoExtend !== undefined && typeof autoExtend !== "boolean")
    throw new TypeError(`${where}: autoExtend: ${describeValue(autoExtend)} must be true or false`);
  if (kind !== undefined && typeof kind !== "function")
    throw new TypeError(
      `${where}: kind: ${describeValue(kind)} must be a function that makes a lock, such as (redlock, key) => redlock.readWrite(key).read`,
    );
  if (onBusy !== undefined && onBusy !== "throw" && onBusy !== "skip")
    throw new TypeError(`${where}: onBusy: ${describeValue(onBusy)} must be "throw" or "skip"`);
  return options;
}
