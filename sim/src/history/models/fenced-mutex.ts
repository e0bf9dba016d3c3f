import type { Model } from "../model.ts";
import { fenceOrder, type LastFence, fenceProblem } from "./fence-order.ts";
import { ownerAwareMutex } from "./owner-aware-mutex.ts";

interface Fenced {
  readonly owner: string;
  /** The token of the owner; `undefined` if it is not known. */
  readonly fence: number | undefined;
  readonly last: LastFence;
}

/**
 * An owner-aware mutex in which each grant has a larger fencing token than all grants before it. An extension with a
 * fencing token must have the token of its grant.
 */
export const fencedMutex: Model<Fenced> = {
  name: "fenced mutex",
  initial: { owner: ownerAwareMutex.initial, fence: undefined, last: fenceOrder.initial },
  step(state, effect) {
    const owner = ownerAwareMutex.step(state.owner, effect);
    const last = fenceOrder.step(state.last, effect);
    if (owner === undefined || last === undefined) return undefined;
    if (effect.kind === "acquire") return { owner, fence: effect.fence, last };
    if (effect.kind === "convert") return state;
    if (effect.kind !== "extend") return { owner, fence: undefined, last };
    if (effect.fence === undefined || effect.fence === state.fence) return state;
    // The grant had no reply, so its token becomes known with this extension.
    if (state.fence !== undefined || effect.fence <= last) return undefined;
    return { owner, fence: effect.fence, last: effect.fence };
  },
  key: ({ owner, fence, last }) => `${fence ?? ""} ${last} ${owner}`,
  holders: ({ owner }) => ownerAwareMutex.holders(owner),
  never: ({ last }, effect) => fenceProblem(last, effect),
};
