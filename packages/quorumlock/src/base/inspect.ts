/** The method that `console.log` and `util.inspect` call. */
export const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** The third argument of such a method: `util.inspect` itself. */
export type Inspect = (value: unknown, options: object) => string;
