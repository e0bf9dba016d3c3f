import type { Model } from "../model.ts";

interface Holding {
  readonly mode: "read" | "write";
  readonly holders: readonly string[];
}

/** Any number of readers, or one writer. */
export const readWrite: Model<Holding> = {
  name: "read/write lock",
  initial: { mode: "read", holders: [] },
  step({ mode, holders }, effect) {
    if (effect.kind === "acquire") {
      const shared = effect.mode === "read" && mode === "read" && !holders.includes(effect.holder);
      if (holders.length > 0 && !shared) return undefined;
      return { mode: effect.mode, holders: [...holders, effect.holder].toSorted() };
    }
    if (!holders.includes(effect.holder)) return undefined;
    if (effect.kind === "extend") return { mode, holders };
    const left = holders.filter((other) => other !== effect.holder);
    return { mode: left.length === 0 ? "read" : mode, holders: left };
  },
  key: ({ mode, holders }) => `${mode}\n${holders.join("\n")}`,
  holders: ({ holders }) => holders,
};
