import { formatValue } from "../base/check-value.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { exception } from "./exceptions.ts";
import type { WebLockCallback, WebLockMode, WebLockOptions } from "./types.ts";

/** The arguments of `request`, checked and complete. */
export interface RequestArguments<T> {
  readonly name: string;
  readonly mode: WebLockMode;
  readonly ifAvailable: boolean;
  readonly steal: boolean;
  readonly signal: AbortSignal | undefined;
  readonly callback: WebLockCallback<T>;
}

const OPTIONS: Readonly<Record<keyof WebLockOptions, true>> = {
  mode: true,
  ifAvailable: true,
  steal: true,
  signal: true,
};
const WEB_LOCKS_OPTIONS = { ttl: true, wait: true, prefix: true } as const;

/**
 * Reads the arguments as the standard does: a name becomes a text, and a flag becomes a boolean.
 * @throws TypeError for missing or wrong arguments. DOMException `NotSupportedError` for options that exclude each other.
 */
export function readArguments<T>(given: readonly unknown[]): RequestArguments<T> {
  if (given.length < 2)
    throw new TypeError(`request: ${given.length} arguments are too few; it needs a name and a callback`);
  const name = textOf(given[0]);
  const [options, callback] = given.length === 2 ? [undefined, given[1]] : [given[1], given[2]];
  const read = readOptions(options);
  if (typeof callback !== "function")
    throw new TypeError(`request: the callback ${formatValue(callback)} must be a function`);
  refuseCombinations(read);
  return { name, ...read, callback: callback as WebLockCallback<T> };
}

/** The text of a name, as the standard makes it. */
function textOf(name: unknown): string {
  if (typeof name === "symbol") throw new TypeError(`name: ${formatValue(name)} must be a text`);
  return String(name);
}

type ReadOptions = Omit<RequestArguments<unknown>, "name" | "callback">;

function readOptions(options: unknown): ReadOptions {
  // The standard has no difference between the two.
  const given = options ?? {};
  if (typeof given !== "object" && typeof given !== "function")
    throw new TypeError(`options: ${formatValue(options)} must be an object`);
  const { ifAvailable, steal, mode = "exclusive", signal } = given as Record<keyof WebLockOptions, unknown>;
  if (mode !== "exclusive" && mode !== "shared")
    throw new TypeError(`mode: ${formatValue(mode)} must be "exclusive" or "shared"`);
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new TypeError(`signal: ${formatValue(signal)} must be an AbortSignal`);
  // In the standard, null is a value of a flag.
  const others = Object.entries(given).filter(([key]) => !Object.hasOwn(OPTIONS, key));
  refuseUnknownOptions(Object.fromEntries(others), OPTIONS, { "`webLocks`": WEB_LOCKS_OPTIONS });
  return { mode, ifAvailable: Boolean(ifAvailable), steal: Boolean(steal), signal };
}

/** @throws DOMException `NotSupportedError` */
function refuseCombinations({ mode, ifAvailable, steal, signal }: ReadOptions): void {
  const refuse = (what: string): never => {
    throw exception("NotSupportedError", what);
  };
  if (steal && ifAvailable) refuse("steal: it cannot be combined with `ifAvailable`; use one of them");
  if (steal && mode !== "exclusive") refuse('steal: it needs the mode "exclusive"; leave `mode` out');
  if (signal !== undefined && steal)
    refuse("signal: it cannot be combined with `steal`, which does not wait; leave `signal` out");
  if (signal !== undefined && ifAvailable)
    refuse("signal: it cannot be combined with `ifAvailable`, which does not wait; leave `signal` out");
}
