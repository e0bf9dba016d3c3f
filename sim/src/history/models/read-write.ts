import { clash, type Mode } from "../mode.ts";
import type { Model } from "../model.ts";

interface Holder {
  readonly name: string;
  readonly mode: Mode;
}

export type Holders = readonly Holder[];

/**
 * Any number of readers, or one writer. Also locks in other modes: any number of holders whose modes do not clash.
 *
 * A conversion changes the mode of a holder in one step, so no other holder comes in between.
 */
export const readWrite: Model<Holders> = {
  name: "read/write lock",
  initial: [],
  step(holders, { kind, holder: name, mode }) {
    const others = holders.filter((holder) => holder.name !== name);
    const holds = others.length < holders.length;
    if (holds === (kind === "acquire")) return undefined;
    if (kind === "extend") return holders;
    if (kind === "release" || kind === "expire") return others;
    if (others.some((other) => clash(other.mode, mode))) return undefined;
    return [...others, { name, mode }].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  },
  key: (holders) => holders.map(({ name, mode }) => `${mode} ${name}`).join("\n"),
  holders: (holders) => holders.map(({ name }) => name),
};
