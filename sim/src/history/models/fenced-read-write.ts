import type { Effect, Model } from "../model.ts";
import { type Holders, readWrite } from "./read-write.ts";
import {
  isNewGrant,
  type LargestFences,
  readWriteFenceProblem,
  readWriteFences,
  withGrant,
} from "./read-write-fences.ts";

interface Fenced {
  readonly holders: Holders;
  /** By holder: its fencing token; `undefined` if it is not known. */
  readonly fences: ReadonlyMap<string, number | undefined>;
  readonly largest: LargestFences;
}

/**
 * A read/write lock whose fencing tokens are those of `readWriteFences`. A conversion to a shared mode keeps the token. An
 * extension with a fencing token must have the token of its grant.
 */
export const fencedReadWrite: Model<Fenced> = {
  name: "fenced read/write lock",
  initial: { holders: readWrite.initial, fences: new Map(), largest: readWriteFences.initial },
  step(state, effect) {
    const holders = readWrite.step(state.holders, effect);
    if (holders === undefined) return undefined;
    const { holder, fence, kind } = effect;
    if (kind === "release" || kind === "expire") {
      const fences = new Map(state.fences);
      fences.delete(holder);
      return { holders, fences, largest: state.largest };
    }
    if (isNewGrant(effect)) return granted(holders, state, effect);
    const own = state.fences.get(holder);
    if (fence !== undefined && own !== undefined && fence !== own) return undefined;
    if (fence === undefined || own !== undefined) return { ...state, holders };
    // The grant had no reply, so its token becomes known now.
    const held = state.holders.find(({ name }) => name === holder)?.mode ?? effect.mode;
    return granted(holders, state, { ...effect, mode: held });
  },
  key: ({ holders, fences, largest }) =>
    [
      readWriteFences.key(largest),
      readWrite.key(holders),
      ...holders.map(({ name }) => fences.get(name) ?? ""),
    ].join("\n"),
  holders: ({ holders }) => readWrite.holders(holders),
  never: ({ largest }, effect) => readWriteFenceProblem(largest, effect),
};

function granted(holders: Holders, { fences, largest }: Fenced, effect: Effect): Fenced | undefined {
  const next = withGrant(largest, effect);
  if (next === undefined) return undefined;
  return { holders, fences: new Map(fences).set(effect.holder, effect.fence), largest: next };
}
