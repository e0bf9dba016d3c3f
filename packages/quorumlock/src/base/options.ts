import { hostname } from "node:os";
import { type Clock, systemClock } from "./clock.ts";
import { refuseUnknownOptions } from "./known-options.ts";
import { checkBoolean, checkText, formatValue } from "./check-value.ts";
import { tokenSuffix } from "./token.ts";
import { warnOnce } from "./warn-once.ts";

/** Options of a `MutexRedlock`. A `Redlock` has these and `health`. Every duration is in milliseconds. */
export interface MutexRedlockOptions {
  /**
   * How long a lock is valid if it is not extended, in ms. A whole number, at least 3, at most 2_592_000_000 (30 days), and above
   * the allowance for clock drift (see `driftFactor`). A process warning reports a ttl below 100, because seconds may be meant.
   * @default 10_000
   */
  readonly ttl?: number | undefined;
  /**
   * How long an acquisition waits while others hold the lock, in ms. From 0 (one attempt) to `Infinity` (no limit).
   * @default 10_000, and the time for which `restartGuard` keeps a majority of the instances from voting
   */
  readonly wait?: number | undefined;
  /**
   * Whether a lock extends itself until it is released, each time when a third of its ttl has passed. A lock that is never
   * released then stays held until the process ends or the client is closed. The extensions do not keep the process running.
   * @default true
   */
  readonly autoExtend?: boolean | undefined;
  /**
   * The start of every key: the key of a lock is `prefix` and its name. Use `""` to share locks with other Redlock libraries,
   * which use the name as the key. Any text, also the empty one.
   * @default "lock:"
   */
  readonly prefix?: string | undefined;
  /**
   * How much faster one clock may run than another: 0.01 is one percent. At least 0 and less than 0.5. Every lease is
   * shortened by `ttl` × `driftFactor` + 2 ms (protocol §2).
   * @default 0.01
   */
  readonly driftFactor?: number | undefined;
  /**
   * How long an instance may take to answer, in ms. If it takes longer, it abstains. A finite number above 0.
   * @default a tenth of `ttl`, but at least 10 and at most 500
   */
  readonly requestTimeout?: number | undefined;
  /**
   * A label in the token of every lock, so that errors and listings show the holder. 1 to 128 printable characters.
   * @default "host:pid"
   */
  readonly owner?: string | undefined;
  /**
   * Whether the client watches how the code uses its locks, as a development aid (docs/diagnostics.md). An acquisition throws a
   * `LockReentrantError` in a routine of `using` that already holds the name. Code that can fail is reported as the event
   * `diagnostics:warning` and as a process warning, once for each place. Off by default: it uses AsyncLocalStorage, which slows down
   * every promise of the process on Node 20.
   * @default false
   */
  readonly diagnostics?: boolean | undefined;
  /**
   * Whether an instance abstains after a restart, because it may have lost locks that are still held (protocol §10).
   *
   * - `true`: it abstains for the largest ttl that this client has used so far.
   * - A number: it abstains for that many ms, or for the largest ttl used if that is longer. A whole number, at least the
   *   default `ttl`. Use it if other processes use a longer ttl than this client.
   * - `false`: it votes at once.
   *
   * An instance with `appendonly yes` and `appendfsync always` loses no locks, so it always votes at once.
   * @default true with three or more instances, otherwise false
   */
  readonly restartGuard?: boolean | number | undefined;
  /**
   * Whether an instance abstains if its configuration can lose locks. These are the problems: it evicts keys, is a replica, is
   * one node of a cluster, or has a wrong clock. Also whether all instances abstain if another client uses another set of
   * instances. If false, they vote, and a process warning reports the problem.
   * @default false
   */
  readonly strict?: boolean | undefined;
  /**
   * The source of time, timers and randomness. For tests and simulation.
   * @default the clock and randomness of the system
   */
  readonly clock?: Clock | undefined;
}

