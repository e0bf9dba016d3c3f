import {
  functionAround,
  isFunction,
  type Node,
  propertyName,
  type SourceCode,
  unwrap,
} from "../ast/nodes.ts";
import { variableOf } from "../ast/variables.ts";
import { findAll } from "../ast/walk.ts";

/** Texts of expressions that put values in order. */
const ORDERED = /sort|inorder|ordered|\b(?:min|max)\b|[<>]|compare|parent|child/i;
const COMPARISONS = new Set(["<", ">", "<=", ">="]);

/** Whether the code may have put two values in order before a node. What it cannot decide counts as in order. */
export function areInOrder(
  code: SourceCode,
  node: Node,
  one: readonly Node[],
  other: readonly Node[],
): boolean {
  return [...one, ...other].some((part) => isSorted(code, part)) || areCompared(code, node, one, other);
}

/** Whether a value comes from something that was sorted, from `Math.min`, or from a comparison. */
function isSorted(code: SourceCode, part: Node): boolean {
  return findAll(code, part, (node) => node.type === "Identifier").some((identifier) => {
    const variable = variableOf(code, identifier);
    if (variable === undefined) return false;
    const isExchanged = variable.references.some(
      ({ identifier: written, writeExpr, init }) =>
        writeExpr && init !== true && (isOrdering(code, writeExpr) || isUnderComparison(code, written)),
    );
    return (
      isExchanged ||
      variable.defs.some((definition) => {
        if (definition.type === "Parameter") return false;
        if (definition.type !== "Variable" || definition.node.init === null) return true;
        const { id, init } = definition.node;
        return isOrdering(code, init) || (id.type === "ArrayPattern" && isCallOfSeveral(init));
      })
    );
  });
}

function isOrdering(code: SourceCode, expression: Node): boolean {
  const node = unwrap(expression);
  return !isFunction(node) && ORDERED.test(code.getText(node));
}

/** `const [first, second] = pair(from, to)`: the function may put them in order. `Promise.all` keeps them as they are. */
function isCallOfSeveral(expression: Node): boolean {
  const call = unwrap(expression);
  if (call.type !== "CallExpression") return false;
  const callee = unwrap(call.callee);
  if (callee.type === "MemberExpression") {
    const object = unwrap(callee.object);
    if (object.type === "Identifier" && object.name === "Promise") return false;
  }
  const [first] = call.arguments;
  const list =
    call.arguments.length === 1 && first?.type === "ArrayExpression" ? first.elements : call.arguments;
  return list.length > 1;
}

/** `if (from > to) [from, to] = [to, from]`. */
function isUnderComparison(code: SourceCode, node: Node): boolean {
  for (let at = node; at.parent && !isFunction(at); at = at.parent) {
    const { parent } = at;
    const isBranch = parent.type === "IfStatement" || parent.type === "ConditionalExpression";
    if (isBranch && at !== parent.test && isOrdering(code, parent.test)) return true;
    if (parent.type === "LogicalExpression" && at === parent.right && isOrdering(code, parent.left))
      return true;
  }
  return false;
}

/** Whether the function around a node has compared two values before, as in `if (from > to) return transfer(to, from)`. */
function areCompared(code: SourceCode, node: Node, one: readonly Node[], other: readonly Node[]): boolean {
  const [left, right] = [one, other].map((parts) => parts.map((part) => code.getText(part)).join());
  const isPair = (a: Node, b: Node | undefined): boolean => {
    if (b === undefined) return false;
    const texts = [code.getText(a), code.getText(b)];
    return left !== right && texts.includes(left ?? "") && texts.includes(right ?? "");
  };
  let outermost = functionAround(node);
  for (let next = outermost; next; next = functionAround(next)) outermost = next;
  if (outermost === undefined) return false;
  return findAll(code, outermost, isAny).some((at) => {
    if (at.range[1] > node.range[0]) return false;
    if (at.type === "BinaryExpression") return COMPARISONS.has(at.operator) && isPair(at.left, at.right);
    if (at.type !== "CallExpression" || at.callee.type !== "MemberExpression") return false;
    return propertyName(at.callee) === "localeCompare" && isPair(at.callee.object, at.arguments[0]);
  });
}

const isAny = (node: Node): node is Node =>
  node.type === "BinaryExpression" || node.type === "CallExpression";
