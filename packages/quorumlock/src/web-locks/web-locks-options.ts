import { checkText, formatValue } from "../base/check-value.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkOptions, checkTtl, checkWait } from "../base/options.ts";
import type { Client } from "../client/client.ts";

/** Options of `webLocks`. Every duration is in milliseconds. */
export interface WebLocksOptions {
  /**
   * How long a lock outlives a process that dies, in ms, with the limits of the client's `ttl`. The former holder of a stolen lock in
   * another process learns of it within a third of this time.
   * @default the client's `ttl`
   */
  readonly ttl?: number | undefined;
  /**
   * How long a request waits, in ms, from 0 to `Infinity`. Then it rejects with a `TimeoutError`, or with a `QuorumError` if too few
   * instances answered. The standard has no limit. Behind a theft of the same process it can be longer, by two request timeouts at
   * most: the request comes after the theft.
   * @default Infinity
   */
  readonly wait?: number | undefined;
  /**
   * The start of the name of every lock. Without it, `request("a")` and `redlock.mutex("a")` exclude each other. A text that does not
   * begin with `~`.
   * @default ""
   */
  readonly prefix?: string | undefined;
}

/** The options, checked and complete. */
export interface ResolvedWebLocks {
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly prefix: string;
}

const OPTIONS: Readonly<Record<keyof WebLocksOptions, true>> = { ttl: true, wait: true, prefix: true };
const REQUEST_OPTIONS = { mode: true, ifAvailable: true, steal: true, signal: true } as const;
const MAX_PREFIX_LENGTH = 512;

/** @throws TypeError, RangeError for bad options. */
export function resolveWebLocksOptions(options: WebLocksOptions, client: Client): ResolvedWebLocks {
  checkOptions(options);
  refuseUnknownOptions(options, OPTIONS, { "`request`": REQUEST_OPTIONS });
  return {
    ttlMs: checkTtl(options.ttl ?? client.options.ttlMs, client.driftFactor),
    waitMs: checkWait(options.wait ?? Infinity),
    prefix: checkNamePrefix(options.prefix ?? ""),
  };
}

function checkNamePrefix(prefix: string): string {
  checkText("prefix", prefix);
  if (prefix.startsWith("~"))
    throw new RangeError(
      `prefix: ${formatValue(prefix)} begins with "~", which is reserved for the library's own keys; use another first character`,
    );
  if (prefix.length > MAX_PREFIX_LENGTH)
    throw new RangeError(
      `prefix: ${prefix.length} characters are too many; use at most ${MAX_PREFIX_LENGTH}`,
    );
  return prefix;
}
