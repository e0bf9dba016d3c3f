import { type InstanceSource, type JointInstances, Redlock, type RedlockOptions } from "quorumlock";
import type { LogLocksOptions } from "quorumlock/observe";
import { describeValue } from "./describe-value.ts";

/** What `QuorumlockModule` makes a client of: either `instances` with all options of a `Redlock`, or a client in `redlock`. */
export interface QuorumlockModuleOptions extends RedlockOptions {
  /** The servers, as for `new Redlock(instances)`. @default none: then `redlock` must be there */
  readonly instances?: readonly InstanceSource[] | JointInstances | undefined;
  /**
   * A client that exists, instead of `instances`, such as `Redlock.memory()` in a test. The module closes it at shutdown as well.
   * @default none: then `instances` must be there
   */
  readonly redlock?: Redlock | undefined;
  /**
   * How long methods with `@UseLock` may continue at a shutdown, in ms. Then all waits end, the signals of the locks abort, and the locks
   * are released although the methods run. From 0 to 2_147_483_647, or `Infinity` for no limit.
   * @default 10_000
   */
  readonly shutdownTimeout?: number | undefined;
  /** Whether the events of the locks go to the `Logger` of Nest, or the options of `logLocks`. @default false */
  readonly log?: boolean | LogLocksOptions | undefined;
}

/** Options that belong beside the options of the client. */
export interface QuorumlockModuleExtras {
  /** The name of the client, if the application has several: `@InjectRedlock(name)`, `@UseLock(key, { client: name })`. @default none */
  readonly name?: string | undefined;
  /** Whether all modules see the client, also those that do not import this module. @default false */
  readonly isGlobal?: boolean | undefined;
}

/** What the module needs besides the client. */
export interface ModuleSettings {
  readonly shutdownTimeoutMs: number;
  readonly log: false | LogLocksOptions;
}

const DEFAULT_SHUTDOWN_MS = 10_000;
/** The longest time of a timer. */
const MAX_TIMER_MS = 2_147_483_647;

/** @throws TypeError, RangeError for bad options, with the field and the value. */
export function makeRedlock(options: QuorumlockModuleOptions): Redlock {
  checkObject(options);
  readSettings(options); // before there is a client that would stay open
  const { instances, redlock, shutdownTimeout: _timeout, log: _log, ...rest } = options;
  for (const field of ["name", "isGlobal"])
    if (field in rest)
      throw new TypeError(
        `${field}: it belongs beside useFactory, useClass or useExisting, not in what they return`,
      );
  if (redlock === undefined) {
    if (instances === undefined)
      throw new TypeError(
        'instances: missing; list the servers, such as ["redis://localhost:6379"], or give a client as redlock',
      );
    return new Redlock(instances, rest);
  }
  if (instances !== undefined)
    throw new TypeError("redlock: it has its own instances; give either redlock or instances");
  const field = Object.keys(rest).find((name) => rest[name as keyof typeof rest] !== undefined);
  if (field !== undefined)
    throw new TypeError(`${field}: a client in redlock has its own options; give it to that client`);
  if (typeof (redlock as Partial<Redlock> | null)?.mutex !== "function")
    throw new TypeError(`redlock: ${describeValue(redlock)} must be a Redlock`);
  return redlock;
}

/** @throws TypeError, RangeError for bad options, with the field and the value. */
export function readSettings(options: QuorumlockModuleOptions): ModuleSettings {
  checkObject(options);
  const { shutdownTimeout = DEFAULT_SHUTDOWN_MS, log = false } = options;
  const isInRange = shutdownTimeout >= 0 && (shutdownTimeout <= MAX_TIMER_MS || shutdownTimeout === Infinity);
  if (typeof shutdownTimeout !== "number" || !isInRange)
    throw new RangeError(
      `shutdownTimeout: ${describeValue(shutdownTimeout)} must be a number of milliseconds from 0 to ${MAX_TIMER_MS}, or Infinity`,
    );
  if (typeof log !== "boolean" && (typeof log !== "object" || log === null))
    throw new TypeError(`log: ${describeValue(log)} must be true, false or the options of logLocks`);
  return { shutdownTimeoutMs: shutdownTimeout, log: log === true ? {} : log };
}

/** @throws TypeError for something else than options. */
export function checkObject<Options extends object>(options: Options): Options {
  if (Object.prototype.toString.call(options) !== "[object Object]")
    throw new TypeError(`options: ${describeValue(options)} must be an object, such as { instances: […] }`);
  return options;
}
