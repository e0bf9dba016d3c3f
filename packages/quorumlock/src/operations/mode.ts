/**
 * A mode in which a node can be held, as in multi-granularity locking (protocol §7). Source: Gray, Lorie, Putzolu, Traiger,
 * "Granularity of Locks in a Shared Data Base", 1975.
 *
 * - `IS`, `IX`: something below the node is read, or is written.
 * - `S`: the node and everything below it is read.
 * - `SIX`: as `S`, and something below it is written.
 * - `X`: the node and everything below it is written.
 */
export type Mode = "IS" | "IX" | "S" | "SIX" | "X";

const CLASHES: Readonly<Record<Mode, readonly Mode[]>> = {
  IS: ["X"],
  IX: ["S", "SIX", "X"],
  S: ["IX", "SIX", "X"],
  SIX: ["IX", "S", "SIX", "X"],
  X: ["IS", "IX", "S", "SIX", "X"],
};

export const MODES = Object.keys(CLASHES) as readonly Mode[];

/** Whether two holders cannot have these modes of one node at the same time. */
export function clash(one: Mode, other: Mode): boolean {
  return CLASHES[one].includes(other);
}

export function isMode(text: string): text is Mode {
  return Object.hasOwn(CLASHES, text);
}

/** See `modes_of` in modes.lua. */
export function modesOf(text: string): readonly Mode[] {
  return text.split(" ").map((mode) => {
    if (!isMode(mode)) throw new Error(`unknown mode ${mode}`);
    return mode;
  });
}
