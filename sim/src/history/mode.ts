/**
 * A mode in which a lock is held. Modes of one name that do not clash can be held at the same time. `S` is a reader, `X` is a writer
 * or the holder of a plain lock. The others are intention modes of nodes above a lock on a tree (Gray et al. 1975).
 */
export type Mode = "IS" | "IX" | "S" | "SIX" | "X";

export const MODES: readonly Mode[] = ["IS", "IX", "S", "SIX", "X"];

/** The checker must not trust the table of the lock that it checks, so it has its own. */
const CLASHES: Readonly<Record<Mode, readonly Mode[]>> = {
  IS: ["X"],
  IX: ["S", "SIX", "X"],
  S: ["IX", "SIX", "X"],
  SIX: ["IX", "S", "SIX", "X"],
  X: MODES,
};

/** Whether two holders cannot have these modes of one name at the same time. */
export function clash(one: Mode, other: Mode): boolean {
  return CLASHES[one].includes(other);
}

/** Whether a grant in this mode needs a larger fencing token than all that clash with it. Otherwise an equal one is enough. */
export function isExclusive(mode: Mode): boolean {
  return mode === "X" || mode === "SIX";
}
