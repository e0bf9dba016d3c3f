/**
 * States an invariant of a state change. Cheap enough to stay on in production.
 * @throws Error if it does not hold: that is a bug of this library.
 */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`internal error: ${what}`);
}
