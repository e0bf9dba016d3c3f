/** A pattern of names: which names match, and the name itself if the pattern has no special characters. */
export interface NamePattern {
  readonly matches: (name: string) => boolean;
  /** The only name that can match. `undefined` if there can be several. */
  readonly exact: string | undefined;
}

/** One place of a pattern: a character, any text, any character, or one of some characters. */
type Part = string | typeof STAR | typeof ANY | CharacterSet;

interface CharacterSet {
  readonly isNegated: boolean;
  readonly ranges: readonly (readonly [first: string, last: string])[];
}

const STAR = Symbol("*");
const ANY = Symbol("?");

/**
 * Reads a pattern as the Redis servers do: `*` is any text, `?` is one character, `[ab]`, `[a-z]` and `[^a]` are one of some characters,
 * and `\` takes the meaning from the character behind it. The whole name must match. The command matches by itself, because a server
 * that matches a pattern with many stars is blocked meanwhile.
 */
export function namePattern(text: string): NamePattern {
  const parts = partsOf(text);
  const isExact = parts.every((part) => typeof part === "string");
  return {
    exact: isExact ? parts.join("") : undefined,
    matches: (name) => isMatch(Array.from(name), parts),
  };
}

function partsOf(text: string): readonly Part[] {
  const characters = Array.from(text);
  const parts: Part[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    if (character === "*") {
      if (parts.at(-1) !== STAR) parts.push(STAR);
    } else if (character === "?") parts.push(ANY);
    else if (character === "\\" && at + 1 < characters.length) parts.push(characters[(at += 1)] ?? "");
    else if (character === "[") {
      const { set, end } = setAt(characters, at + 1);
      parts.push(set);
      at = end;
    } else parts.push(character);
  }
  return parts;
}

/** A set without its closing bracket ends with the pattern. */
function setAt(
  characters: readonly string[],
  start: number,
): { readonly set: CharacterSet; readonly end: number } {
  const isNegated = characters[start] === "^";
  const ranges: [string, string][] = [];
  let at = isNegated ? start + 1 : start;
  for (; at < characters.length && characters[at] !== "]"; at += 1) {
    if (characters[at] === "\\" && at + 1 < characters.length) at += 1;
    const first = characters[at] ?? "";
    const hasRange = characters[at + 1] === "-" && at + 2 < characters.length && characters[at + 2] !== "]";
    if (!hasRange) {
      ranges.push([first, first]);
      continue;
    }
    const last = characters[at + 2] ?? "";
    ranges.push(first <= last ? [first, last] : [last, first]);
    at += 2;
  }
  return { set: { isNegated, ranges }, end: at };
}

/** Goes back to the latest star only, so the steps are at most the product of the two lengths. */
function isMatch(name: readonly string[], parts: readonly Part[]): boolean {
  let [at, place] = [0, 0];
  let [starPlace, starAt] = [-1, 0];
  while (at < name.length) {
    const part = parts[place];
    if (part === STAR) {
      [starPlace, starAt] = [place, at];
      place += 1;
    } else if (part !== undefined && fits(name[at] ?? "", part)) {
      at += 1;
      place += 1;
    } else if (starPlace >= 0) {
      starAt += 1;
      [at, place] = [starAt, starPlace + 1];
    } else return false;
  }
  while (parts[place] === STAR) place += 1;
  return place === parts.length;
}

function fits(character: string, part: Exclude<Part, typeof STAR>): boolean {
  if (part === ANY) return true;
  if (typeof part === "string") return part === character;
  return part.ranges.some(([first, last]) => character >= first && character <= last) !== part.isNegated;
}