/** Options of one acquisition. Every duration is in milliseconds. */
export interface AcquireOptions {
  /** How long this lock is valid if it is not extended, in ms. The limits are those of the client's `ttl`. @default the client's `ttl` */
  readonly ttl?: number | undefined;
  /**
   * How long this acquisition waits while others hold the lock, in ms. From 0 to `Infinity`. `tryAcquire` and `tryUsing` ignore it.
   * @default the client's `wait`
   */
  readonly wait?: number | undefined;
  /**
   * Ends the acquisition with a `LockAbortedError` when it aborts. It has no effect on a held lock.
   * @default none
   */
  readonly signal?: AbortSignal | undefined;
  /** Like the client's `autoExtend`, for this lock. @default the client's `autoExtend` */
  readonly autoExtend?: boolean | undefined;
  /** The label in the token of this lock. 1 to 128 printable characters. @default the client's `owner` */
  readonly owner?: string | undefined;
}

/**
 * How long the caller has waited before this acquisition, in ms: for a pool or a condition around it. Only events have it. It is a
 * symbol, because a policy in between copies it with the other options. Both builds of the library use the same symbol.
 */
export const WAITED_BEFORE: unique symbol = Symbol.for("quorumlock.waited") as never;

/** The options of an acquisition below a composition. */
export interface ComposedOptions extends AcquireOptions {
  readonly [WAITED_BEFORE]?: number;
}

/** The options of a client, checked and complete. */
export interface ResolvedOptions {
  readonly ttlMs: number;
  readonly waitMs: number;
  /** Whether `waitMs` is the default, because no option set it. */
  readonly isDefaultWait: boolean;
  readonly autoExtend: boolean;
  readonly prefix: string;
  readonly driftFactor: number;
  readonly requestTimeoutMs: number;
  /** The end of every token, as in token.ts. */
  readonly tokenSuffix: string;
  readonly diagnostics: boolean;
  /** `undefined` if the number of instances decides. */
  readonly restartGuard: boolean | undefined;
  /** The minimum time for which a restarted instance abstains, in ms. */
  readonly windowMs: number;
  readonly strict: boolean;
  readonly clock: Clock;
  /** What to do if a restarted server does not vote, for a client whose options have other names. */
  readonly quarantineAdvice?: string;
}

/** The options of one acquisition, checked and complete. */
export interface ResolvedAcquireOptions {
  readonly ttlMs: number;
  readonly waitMs: number;
  /** Whether `waitMs` is the default, because no option set it. */
  readonly isDefaultWait: boolean;
  readonly signal: AbortSignal | undefined;
  readonly autoExtend: boolean;
  /** The end of every token, as in token.ts. */
  readonly tokenSuffix: string;
  /** How long the caller has waited before, in ms. */
  readonly waitedMs: number;
}

/** The allowance for the resolution of key expiry and of timers (protocol §2). */
const RESOLUTION_MS = 2;
/** A shorter ttl is probably meant in seconds. */
const SHORT_TTL_MS = 100;
/** Restarted servers abstain for the longest ttl, so a moment that is given as a ttl would stop them for decades. */
const MAX_TTL_MS = 30 * 24 * 3_600_000;
const MAX_OWNER_LENGTH = 128;

/** The time by which a lease of `ttlMs` is shortened, because clocks run at different rates (protocol §2). */
export function driftAllowance(ttlMs: number, driftFactor: number): number {
  return ttlMs * driftFactor + RESOLUTION_MS;
}

const CLIENT_OPTIONS: Readonly<Record<keyof MutexRedlockOptions, true>> = {
  ttl: true,
  wait: true,
  autoExtend: true,
  prefix: true,
  driftFactor: true,
  requestTimeout: true,
  owner: true,
  diagnostics: true,
  restartGuard: true,
  strict: true,
  clock: true,
};
const REDLOCK_OPTIONS = { ...CLIENT_OPTIONS, health: true } as const;
export const ACQUIRE_OPTIONS: Readonly<Record<keyof AcquireOptions, true>> = {
  ttl: true,
  wait: true,
  signal: true,
  autoExtend: true,
  owner: true,
};

