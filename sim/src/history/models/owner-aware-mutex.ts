import type { Model } from "../model.ts";

/** The lock is free. No acquisition has this name. */
const FREE = "";

/** At most one holder. Only the holder extends and releases. The state is the holder. */
export const ownerAwareMutex: Model<string> = {
  name: "owner-aware mutex",
  initial: FREE,
  step(owner, { kind, holder }) {
    if (kind === "acquire") return owner === FREE ? holder : undefined;
    if (owner !== holder) return undefined;
    return kind === "extend" || kind === "convert" ? owner : FREE;
  },
  key: (owner) => owner,
  holders: (owner) => (owner === FREE ? [] : [owner]),
};
