import { Acquirable, type LockingContext } from "../acquiring/acquirable.ts";
import { ALL_NAMES, type NameSpace } from "./hierarchy.ts";
import { checkName, MAX_NAMES } from "../base/names.ts";
import { formatValue } from "../base/check-value.ts";
import type { Lockable } from "../lockable.ts";
import { checkKeyName } from "../operations/keys.ts";
import { isMode, type Mode, MODES } from "../operations/mode.ts";
import { modesKind, type ModesTarget } from "../operations/modes.ts";

/** A name, and the mode in which it is locked. */
export interface NameInMode {
  /** As a name of `mutex`. */
  readonly name: string;
  /** `"IS"`, `"IX"`, `"S"`, `"SIX"` or `"X"`. */
  readonly mode: Mode;
}

/**
 * Several names, each in its own mode, all or nothing.
 * @throws TypeError, RangeError for a bad list.
 */
export function modes(
  context: LockingContext,
  parts: readonly NameInMode[],
  { prefix, scope }: NameSpace = ALL_NAMES,
): Lockable {
  return new Acquirable<ModesTarget>(context, modesKind, targetOf(parts, prefix), { scope });
}

function targetOf(parts: readonly NameInMode[], prefix: string): ModesTarget {
  if (!Array.isArray(parts))
    throw new TypeError(`modes: ${formatValue(parts)} must be an array of objects { name, mode }`);
  if (parts.length === 0) throw new RangeError("modes: the array is empty; give at least one { name, mode }");
  if (parts.length > MAX_NAMES)
    throw new RangeError(`modes: ${parts.length} names are too many for one lock; use at most ${MAX_NAMES}`);
  const modeByName = new Map<string, Mode>();
  Array.from(parts).forEach((part: unknown, index) => {
    const { name, mode } = checkPart(`modes[${index}]`, part);
    modeByName.set(name, strongerOf(`modes[${index}]`, name, mode, modeByName.get(name) ?? mode));
  });
  const sorted = [...modeByName].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    names: sorted.map(([name]) => prefix + name),
    modes: sorted.map(([, mode]) => mode),
    ticket: 0,
    leadMs: 0,
  };
}

function checkPart(field: string, part: unknown): NameInMode {
  if (typeof part !== "object" || part === null)
    throw new TypeError(`${field}: ${formatValue(part)} must be an object { name, mode }`);
  const { name, mode } = part as Partial<Record<keyof NameInMode, unknown>>;
  const checked = checkName(`${field}.name`, name);
  checkKeyName(checked);
  const expected = `must be one of ${MODES.join(", ")}`;
  if (typeof mode !== "string") throw new TypeError(`${field}.mode: ${formatValue(mode)} ${expected}`);
  if (!isMode(mode)) throw new RangeError(`${field}.mode: ${formatValue(mode)} ${expected}`);
  return { name: checked, mode };
}

/** The mode of a name that is in the list twice. X covers S. */
function strongerOf(field: string, name: string, one: Mode, other: Mode): Mode {
  if (one === other) return one;
  const both: readonly Mode[] = [one, other];
  if (both.includes("X") && both.includes("S")) return "X";
  throw new RangeError(
    `${field}: ${formatValue(name)} is in the array in the modes ${other} and ${one}; give every name once`,
  );
}
