// The restricted global reads no clock here: it only converts moments.
/* oxlint-disable no-restricted-globals */

/**
 * A moment with six digits behind the second. The API server refuses a `MicroTime` with three. The client converts such a field with
 * `toISOString`, directly or in `JSON.stringify`.
 */
export class MicroTime extends Date {
  override toISOString(): string {
    return super.toISOString().replace("Z", "000Z");
  }
}

/** Milliseconds since 1970 of a moment in an object of the API. `undefined` if it is none. */
export function momentOf(time: Date | string | null | undefined): number | undefined {
  const ms = time === undefined || time === null ? Number.NaN : new Date(time).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}
