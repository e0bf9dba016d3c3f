/** Options of other lock libraries, in lower case, and what this library has instead. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [
    /^(retrycount|retries|maxretries|attempts|maxattempts)$/,
    "set `wait`: an acquisition waits for a time, not for a number of attempts",
  ],
  [
    /^(retry(delay|jitter|interval|strategy)|poll(ing)?interval|delay|backoff)$/,
    "remove it: waiters are notified; `wait` limits how long they wait",
  ],
  [
    /^(automaticextensionthreshold|extension(threshold|interval)|refreshinterval|extend)$/,
    "set `autoExtend`: a lock extends itself when a third of its ttl has passed",
  ],
  [
    /^(timeout|(acquire|acquisition|wait)timeout|maxwait|waitms|waittime)$/,
    "set `wait` for the time to wait, or `ttl` for the time of the lock",
  ],
  [
    /^(locktimeout|expir(y|es|ation|e)(in|ms)?|duration|lease(time|ms)?|lifetime|ttlms|ms|px)$/,
    "set `ttl`, in milliseconds",
  ],
  [/^(clockdrift|drift|clockdriftfactor)$/, "set `driftFactor`"],
  [/^(keyprefix|namespace|resourceprefix)$/, "set `prefix`"],
  [/^(identifier|id|clientid|label)$/, "set `owner`"],
  [/^(abortsignal|abort)$/, "set `signal`"],
  [/^(onlocklost|onlost)$/, "listen to the event `lock:lost`, or to the lock's `signal`"],
  [/^(commandtimeout|connecttimeout)$/, "set `requestTimeout`"],
  [/^quorum$/, "remove it: a quorum is always a majority of the instances"],
];

/** Maximum number of wrong letters in a misspelled option. */
const MAX_DISTANCE = 2;

/**
 * @param known the options of this call.
 * @param others the options of other calls, with the call.
 * @throws TypeError if an option is null, or has a value and is not known. The message says which one was probably meant.
 */
export function refuseUnknownOptions(
  options: object,
  known: Readonly<Record<string, true>>,
  others: Readonly<Record<string, Readonly<Record<string, true>>>> = {},
): void {
  for (const key of Object.keys(options)) {
    const value = (options as Record<string, unknown>)[key];
    if (value === null && Object.hasOwn(known, key))
      throw new TypeError(`${key}: null is no value; leave the option out for its default`);
    if (Object.hasOwn(known, key) || value === undefined) continue;
    throw new TypeError(`${key}: there is no such option; ${adviceFor(key, Object.keys(known), others)}`);
  }
}

function adviceFor(
  key: string,
  known: readonly string[],
  others: Readonly<Record<string, Readonly<Record<string, true>>>>,
): string {
  const lower = key.toLowerCase();
  const call = Object.keys(others).find((name) => Object.hasOwn(others[name]!, key));
  if (call !== undefined) return `it is an option of ${call}`;
  const nearest = known
    .map((name) => ({ name, distance: distanceOf(name.toLowerCase(), lower) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  const isNear = nearest !== undefined && nearest.distance <= Math.min(MAX_DISTANCE, key.length / 3);
  if (isNear) return `\`${nearest.name}\` is probably meant`;
  // The advice names options of clients and of acquisitions. Other calls have no ttl.
  const instead = known.includes("ttl") ? INSTEAD.find(([pattern]) => pattern.test(lower))?.[1] : undefined;
  return instead ?? `the options are ${known.join(", ")}`;
}

/** The number of letters to insert, remove or replace (Levenshtein). */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
