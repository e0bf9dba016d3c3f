import { hostname } from "node:os";
import { type Clock, systemClock } from "./clock.ts";
import { tokenSuffix } from "./token.ts";

/** Settings of a client. Every duration is in milliseconds. */
export interface RedlockOptions {
  /**
   * How long a lock lives on the instances unless it is extended: an integer of at least 3.
   * @default 10_000
   */
  readonly ttl?: number | undefined;
  /**
   * How long an acquisition waits for others: 0 for one attempt, `Infinity` for ever.
   * @default 10_000
   */
  readonly wait?: number | undefined;
  /**
   * Put before every resource name to make its key. With `""` the keys are those of other Redlock libraries'
   * own names.
   * @default "lock:"
   */
  readonly prefix?: string | undefined;
  /**
   * How far the rates of two clocks may differ: 0.01 is one percent. From 0 up to, not including, 0.5. Taken
   * off every lease (protocol §2).
   * @default 0.01
   */
  readonly driftFactor?: number | undefined;
  /**
   * How long one instance may take to answer before it counts as abstaining.
   * @default a tenth of `ttl`, within 10 and 500
   */
  readonly requestTimeout?: number | undefined;
  /**
   * A label in every token that says who holds a lock: up to 128 printable characters.
   * @default "host:pid"
   */
  readonly owner?: string | undefined;
  /**
   * Throw at once where the same asynchronous context acquires a name that it holds. Uses AsyncLocalStorage,
   * which slows every promise of the process on Node 20, hence not by default.
   * @default false
   */
  readonly diagnostics?: boolean | undefined;
  /**
   * Whether an instance that (re)started less than a window ago abstains from granting locks, since it may have forgotten
   * some that still run (protocol §10); not where it runs with `appendonly yes` and `appendfsync always`. `true`: the
   * window is the largest ttl that this client has used so far. A number: the window in ms, at least the default ttl and
   * never less than the largest ttl used; give it where other processes use longer ones.
   * @default true with three or more instances
   */
  readonly restartGuard?: boolean | number | undefined;
  /**
   * Whether an instance that is set up so that locks get lost (it may evict keys, is a replica, is one node of a cluster,
   * its clock is off) abstains from granting locks, instead of only being warned of.
   * @default false
   */
  readonly strict?: boolean | undefined;
  /**
   * Time, timers and randomness. For tests and simulation.
   * @default the system's
   */
  readonly clock?: Clock | undefined;
}

/** Settings of one acquisition. Every duration is in milliseconds. */
export interface AcquireOptions {
  /** As the client's `ttl`, for this lock. @default the client's */
  readonly ttl?: number | undefined;
  /** As the client's `wait`, for this acquisition. @default the client's */
  readonly wait?: number | undefined;
  /**
   * Gives up waiting when aborted. Once the lock is held it has no effect: the lock's own signal tells of its
   * loss.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * Extend the lock, from a third of its ttl on, until it is released.
   * @default true in `using`, false in `acquire` and `tryAcquire`
   */
  readonly autoExtend?: boolean | undefined;
  /** As the client's `owner`, for this lock. @default the client's */
  readonly owner?: string | undefined;
}

export interface ResolvedOptions {
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly prefix: string;
  readonly driftFactor: number;
  readonly requestTimeoutMs: number;
  /** What its tokens end with, see token.ts. */
  readonly tokenSuffix: string;
  readonly diagnostics: boolean;
  /** `undefined`: by the number of instances. */
  readonly restartGuard: boolean | undefined;
  /** For how long a restarted instance abstains at least. */
  readonly windowMs: number;
  readonly strict: boolean;
  readonly clock: Clock;
}

export interface ResolvedAcquireOptions {
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
  readonly autoExtend: boolean;
  /** What its tokens end with, see token.ts. */
  readonly tokenSuffix: string;
}

/** The allowance, besides the drift, for the resolution of expiry and of timers (protocol §2). */
const RESOLUTION_MS = 2;
const LONGEST_NAME = 1024;
/** The server's Lua hands over some thousand keys at once. */
const MOST_NAMES = 1000;
const LONGEST_OWNER = 128;

/** What is taken off a lease of `ttlMs` for clocks that differ (protocol §2). */
export function driftAllowance(ttlMs: number, driftFactor: number): number {
  return ttlMs * driftFactor + RESOLUTION_MS;
}

export function resolveOptions(options: RedlockOptions = {}): ResolvedOptions {
  if (typeof options !== "object" || options === null)
    throw new TypeError(`options: ${show(options)} is not an object`);
  const driftFactor = checkDrift(options.driftFactor ?? 0.01);
  const ttlMs = checkTtl(options.ttl ?? 10_000, driftFactor);
  return {
    ttlMs,
    waitMs: checkWait(options.wait ?? 10_000),
    prefix: checkString("prefix", options.prefix ?? "lock:"),
    driftFactor,
    requestTimeoutMs: checkRequestTimeout(options.requestTimeout ?? Math.min(500, Math.max(10, ttlMs / 10))),
    tokenSuffix: tokenSuffix(checkOwner(options.owner ?? `${hostname()}:${process.pid}`)),
    diagnostics: checkBoolean("diagnostics", options.diagnostics ?? false),
    ...checkRestartGuard(options.restartGuard, ttlMs),
    strict: checkBoolean("strict", options.strict ?? false),
    clock: options.clock ?? systemClock,
  };
}

