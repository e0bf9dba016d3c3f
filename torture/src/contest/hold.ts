import type { Mode } from "@quorumlock/sim/history";

/** A part of what a lock holds: a name in a mode. A plain lock holds its names in X. */
export interface Hold {
  /** The name, a node of a tree, or a slot of a semaphore. */
  readonly node: string;
  /** The table of `clash` says which modes of one node exclude each other. */
  readonly mode: Mode;
  /** The semaphore, if the node is one of its slots, or the limit that the hold counts towards. A slot is held in X. */
  readonly semaphore?: { readonly name: string; readonly permits: number };
}

/** How a holder uses the data of a node. The fenced store accepts shared use with a token that is not smaller. */
export type Access = "exclusive" | "shared";

/** The access that a mode permits; `undefined` for an intention, which permits access below the node only. */
export function accessOf(mode: Mode): Access | undefined {
  if (mode === "X") return "exclusive";
  return mode === "S" || mode === "SIX" ? "shared" : undefined;
}

export function exclusive(...nodes: readonly string[]): readonly Hold[] {
  return nodes.map((node) => ({ node, mode: "X" }));
}

/** Permits of a semaphore, by the numbers of their slots. */
export function slots(name: string, permits: number, numbers: readonly number[]): readonly Hold[] {
  return numbers.map((number) => ({ node: `${name}#${number}`, mode: "X", semaphore: { name, permits } }));
}

/** A part that counts towards a limit, and excludes no other one. */
export function limited(name: string, most: number): Hold {
  return { node: name, mode: "IS", semaphore: { name, permits: most } };
}

/** The nodes of a lock on a tree: intentions above, and the mode on the node itself. */
export function treeNodes(path: readonly string[], mode: "S" | "X"): readonly Hold[] {
  const [root = "", ...rest] = path;
  const nodes = [`{${root}}`];
  for (const segment of rest) nodes.push(`${nodes.at(-1)}/${segment}`);
  const intention = mode === "S" ? "IS" : "IX";
  return nodes.map((node, index) => ({ node, mode: index === nodes.length - 1 ? mode : intention }));
}

/**
 * Whether the fencing token of the hold must be larger than those of all earlier holds that clash. One counter serves all nodes with
 * the same hash tag, so an exclusive lock below a node counts for the node too.
 */
export function countsUp({ node, mode }: Hold, holds: readonly Hold[]): boolean {
  if (mode === "X" || mode === "SIX") return true;
  return holds.some(
    (other) => (other.mode === "X" || other.mode === "SIX") && hashTag(other.node) === hashTag(node),
  );
}

function hashTag(node: string): string {
  return /\{(.+?)\}/.exec(node)?.[1] ?? node;
}