/** @param more options of the caller, which it checks itself. */
export function resolveOptions(
  options: MutexRedlockOptions = {},
  more: Readonly<Record<string, true>> = {},
): ResolvedOptions {
  checkOptions(options);
  refuseUnknownOptions(
    options,
    { ...CLIENT_OPTIONS, ...more },
    {
      "`acquire`, `tryAcquire` and `using`": ACQUIRE_OPTIONS,
      "`Redlock.memory`": { instances: true },
      "`Redlock`": REDLOCK_OPTIONS,
    },
  );
  const driftFactor = checkDrift(options.driftFactor ?? 0.01);
  const ttlMs = checkTtl(options.ttl ?? 10_000, driftFactor);
  return {
    ttlMs,
    waitMs: checkWait(options.wait ?? 10_000),
    isDefaultWait: options.wait === undefined,
    autoExtend: checkBoolean("autoExtend", options.autoExtend ?? true),
    prefix: checkText("prefix", options.prefix ?? "lock:"),
    driftFactor,
    requestTimeoutMs: checkRequestTimeout(options.requestTimeout ?? Math.min(500, Math.max(10, ttlMs / 10))),
    tokenSuffix: tokenSuffix(checkOwner(options.owner ?? `${hostname()}:${process.pid}`)),
    diagnostics: checkBoolean("diagnostics", options.diagnostics ?? false),
    ...checkRestartGuard(options.restartGuard, ttlMs),
    strict: checkBoolean("strict", options.strict ?? false),
    clock: checkClock(options.clock),
  };
}

export function resolveAcquireOptions(
  options: ComposedOptions | undefined,
  defaults: ResolvedOptions,
): ResolvedAcquireOptions {
  if (options === undefined) {
    return {
      ttlMs: defaults.ttlMs,
      waitMs: defaults.waitMs,
      isDefaultWait: defaults.isDefaultWait,
      signal: undefined,
      autoExtend: defaults.autoExtend,
      tokenSuffix: defaults.tokenSuffix,
      waitedMs: 0,
    };
  }
  checkOptions(options);
  refuseUnknownOptions(options, ACQUIRE_OPTIONS, {
    "`new Redlock`": REDLOCK_OPTIONS,
    "`redlock.fair`": { priority: true, ageing: true },
  });
  return {
    ttlMs: checkTtl(options.ttl ?? defaults.ttlMs, defaults.driftFactor),
    waitMs: checkWait(options.wait ?? defaults.waitMs),
    isDefaultWait: options.wait === undefined && defaults.isDefaultWait,
    signal: checkSignal(options.signal),
    autoExtend: checkBoolean("autoExtend", options.autoExtend ?? defaults.autoExtend),
    tokenSuffix: options.owner === undefined ? defaults.tokenSuffix : tokenSuffix(checkOwner(options.owner)),
    waitedMs: options[WAITED_BEFORE] ?? 0,
  };
}

/**
 * @throws TypeError if `ttl` is not a number.
 * @throws RangeError if `ttl` is not a whole number, or is not above the allowance for clock drift.
 */
export function checkTtl(ttl: number, driftFactor: number): number {
  if (typeof ttl !== "number")
    throw new TypeError(`ttl: ${formatValue(ttl)} must be a number of milliseconds`);
  if (!Number.isSafeInteger(ttl) || ttl <= 0) {
    throw new RangeError(`ttl: ${formatValue(ttl)} must be a whole number of milliseconds above 0`);
  }
  if (ttl > MAX_TTL_MS) {
    const hint = "it is a duration, not a moment; a lock that extends itself needs no long ttl";
    throw new RangeError(`ttl: ${ttl} ms must be at most ${MAX_TTL_MS}, which is 30 days; ${hint}`);
  }
  if (ttl <= driftAllowance(ttl, driftFactor)) {
    const allowance = driftAllowance(ttl, driftFactor);
    throw new RangeError(
      `ttl: ${ttl} ms must be above the allowance for clock drift, ${allowance} ms; use a longer ttl`,
    );
  }
  if (ttl < SHORT_TTL_MS) {
    const seconds = `${ttl} seconds are { ttl: ${ttl * 1_000} }`;
    warnOnce("QUORUMLOCK_SHORT_TTL", `ttl: ${ttl} ms is very short; were seconds meant? ${seconds}`);
  }
  return ttl;
}

