/** Longer names are cut in the middle, because names often differ only at one end. */
export const MAX_NAME_LENGTH = 60;
const MAX_TOOLTIP_LENGTH = 2_000;
/** More combining marks than that on one letter would draw over the lines above and below. */
const MAX_COMBINING_MARKS = 2;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\0": "\\0",
};
/**
 * Control characters, characters without a shape, characters that change the direction of the text, halves of surrogate pairs,
 * and characters for private use.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029\u115f\u1160\u3164\uffa0]/u;
const COMBINING = /\p{M}/u;
const WIDE_SPACE = /[\p{Zs}]/u;

/** A name as it can be shown: invisible characters are escaped, and a long name is `start … end`. */
export function displayName(name: string, maxLength: number = MAX_NAME_LENGTH): string {
  return escapeOuterSpaces(cut(name, maxLength));
}

/** The whole name for a tooltip. Names of several kB are cut there, too. */
export function fullName(name: string): string {
  return escapeOuterSpaces(cut(name, MAX_TOOLTIP_LENGTH));
}

/** A sentence of the monitor. It can contain names, so it gets the same treatment, but is longer. */
export function displayText(text: string, maxLength = 600): string {
  return cut(text, maxLength);
}

/** Only the ends of the name are looked at, so that a name of 10 kB costs no more than a short one. */
function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) {
    const units = escapeUnits(text);
    if (lengthOf(units) <= maxLength) return units.join("");
  }
  const headLength = Math.ceil((maxLength - 3) * 0.6);
  const tailLength = maxLength - 3 - headLength;
  const head = take(escapeUnits(text.slice(0, headLength * 2)), headLength);
  const tail = take(escapeUnits(text.slice(-tailLength * 2)).toReversed(), tailLength).toReversed();
  return `${head.join("")} … ${tail.join("")}`;
}

/** One unit for each character of the name, so that a cut never splits an escape. */
function escapeUnits(text: string): string[] {
  let marks = 0;
  return Array.from(text, (character) => {
    marks = COMBINING.test(character) ? marks + 1 : 0;
    const isShown = !INVISIBLE.test(character) && marks <= MAX_COMBINING_MARKS;
    if (isShown) return WIDE_SPACE.test(character) && character !== " " ? escape(character) : character;
    return SHORT_ESCAPES[character] ?? escape(character);
  });
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** A browser shows no space at an end, and of several spaces only one. */
function escapeOuterSpaces(text: string): string {
  return text.replace(/^ +| +$| {2,}/g, (spaces) => escape(" ").repeat(spaces.length));
}

function take(units: readonly string[], maxLength: number): string[] {
  let length = 0;
  const end = units.findIndex((unit) => (length += unit.length) > maxLength);
  return end === -1 ? [...units] : units.slice(0, end);
}

function lengthOf(units: readonly string[]): number {
  return units.reduce((length, unit) => length + unit.length, 0);
}
