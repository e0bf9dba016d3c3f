import { isInside, type Node, unwrap, type Variable } from "./nodes.ts";

/**
 * What a condition says about a variable: `"set"` if it holds only for a value, `"empty"` if it holds only for `null` or `undefined`.
 * `undefined` if it says neither.
 */
export function conditionOn(variable: Variable, test: Node): "set" | "empty" | undefined {
  const bare = unwrap(test);
  if (isReference(variable, bare)) return "set";
  switch (bare.type) {
    case "UnaryExpression": {
      if (bare.operator !== "!") return undefined;
      const inner = conditionOn(variable, bare.argument);
      if (inner === undefined) return undefined;
      return inner === "set" ? "empty" : "set";
    }
    case "BinaryExpression": {
      const other = isReference(variable, unwrap(bare.left)) ? bare.right : bare.left;
      if (other === bare.left && !isReference(variable, unwrap(bare.right))) return undefined;
      if (!isEmptyValue(other)) return undefined;
      if (bare.operator === "===" || bare.operator === "==") return "empty";
      return bare.operator === "!==" || bare.operator === "!=" ? "set" : undefined;
    }
    case "LogicalExpression": {
      const sides = [conditionOn(variable, bare.left), conditionOn(variable, bare.right)];
      if (bare.operator === "&&") return sides.find((side) => side !== undefined);
      return sides[0] === sides[1] ? sides[0] : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether the node is in a branch that runs only while the variable is empty. */
export function isInEmptyBranch(variable: Variable, node: Node, limit: Node | undefined): boolean {
  for (let at = node; at !== limit && at.parent; at = at.parent) {
    const { parent } = at;
    if (parent.type !== "IfStatement" && parent.type !== "ConditionalExpression") continue;
    const condition = conditionOn(variable, parent.test);
    if (condition === "empty" && at === parent.consequent) return true;
    if (condition === "set" && at === parent.alternate) return true;
  }
  return false;
}

/** Whether the code looks if the variable has a value. A function that gets the variable may look at it. */
export function isNullCheck(reference: Node): boolean {
  const { parent } = reference;
  if (!parent) return false;
  switch (parent.type) {
    case "UnaryExpression":
    case "LogicalExpression":
    case "CallExpression":
    case "NewExpression":
      return true;
    case "BinaryExpression":
      return ["===", "!==", "==", "!=", "instanceof"].includes(parent.operator);
    case "IfStatement":
    case "ConditionalExpression":
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForStatement":
      return parent.test !== null && isInside(reference, parent.test);
    case "SwitchStatement":
      return parent.discriminant === reference;
    case "MemberExpression":
      return parent.optional && parent.object === reference;
    case "TSNonNullExpression":
      return true;
    case "TSAsExpression":
    case "ChainExpression":
    case "AwaitExpression":
      return isNullCheck(parent);
    default:
      return false;
  }
}

/** Whether an expression only decides which way the code goes on, so that nothing has its value behind it. */
export function isTested(node: Node): boolean {
  const { parent } = node;
  switch (parent?.type) {
    case "IfStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "ConditionalExpression":
    case "ForStatement":
      return parent.test === node;
    case "UnaryExpression":
      return parent.operator === "!";
    case "BinaryExpression":
      return (
        ["===", "!==", "==", "!="].includes(parent.operator) &&
        isEmptyValue(parent.left === node ? parent.right : parent.left)
      );
    case "LogicalExpression":
      // `lock && more` is `more`. With the other operators it can be the lock.
      return (parent.operator === "&&" && parent.left === node) || isTested(parent);
    case "CallExpression":
      return parent.callee.type === "Identifier" && parent.callee.name === "Boolean";
    default:
      return false;
  }
}

function isReference(variable: Variable, node: Node): boolean {
  return node.type === "Identifier" && variable.references.some((reference) => reference.identifier === node);
}

function isEmptyValue(node: Node): boolean {
  return (
    (node.type === "Literal" && node.value === null && node.raw === "null") ||
    (node.type === "Identifier" && node.name === "undefined")
  );
}
