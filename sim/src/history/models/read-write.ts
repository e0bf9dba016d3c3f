import type { Model } from "../model.ts";

interface Holders {
  readonly mode: "read" | "write";
  readonly holders: readonly string[];
}

/** Any number of readers, or one writer. */
export const readWrite: Model<Holders> = {
  name: "read/write lock",
  initial: { mode: "read", holders: [] },
  step({ mode, holders }, effect) {
    if (effect.kind === "acquire") {
      const isShared = effect.mode === "read" && mode === "read" && !holders.includes(effect.holder);
      if (holders.length > 0 && !isShared) return undefined;
      return { mode: effect.mode, holders: [...holders, effect.holder].toSorted() };
    }
    if (!holders.includes(effect.holder)) return undefined;
    if (effect.kind === "extend") return { mode, holders };
    const rest = holders.filter((other) => other !== effect.holder);
    return { mode: rest.length === 0 ? "read" : mode, holders: rest };
  },
  key: ({ mode, holders }) => `${mode}\n${holders.join("\n")}`,
  holders: ({ holders }) => holders,
};