export function resolveAcquireOptions(
  options: AcquireOptions | undefined,
  defaults: ResolvedOptions,
  autoExtend: boolean,
): ResolvedAcquireOptions {
  if (options === undefined) {
    return {
      ttlMs: defaults.ttlMs,
      waitMs: defaults.waitMs,
      signal: undefined,
      autoExtend,
      tokenSuffix: defaults.tokenSuffix,
    };
  }
  if (typeof options !== "object" || options === null)
    throw new TypeError(`options: ${show(options)} is not an object`);
  return {
    ttlMs: checkTtl(options.ttl ?? defaults.ttlMs, defaults.driftFactor),
    waitMs: checkWait(options.wait ?? defaults.waitMs),
    signal: checkSignal(options.signal),
    autoExtend: checkBoolean("autoExtend", options.autoExtend ?? autoExtend),
    tokenSuffix: options.owner === undefined ? defaults.tokenSuffix : tokenSuffix(checkOwner(options.owner)),
  };
}

/**
 * The names of one lock, sorted: one order for everybody, so that no two acquisitions wait for each other in
 * a circle.
 */
export function checkNames(names: string | readonly string[]): readonly string[] {
  if (typeof names === "string") return [checkName("name", names)];
  if (!Array.isArray(names))
    throw new TypeError(`name: ${show(names)} is neither a string nor a list of strings`);
  if (names.length === 0) throw new RangeError("names: the list is empty; give at least one name to lock");
  if (names.length > MOST_NAMES)
    throw new RangeError(`names: ${names.length} are too many for one lock; use at most ${MOST_NAMES}`);
  const sorted = names.map((name, index) => checkName(`names[${index}]`, name)).toSorted();
  const twice = sorted.find((name, index) => name === sorted[index - 1]);
  if (twice !== undefined)
    throw new RangeError(`names: ${show(twice)} is in the list twice; give every name once`);
  return sorted;
}

/** @throws RangeError unless `ttl` is an integer that leaves some validity after the allowance for drift. */
export function checkTtl(ttl: number, driftFactor: number): number {
  if (typeof ttl !== "number") throw new TypeError(`ttl: ${show(ttl)} is not a number of milliseconds`);
  if (!Number.isSafeInteger(ttl) || ttl <= 0) {
    throw new RangeError(`ttl: ${show(ttl)} is not a whole number of milliseconds above 0`);
  }
  if (ttl <= driftAllowance(ttl, driftFactor)) {
    const allowance = driftAllowance(ttl, driftFactor);
    throw new RangeError(
      `ttl: ${ttl} ms leaves no validity after the allowance for clock drift of ${allowance} ms; use a longer one`,
    );
  }
  return ttl;
}

function checkName(field: string, name: unknown): string {
  if (typeof name !== "string") throw new TypeError(`${field}: ${show(name)} is not a string`);
  if (name === "") throw new RangeError(`${field}: "" is empty; a resource needs a name`);
  if (name.length > LONGEST_NAME) {
    throw new RangeError(`${field}: ${name.length} characters are too long; use at most ${LONGEST_NAME}`);
  }
  return name;
}

function checkWait(wait: number): number {
  if (typeof wait !== "number") throw new TypeError(`wait: ${show(wait)} is not a number of milliseconds`);
  if (!(wait >= 0))
    throw new RangeError(`wait: ${show(wait)} is not a number of milliseconds from 0 to Infinity`);
  return wait;
}

function checkDrift(factor: number): number {
  if (typeof factor !== "number") throw new TypeError(`driftFactor: ${show(factor)} is not a number`);
  if (!(factor >= 0 && factor < 0.5))
    throw new RangeError(`driftFactor: ${show(factor)} is not within 0 and 0.5`);
  return factor;
}

function checkRequestTimeout(timeout: number): number {
  if (typeof timeout !== "number") throw new TypeError(`requestTimeout: ${show(timeout)} is not a number`);
  if (!(timeout > 0 && Number.isFinite(timeout))) {
    throw new RangeError(`requestTimeout: ${show(timeout)} is not a finite number of milliseconds above 0`);
  }
  return timeout;
}

function checkRestartGuard(
  guard: boolean | number | undefined,
  ttlMs: number,
): Pick<ResolvedOptions, "restartGuard" | "windowMs"> {
  if (guard === undefined || typeof guard === "boolean") return { restartGuard: guard, windowMs: ttlMs };
  if (typeof guard !== "number") {
    throw new TypeError(`restartGuard: ${show(guard)} is not true, false or a number of milliseconds`);
  }
  if (!Number.isSafeInteger(guard) || guard < ttlMs) {
    throw new RangeError(
      `restartGuard: ${show(guard)} is not a whole number of milliseconds from ${ttlMs}, the default ttl, on`,
    );
  }
  return { restartGuard: true, windowMs: guard };
}

function checkOwner(owner: string): string {
  checkString("owner", owner);
  if (owner.length === 0 || owner.length > LONGEST_OWNER || /[\p{Cc}]/u.test(owner)) {
    throw new RangeError(
      `owner: ${show(owner)} is not a label of 1 to ${LONGEST_OWNER} printable characters`,
    );
  }
  return owner;
}

export function checkSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError(`signal: ${show(signal)} is not an AbortSignal`);
  }
  return signal;
}

function checkString(field: string, value: string): string {
  if (typeof value !== "string") throw new TypeError(`${field}: ${show(value)} is not a string`);
  return value;
}

function checkBoolean(field: string, value: boolean): boolean {
  if (typeof value !== "boolean") throw new TypeError(`${field}: ${show(value)} is not true or false`);
  return value;
}

/** A value as it should stand in an error message. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && value !== null)
    return `an object (${value.constructor?.name ?? "no prototype"})`;
  return String(value);
}
