import type { Effect, Model } from "../model.ts";

/** The largest fencing token so far. */
export type LastFence = number;

/**
 * Checks fencing tokens only: each grant has a larger token than every grant before it. Leases may overlap. The library
 * promises no more if clock rates exceed the bound (protocol §6).
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
  never: fenceProblem,
};

/** The last token only grows, so a grant with a smaller one stays impossible. */
export function fenceProblem(last: LastFence, { kind, fence, known }: Effect): string | undefined {
  if (kind !== "acquire" || !known) return undefined;
  if (fence === undefined) return "without a fencing token";
  return fence > last ? undefined : `with fencing token ${fence} after fencing token ${last}`;
}
