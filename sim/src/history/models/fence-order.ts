import type { Effect, Model } from "../model.ts";

/** The largest fencing token so far. */
export type LastFence = number;

/**
 * Fencing tokens alone: each grant has a larger one than every grant before it, whoever holds what. It is all that is
 * promised where the clocks' rates are off beyond the bound (protocol §6).
 */
export const fenceOrder: Model<LastFence> = {
  name: "fence order",
  initial: -1,
  step(last, effect) {
    if (effect.kind !== "acquire") return last;
    if (effect.fence === undefined) return effect.known ? undefined : last;
    return effect.fence > last ? effect.fence : undefined;
  },
  key: String,
  holders: () => [],
  never: unfenced,
};

/** Fences only grow: a grant that is behind stays behind. */
export function unfenced(last: LastFence, { kind, fence, known }: Effect): string | undefined {
  if (kind !== "acquire" || !known) return undefined;
  if (fence === undefined) return "without a fencing token";
  return fence > last ? undefined : `with fencing token ${fence}, although ${last} had been granted before`;
}
