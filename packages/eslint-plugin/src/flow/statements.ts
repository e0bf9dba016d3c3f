import type { TSESTree } from "@typescript-eslint/utils";
import { isFunction, isInside, type Node } from "../ast/nodes.ts";

/** The statements of a node that has a list of them. */
export function statementsOf(node: Node): readonly Node[] | undefined {
  if (node.type === "BlockStatement" || node.type === "Program" || node.type === "StaticBlock")
    return node.body;
  return node.type === "SwitchCase" ? node.consequent : undefined;
}

export function isLoop(node: Node): boolean {
  return (
    node.type === "ForStatement" ||
    node.type === "ForInStatement" ||
    node.type === "ForOfStatement" ||
    node.type === "WhileStatement" ||
    node.type === "DoWhileStatement"
  );
}

/** The `try` statements of the same function that have a node in their block, innermost first. */
export function tryBlocksAround(node: Node): readonly TSESTree.TryStatement[] {
  const found: TSESTree.TryStatement[] = [];
  for (let at = node; at.parent && !isFunction(at); at = at.parent) {
    const { parent } = at;
    if (parent.type !== "TryStatement") continue;
    if (at === parent.block) found.push(parent);
    // The end of a `try` runs behind its handler too, but the handler does not get its own errors.
    else if (at === parent.handler && parent.finalizer !== null) found.push({ ...parent, handler: null });
  }
  return found;
}

/**
 * Whether code of the same function can run after other code: it is further down, is neither in the other branch of an `if` nor in the
 * handler of the same `try`, and no jump between them leads past it. Another turn of a loop does not count.
 */
export function canFollow(later: Node, earlier: Node): boolean {
  if (later.range[0] < earlier.range[1]) return false;
  for (let at = earlier; at.parent; at = at.parent) {
    const { parent } = at;
    const list = statementsOf(parent);
    const isCommon = isInside(later, parent);
    if (parent.type === "IfStatement" && isCommon) return at === parent.test;
    // The handler runs if the earlier code failed.
    if (
      parent.type === "TryStatement" &&
      parent.handler !== null &&
      at === parent.block &&
      isInside(later, parent.handler)
    )
      return false;
    const behind = list?.slice(list.indexOf(at) + 1) ?? [];
    if (behind.some((next) => next.range[1] <= later.range[0] && jumpsPast(next, later))) return false;
    if (isCommon) return true;
  }
  return true;
}

/** Whether a statement is a jump that does not lead to code further down. */
function jumpsPast(jump: Node, later: Node): boolean {
  const around = tryBlocksAround(jump);
  if (around.some(({ finalizer }) => finalizer !== null && isInside(later, finalizer))) return false;
  switch (jump.type) {
    case "ReturnStatement":
      return true;
    case "ThrowStatement": {
      const caught = around.find(({ handler }) => handler !== null);
      return caught === undefined || isInside(later, caught.block);
    }
    case "BreakStatement":
    case "ContinueStatement": {
      const target = jumpTarget(jump);
      return target !== undefined && isInside(later, target);
    }
    default:
      return false;
  }
}

/** The loop, the switch or the labelled statement that a jump leaves. */
export function jumpTarget(jump: TSESTree.BreakStatement | TSESTree.ContinueStatement): Node | undefined {
  const { label } = jump;
  for (let at: Node | undefined = jump.parent; at && !isFunction(at); at = at.parent) {
    if (label !== null) {
      if (at.type === "LabeledStatement" && at.label.name === label.name) return at;
    } else if (isLoop(at) || (jump.type === "BreakStatement" && at.type === "SwitchStatement")) return at;
  }
  return undefined;
}
