import { checkBoolean, formatValue } from "../../base/check-value.ts";
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { checkRequestTimeout } from "../../base/options.ts";
import type { Terms } from "./electorate.ts";

/** Settings of a `Redlock`, and of one operation. */
export interface Settings {
  /** How much faster one clock may run than another. At least 0 and less than 0.5. @default 0.01 */
  readonly driftFactor: number;
  /** How often an operation is tried again: a whole number of at least 0, or -1 or `Infinity` for no limit. @default 10 */
  readonly retryCount: number;
  /** The time between two attempts, in ms. At least 0. @default 200 */
  readonly retryDelay: number;
  /** The maximum time that is added to `retryDelay` or subtracted from it at random, in ms. At least 0. @default 100 */
  readonly retryJitter: number;
  /** `using` extends the lock when this time is left, in ms. At least 0, and at least 100 below the duration. @default 500 */
  readonly automaticExtensionThreshold: number;
}

/** Settings of the constructor. The first five are those of `redlock` 5. */
export interface RedlockSettings extends Partial<Settings> {
  /**
   * Whether a server abstains after a restart, because it may have lost locks that are still held.
   *
   * - `true`: it abstains for the longest duration that this process has used. Durations above 10 minutes do not count.
   * - A number: the same, with this limit in ms instead of 10 minutes. A whole number from 1 to 2_592_000_000 (30 days). Use it if
   *   longer locks must survive a restart.
   * - `false`: it votes at once, as with `redlock`. Another process may then be granted a lock that is held.
   *
   * A server with `appendonly yes` and `appendfsync always` loses no locks, so it always votes at once.
   * @default true with three or more clients, otherwise false
   */
  readonly restartGuard?: boolean | number | undefined;
  /** How long a client may take to answer, in ms. If it takes longer, it votes against. A finite number above 0. @default 500 */
  readonly requestTimeout?: number | undefined;
}

export const DEFAULTS: Settings = Object.freeze({
  driftFactor: 0.01,
  retryCount: 10,
  retryDelay: 200,
  retryJitter: 100,
  automaticExtensionThreshold: 500,
});

const NAMES: Readonly<Record<keyof Settings, true>> = {
  driftFactor: true,
  retryCount: true,
  retryDelay: true,
  retryJitter: true,
  automaticExtensionThreshold: true,
};
const CONSTRUCTOR_NAMES = { ...NAMES, restartGuard: true, requestTimeout: true } as const;

const DEFAULT_GUARD_MS = 600_000;
const DEFAULT_REQUEST_TIMEOUT_MS = 500;
const MAX_GUARD_MS = 30 * 24 * 3_600_000;

/** Settings of other versions and libraries, in lower case, and what to do instead. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [
    /^(un)?(lock|acquire|extend|release)script$/,
    "scripts cannot be replaced, because the library sends its own; remove it",
  ],
  [/^(retries|maxretries|attempts|maxattempts|acquireattemptslimit|retryattempts)$/, "set `retryCount`"],
  [/^(retryinterval|delay|pollinterval)$/, "set `retryDelay`"],
  [/^jitter$/, "set `retryJitter`"],
  [/^(clockdriftfactor|drift)$/, "set `driftFactor`"],
  [
    /^(ttl|duration|timeout|locktimeout|expir(y|es|ation))$/,
    "pass the duration in ms as the second argument of `acquire`, `extend` or `using`",
  ],
  [
    /^(wait|acquiretimeout|waittimeout)$/,
    "set `retryCount` and `retryDelay`, whose product is the time to wait",
  ],
  [
    /^(autoextend|autoextension|refreshinterval|extensionthreshold)$/,
    "call `using`, which extends the lock, and set `automaticExtensionThreshold`",
  ],
  [/^(prefix|keyprefix|namespace)$/, "put the prefix in front of each resource"],
  [/^(identifier|owner|id)$/, "remove it: the value of each lock is made by the library"],
  [/^(commandtimeout|connecttimeout)$/, "set `requestTimeout` in the settings of `Redlock`"],
  [/^db$/, "remove it, and select the database with the option `db` of the client"],
];

/** @throws TypeError, RangeError for a bad setting, with its name and value. */
export function resolveSettings(settings: unknown, defaults: Settings): Settings {
  if (settings === undefined || settings === null) return defaults;
  const given = checkObject(settings);
  refuseUnknown(given, NAMES);
  return pick(given, defaults);
}

