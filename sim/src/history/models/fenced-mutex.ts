import type { Model } from "../model.ts";
import { fenceOrder, type LastFence, unfenced } from "./fence-order.ts";
import { ownerAwareMutex } from "./owner-aware-mutex.ts";

interface Fenced {
  readonly owner: string;
  /** The owner's; `undefined` where nobody was told. */
  readonly fence: number | undefined;
  readonly last: LastFence;
}

/**
 * An owner-aware mutex whose every grant has a larger fencing token than all grants before it. An extension that tells
 * a fencing token tells that of the grant.
 */
export const fencedMutex: Model<Fenced> = {
  name: "fenced mutex",
  initial: { owner: ownerAwareMutex.initial, fence: undefined, last: fenceOrder.initial },
  step(state, effect) {
    const owner = ownerAwareMutex.step(state.owner, effect);
    const last = fenceOrder.step(state.last, effect);
    if (owner === undefined || last === undefined) return undefined;
    if (effect.kind === "acquire") return { owner, fence: effect.fence, last };
    if (effect.kind !== "extend") return { owner, fence: undefined, last };
    if (effect.fence === undefined || effect.fence === state.fence) return state;
    // A holder whose grant nobody heard of shows its fencing token here for the first time.
    if (state.fence !== undefined || effect.fence <= last) return undefined;
    return { owner, fence: effect.fence, last: effect.fence };
  },
  key: ({ owner, fence, last }) => `${fence ?? ""} ${last} ${owner}`,
  holders: ({ owner }) => ownerAwareMutex.holders(owner),
  never: ({ last }, effect) => unfenced(last, effect),
};