/** @throws TypeError if the options are not an object that can have options. */
export function checkOptions(options: unknown): void {
  if (typeof options === "number")
    throw new TypeError(`options: ${options} must be an object; to set the ttl, use { ttl: ${options} }`);
  if (options instanceof AbortSignal)
    throw new TypeError("options: an AbortSignal must be in an object; use { signal }");
  // Arrays, dates, maps and other objects of the language have a tag of their own.
  if (Object.prototype.toString.call(options) !== "[object Object]")
    throw new TypeError(`options: ${formatValue(options)} must be an object`);
  if (typeof options !== "object" || options === null) return;
  // A client in place of the options, as in `new Redlock(a, b, c)`.
  if ("on" in options && typeof options.on === "function")
    throw new TypeError(
      `options: ${formatValue(options)} is no options object; list all clients in one array`,
    );
}

export function checkWait(wait: number): number {
  if (typeof wait !== "number")
    throw new TypeError(`wait: ${formatValue(wait)} must be a number of milliseconds`);
  if (!(wait >= 0))
    throw new RangeError(
      `wait: ${formatValue(wait)} must be a number of milliseconds, at least 0 (Infinity to wait without a limit)`,
    );
  return wait;
}

function checkDrift(factor: number): number {
  if (typeof factor !== "number") throw new TypeError(`driftFactor: ${formatValue(factor)} must be a number`);
  if (!(factor >= 0 && factor < 0.5))
    throw new RangeError(`driftFactor: ${formatValue(factor)} must be at least 0 and less than 0.5`);
  return factor;
}

/** @throws TypeError, RangeError if it is no finite number above 0. */
export function checkRequestTimeout(timeout: number): number {
  if (typeof timeout !== "number")
    throw new TypeError(`requestTimeout: ${formatValue(timeout)} must be a number of milliseconds`);
  if (!(timeout > 0 && Number.isFinite(timeout))) {
    throw new RangeError(
      `requestTimeout: ${formatValue(timeout)} must be a finite number of milliseconds above 0`,
    );
  }
  return timeout;
}

function checkRestartGuard(
  guard: boolean | number | undefined,
  ttlMs: number,
): Pick<ResolvedOptions, "restartGuard" | "windowMs"> {
  if (guard === undefined || typeof guard === "boolean") return { restartGuard: guard, windowMs: ttlMs };
  if (typeof guard !== "number") {
    throw new TypeError(
      `restartGuard: ${formatValue(guard)} must be true, false or a number of milliseconds`,
    );
  }
  if (!Number.isSafeInteger(guard) || guard < ttlMs) {
    throw new RangeError(
      `restartGuard: ${formatValue(guard)} must be a whole number of milliseconds, at least the default ttl of ${ttlMs}`,
    );
  }
  return { restartGuard: true, windowMs: guard };
}

export function checkOwner(owner: string): string {
  checkText("owner", owner);
  if (owner.length === 0 || owner.length > MAX_OWNER_LENGTH || /[\p{Cc}]/u.test(owner)) {
    throw new RangeError(
      `owner: ${formatValue(owner)} must have 1 to ${MAX_OWNER_LENGTH} printable characters`,
    );
  }
  return owner;
}

/** The methods of a `Clock`. */
const CLOCK_METHODS: readonly (keyof Clock)[] = [
  "monotonic",
  "wall",
  "setTimer",
  "nextTick",
  "afterIo",
  "random",
  "randomToken",
];

/** @throws TypeError if `clock` is no `Clock`. */
export function checkClock(clock: Clock = systemClock): Clock {
  const missing = CLOCK_METHODS.find(
    (method) => typeof (clock as Partial<Clock> | null)?.[method] !== "function",
  );
  if (missing === undefined) return clock;
  throw new TypeError(`clock: ${formatValue(clock)} must be a Clock, but it has no method ${missing}`);
}

export function checkSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError(`signal: ${formatValue(signal)} must be an AbortSignal`);
  }
  return signal;
}