/** The settings of the constructor. @throws as `resolveSettings`. */
export function resolveRedlockSettings(settings: unknown): {
  readonly settings: Settings;
  readonly terms: Terms;
} {
  const given = settings === undefined ? {} : checkObject(settings);
  refuseUnknown(given, CONSTRUCTOR_NAMES);
  const { restartGuard, requestTimeout = DEFAULT_REQUEST_TIMEOUT_MS } = given as RedlockSettings;
  const requestTimeoutMs = checkRequestTimeout(requestTimeout);
  if (typeof restartGuard === "number") {
    if (!Number.isSafeInteger(restartGuard) || restartGuard < 1 || restartGuard > MAX_GUARD_MS)
      throw new RangeError(
        `restartGuard: ${formatValue(restartGuard)} must be a whole number of milliseconds, from 1 to ${MAX_GUARD_MS}`,
      );
    const terms = { restartGuard: true, guardMs: restartGuard, requestTimeoutMs };
    return { settings: pick(given, DEFAULTS), terms };
  }
  if (restartGuard !== undefined) checkBoolean("restartGuard", restartGuard);
  const terms = { restartGuard, guardMs: DEFAULT_GUARD_MS, requestTimeoutMs };
  return { settings: pick(given, DEFAULTS), terms };
}

function checkObject(settings: unknown): object {
  if (typeof settings === "function")
    throw new TypeError(
      `settings: ${formatValue(settings)} must be an object; callbacks were of redlock 4, so await the promise instead`,
    );
  if (Object.prototype.toString.call(settings) !== "[object Object]")
    throw new TypeError(`settings: ${formatValue(settings)} must be an object`);
  return settings as object;
}

function refuseUnknown(settings: object, known: Readonly<Record<string, true>>): void {
  for (const key of Object.keys(settings)) {
    if (Object.hasOwn(known, key) || (settings as Record<string, unknown>)[key] === undefined) continue;
    const instead = INSTEAD.find(([pattern]) => pattern.test(key.toLowerCase()))?.[1];
    if (instead !== undefined) throw new TypeError(`${key}: there is no such setting; ${instead}`);
  }
  refuseUnknownOptions(settings, known, { "the constructor of `Redlock`": CONSTRUCTOR_NAMES });
}

function pick(given: Partial<Settings>, defaults: Settings): Settings {
  const read = (name: keyof Settings, isValid: (value: number) => boolean, range: string): number => {
    const value = given[name] ?? defaults[name];
    if (typeof value !== "number") throw new TypeError(`${name}: ${formatValue(value)} must be a number`);
    if (!isValid(value)) throw new RangeError(`${name}: ${value} must be ${range}`);
    return value;
  };
  const isDuration = (value: number): boolean => value >= 0 && Number.isFinite(value);
  const isCount = (value: number): boolean =>
    (value >= 0 && Number.isInteger(value)) || value === -1 || value === Infinity;
  const duration = "a finite number of milliseconds of at least 0";
  return {
    driftFactor: read("driftFactor", (value) => value >= 0 && value < 0.5, "at least 0 and less than 0.5"),
    retryCount: read("retryCount", isCount, "a whole number of at least 0, or -1 or Infinity for no limit"),
    retryDelay: read("retryDelay", isDuration, duration),
    retryJitter: read("retryJitter", isDuration, duration),
    automaticExtensionThreshold: read("automaticExtensionThreshold", isDuration, duration),
  };
}
