import type { Model } from "../model.ts";

/** No acquisition is named so. */
const NOBODY = "";

/** At most one holder; only the holder extends and releases. The state is who holds it. */
export const ownerAwareMutex: Model<string> = {
  name: "owner-aware mutex",
  initial: NOBODY,
  step(owner, { kind, holder }) {
    if (kind === "acquire") return owner === NOBODY ? holder : undefined;
    if (owner !== holder) return undefined;
    return kind === "extend" ? owner : NOBODY;
  },
  key: (owner) => owner,
  holders: (owner) => (owner === NOBODY ? [] : [owner]),
};
