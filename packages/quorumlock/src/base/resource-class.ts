/** A part of at least this many letters is an id, even without a digit. Words of names are shorter. */
const MIN_ID_LENGTH = 25;

/**
 * The default class of a name: the parts between `:` and `/` that look like ids are replaced by `*`. So `order:42` and `order:43` are
 * both `order:*`. A part looks like an id if it has a digit or an `@`, or consists of 8 or more letters from a to f, or has 25 or more
 * characters.
 * @param name the name of a lock.
 */
export function resourceClassOf(name: string): string {
  return name.replace(/[^:/]+/g, (part) => (isId(part) ? "*" : part));
}

function isId(part: string): boolean {
  return /[\d@]/.test(part) || /^[a-f]{8,}$/i.test(part) || part.length >= MIN_ID_LENGTH;
}
