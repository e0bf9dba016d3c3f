import { formatValue } from "../base/check-value.ts";
import { systemClock } from "../base/clock.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { checkOptions } from "../base/options.ts";
import { toError } from "../base/to-error.ts";
import { checkListener, notify } from "../policies/listeners.ts";
import { type HeldLockInfo, heldLocks, runInContext } from "./held-locks.ts";
import { safeText } from "./safe-text.ts";

/** How many of the locks that a call acquired are described. The others are counted. */
const MAX_DESCRIBED = 20;

/** One call of a function of `debugLock`, after it has ended. */
export interface DebuggedCall {
  /** The name of the function. */
  readonly name: string;
  /** The locks that its caller held. */
  readonly heldBefore: readonly HeldLockInfo[];
  /** The locks that were acquired during the call, as they were when they were granted. At most 20. */
  readonly acquired: readonly HeldLockInfo[];
  /** How many locks were acquired during the call. */
  readonly acquiredCount: number;
  /** The locks that the caller holds after the call, with those that the call has acquired and not released. */
  readonly heldAfter: readonly HeldLockInfo[];
  /** How long the call took, in ms. */
  readonly durationMs: number;
  /** What the call threw, as it is: its message can contain a whole token. `undefined` if it succeeded. */
  readonly error: Error | undefined;
}

/** Options of `debugLock`. */
export interface DebugLockOptions {
  /** The name in the output. @default the name of the function */
  readonly name?: string | undefined;
  /**
   * Gets the text of each line, and after the end of the call also the call as an object.
   * @default writes the text to the standard error output
   */
  readonly log?: ((line: string, call: DebuggedCall | undefined) => void) | undefined;
}

/**
 * A function that does the same as `work`, and shows for each call which locks were held and acquired, how long it took, and how it
 * ended. A development aid. The locks are those of clients that `trackLocks` knows.
 *
 * ```ts
 * import { debugLock, trackLocks } from "quorumlock/observe";
 * trackLocks(redlock);
 * const pay = debugLock(async function pay(order: string) {
 *   await redlock.using(order, work);
 * }, { log: (line) => console.log(line) });
 * await pay("order:42");
 * ```
 * @throws TypeError if `work` is no function, or for bad options.
 */
export function debugLock<This, Args extends readonly unknown[], Result>(
  work: (this: This, ...args: Args) => Result,
  options: DebugLockOptions = {},
): (this: This, ...args: Args) => Result {
  if (typeof work !== "function") throw new TypeError(`work: ${formatValue(work)} must be a function`);
  checkOptions(options);
  refuseUnknownOptions(options, { name: true, log: true });
  const { name = work.name === "" ? "(no name)" : work.name, log = printLine } = options;
  checkListener("log", log);
  const print = (line: string, call?: DebuggedCall): void =>
    notify("log", () => log(`[DEBUG] ${line}`, call), undefined);

  function debugged(this: This, ...args: Args): Result {
    const heldBefore = heldLocks();
    const acquired: HeldLockInfo[] = [];
    let acquiredCount = 0;
    const onGranted = (lock: HeldLockInfo): void => {
      acquiredCount += 1;
      if (acquired.length < MAX_DESCRIBED) acquired.push(lock);
    };
    const startedAt = systemClock.monotonic();
    print(`Function: ${name}`);
    print(`Locks: ${describe(heldBefore)}`);
    return runInContext(onGranted, (endContext) => {
      const end = (error?: Error): void => {
        endContext();
        const durationMs = systemClock.monotonic() - startedAt;
        const call = { name, heldBefore, acquired, acquiredCount, heldAfter: heldLocks(), durationMs, error };
        const seconds = `Duration: ${(durationMs / 1_000).toFixed(3)}s`;
        print(`Acquired: ${describe(acquired, acquiredCount)}`);
        if (error === undefined) print(`Success - ${seconds}`, call);
        else print(`Failed - ${seconds}, Error: ${safeText(error.message)}`, call);
      };
      let result: Result;
      try {
        result = work.apply(this, args as unknown as Args & unknown[]);
      } catch (thrown) {
        end(toError(thrown));
        throw thrown;
      }
      if (!isThenable(result)) {
        end();
        return result;
      }
      return result.then(
        (value) => {
          end();
          return value;
        },
        (thrown: unknown) => {
          end(toError(thrown));
          throw thrown;
        },
      ) as Result;
    });
  }
  return Object.defineProperty(debugged, "name", { value: work.name });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}

function describe(locks: readonly HeldLockInfo[], count = locks.length): string {
  if (count === 0) return "none";
  const texts = locks.map(
    ({ names, kind, token, fence, ttl, remaining }) =>
      `${names.map((each) => JSON.stringify(each)).join(", ")} (${kind}, token ${token}…, fence ${fence}, ttl ${ttl} ms, ${Math.round(remaining)} ms left)`,
  );
  const more = count - locks.length;
  return texts.join("; ") + (more > 0 ? `; and ${more} more` : "");
}

function printLine(line: string): void {
  process.stderr.write(`${line}\n`);
}
