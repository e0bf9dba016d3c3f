import { isFunction, type Node, type SourceCode } from "./nodes.ts";

/** The direct children of a node, in the order of the source. */
function childrenOf(code: SourceCode, node: Node): readonly Node[] {
  const children: Node[] = [];
  for (const key of code.visitorKeys[node.type] ?? []) {
    const value = (node as unknown as Record<string, unknown>)[key];
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) children.push(child);
  }
  return children;
}

/** The first node below `root`, or `root` itself, that matches. Functions inside of it run at another time, so they are left out. */
export function findInSameFunction(
  code: SourceCode,
  root: Node,
  matches: (node: Node) => boolean,
): Node | undefined {
  if (matches(root)) return root;
  if (isFunction(root)) return undefined;
  for (const child of childrenOf(code, root)) {
    const found = findInSameFunction(code, child, matches);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** All nodes of a tree that match. */
export function findAll<Found extends Node>(
  code: SourceCode,
  root: Node,
  matches: (node: Node) => node is Found,
): readonly Found[] {
  const found: Found[] = [];
  const visit = (node: Node): void => {
    if (matches(node)) found.push(node);
    for (const child of childrenOf(code, node)) visit(child);
  };
  visit(root);
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}
