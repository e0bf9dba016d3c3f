import type { Model } from "../model.ts";

interface Holder {
  readonly name: string;
  readonly permits: number;
}

/**
 * At most `permits` permits are held at a time. An acquisition has one or several of them, all or none.
 *
 * @throws RangeError if `permits` is not a whole number from 1.
 */
export function semaphore(permits: number): Model<readonly Holder[]> {
  if (!Number.isSafeInteger(permits) || permits < 1) {
    throw new RangeError(`permits: ${permits} must be a whole number from 1`);
  }
  return {
    name: `semaphore of ${permits}`,
    initial: [],
    step(holders, effect) {
      const holds = holders.some(({ name }) => name === effect.holder);
      if (effect.kind === "acquire") {
        const used = holders.reduce((sum, holder) => sum + holder.permits, 0);
        if (holds || used + effect.permits > permits) return undefined;
        return sorted([...holders, { name: effect.holder, permits: effect.permits }]);
      }
      if (!holds) return undefined;
      if (effect.kind === "extend" || effect.kind === "convert") return holders;
      return holders.filter(({ name }) => name !== effect.holder);
    },
    key: (holders) => holders.map(({ name }) => name).join("\n"),
    holders: (holders) => holders.map(({ name }) => name),
  };
}

function sorted(holders: readonly Holder[]): readonly Holder[] {
  return holders.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
