/** A part of at least this many letters is an id, even without a digit. Words of names are shorter. */
const MIN_ID_LENGTH = 25;

/**
 * The class of a name, as the library makes it: the parts between `:` and `/` that look like ids are replaced by `*`. A part looks like
 * an id if it has a digit, an `@`, only hexadecimal digits, or at least 25 characters.
 */
export function resourceClassOf(name: string): string {
  return name.replace(/[^:/]+/g, (part) => (isId(part) ? "*" : part));
}

function isId(part: string): boolean {
  return /[\d@]/.test(part) || /^[a-f]{8,}$/i.test(part) || part.length >= MIN_ID_LENGTH;
}
