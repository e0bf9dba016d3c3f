import type { Model } from "../model.ts";

type Holders = readonly string[];

/**
 * At most `permits` holders at a time, with one permit each.
 *
 * @throws RangeError if `permits` is not a whole number from 1.
 */
export function semaphore(permits: number): Model<Holders> {
  if (!Number.isSafeInteger(permits) || permits < 1) {
    throw new RangeError(`permits: ${permits} must be a whole number from 1`);
  }
  return {
    name: `semaphore of ${permits}`,
    initial: [],
    step(holders, { kind, holder }) {
      if (kind === "acquire") {
        return holders.length < permits && !holders.includes(holder)
          ? [...holders, holder].toSorted()
          : undefined;
      }
      if (!holders.includes(holder)) return undefined;
      return kind === "extend" ? holders : holders.filter((other) => other !== holder);
    },
    key: (holders) => holders.join("\n"),
    holders: (holders) => holders,
  };
}
