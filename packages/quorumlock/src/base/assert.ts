/**
 * States what must be true at a change of state. A false condition is a bug of this library, never a fault of its caller
 * or of a server. Always on: the conditions are cheap.
 */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`internal error: ${what}`);
}
