import { checkBoolean, formatValue } from "../base/check-value.ts";
import type { LockEventName } from "../base/events.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkOptions } from "../base/options.ts";
import { toError } from "../base/to-error.ts";
import { warnOnce } from "../base/warn-once.ts";
import { clientOf } from "../client/client-of.ts";
import { type Describe, type Descriptions, DESCRIPTIONS, VERBOSE_DESCRIPTIONS } from "./describe-events.ts";
import type { LockLogEntry, LogLevel } from "./log-entry.ts";
import type { ObservableRedlock } from "./lock-stats.ts";

/** A logger: pino, winston, bunyan, `console`, or three functions of your own. */
export interface LockLogger {
  /** Gets what went well. */
  info(entry: LockLogEntry): unknown;
  /** Gets what an operator may want to look at. */
  warn(entry: LockLogEntry): unknown;
  /** Gets what failed. */
  error(entry: LockLogEntry): unknown;
}

/** Options of `logLocks`. */
export interface LogLocksOptions {
  /**
   * Whether to log every step as well: calls, waits, extensions that succeed, hand-overs, conversions and changes of the health.
   * @default false
   */
  readonly verbose?: boolean | undefined;
  /** Fields that every entry has in its `metadata`, such as the name of the service. @default none */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

const LEVELS: readonly LogLevel[] = ["info", "warn", "error"];

/**
 * Logs the events of a client, one object for each (docs/observability.md). Tokens are cut to their first 8 digits, and passwords are
 * replaced. A logger that throws does no harm; a process warning reports it once.
 *
 * ```ts
 * import { pino } from "pino";
 * import { logLocks } from "quorumlock/observe";
 * const stop = logLocks(redlock, pino());
 * ```
 * @returns a function that stops it.
 * @throws TypeError for something else than a client or a logger, and for bad options, with the field and the value.
 */
export function logLocks(
  redlock: ObservableRedlock,
  logger: LockLogger,
  options: LogLocksOptions = {},
): () => void {
  const { clock } = clientOf(redlock);
  for (const level of LEVELS) {
    if (typeof (logger as Partial<LockLogger> | null | undefined)?.[level] !== "function")
      throw new TypeError(`logger: ${formatValue(logger)} must have the methods ${LEVELS.join(", ")}`);
  }
  checkOptions(options);
  refuseUnknownOptions(options, { verbose: true, metadata: true });
  const { verbose = false, metadata } = options;
  checkBoolean("verbose", verbose);
  if (metadata !== undefined && (typeof metadata !== "object" || metadata === null))
    throw new TypeError(`metadata: ${formatValue(metadata)} must be an object`);

  const listen = <Name extends LockEventName>(name: Name, describe: Describe<Name>): (() => void) =>
    redlock.on(name, (event) => {
      const [level, described] = describe(event);
      const entry = {
        // oxlint-disable-next-line no-restricted-globals -- It formats a time of the clock.
        timestamp: new Date(clock.wall()).toISOString(),
        ...described,
        ...(metadata !== undefined && { metadata: { ...metadata, ...described.metadata } }),
      };
      send(logger, level, entry);
    });
  const descriptions: Descriptions = verbose ? { ...DESCRIPTIONS, ...VERBOSE_DESCRIPTIONS } : DESCRIPTIONS;
  const stops = (Object.keys(descriptions) as LockEventName[]).map((name) =>
    listen(name, descriptions[name] as Describe<LockEventName>),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

/** A logger that fails usually fails each time, so a process warning reports it once. */
function send(logger: LockLogger, level: LogLevel, entry: LockLogEntry): void {
  try {
    const result = logger[level](entry);
    if (result instanceof Promise) result.catch(warn);
  } catch (thrown) {
    warn(thrown);
  }
}

function warn(thrown: unknown): void {
  warnOnce(
    "QUORUMLOCK_LOGGER",
    `the logger of logLocks failed, so entries of the log are missing: ${toError(thrown).message}; repair the logger`,
  );
}
