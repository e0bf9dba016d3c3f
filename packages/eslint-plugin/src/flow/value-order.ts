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
const ORDERED = /sort|inorder|ordered|\border\w*\(|\b(?:min|max)\b|[<>]|compare|parent|child/i;
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
        return isOrdering(code, init) || (id.type !== "Identifier" && isCallOfSeveral(init));
      })
    );
  });
}

function isOrdering(code: SourceCode, expression: Node): boolean {
  const node = unwrap(expression);
  return !isFunction(node) && ORDERED.test(code.getText(node));
}

/** `const [first, second] = pair(from, to)`, also with `{ first, second }`: the function may put them in order. `Promise.all` keeps them as they are. */
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

/**
 * Whether the function around a node has compared two values before, as in `if (from > to) return transfer(to, from)`. The values can be
 * parts of what is compared: `Number(from) > Number(to)`, `compareIds(from, to) > 0`.
 */
function areCompared(code: SourceCode, node: Node, one: readonly Node[], other: readonly Node[]): boolean {
  const values = [one, other].map((parts) => parts.map((part) => code.getText(part)).join());
  const hasBoth = (comparison: Node): boolean =>
    values.every((text) => findAll(code, comparison, hasText(code, text)).length > 0);
  let outermost = functionAround(node);
  for (let next = outermost; next; next = functionAround(next)) outermost = next;
  if (outermost === undefined || values[0] === values[1]) return false;
  return findAll(code, outermost, isComparison).some(
    (comparison) => comparison.range[1] <= node.range[0] && hasBoth(comparison),
  );
}

function isComparison(node: Node): node is Node {
  if (node.type === "BinaryExpression") return COMPARISONS.has(node.operator);
  if (node.type !== "CallExpression") return false;
  const callee = unwrap(node.callee);
  const name = callee.type === "MemberExpression" ? propertyName(callee) : nameOf(callee);
  return name !== undefined && /compare/i.test(name);
}

const nameOf = (node: Node): string | undefined => (node.type === "Identifier" ? node.name : undefined);
const hasText =
  (code: SourceCode, text: string) =>
  (node: Node): node is Node =>
    code.getText(node) === text;
