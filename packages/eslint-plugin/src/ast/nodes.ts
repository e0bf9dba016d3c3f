import type { TSESLint, TSESTree } from "@typescript-eslint/utils";

/** A node of the syntax tree. Its `parent` is `null` or missing at the root, so code checks it by its truth value. */
export type Node = TSESTree.Node;
export type CallExpression = TSESTree.CallExpression;
export type FunctionNode =
  | TSESTree.ArrowFunctionExpression
  | TSESTree.FunctionExpression
  | TSESTree.FunctionDeclaration;
export type SourceCode = Readonly<TSESLint.SourceCode>;
export type Variable = TSESLint.Scope.Variable;

export function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === "ArrowFunctionExpression" ||
    node.type === "FunctionExpression" ||
    node.type === "FunctionDeclaration"
  );
}

/** The expression without what changes only its type or whether it is waited for: `(await x)!` is `x`. */
export function unwrap(node: Node): Node {
  switch (node.type) {
    case "AwaitExpression":
      return unwrap(node.argument);
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "ChainExpression":
      return unwrap(node.expression);
    default:
      return node;
  }
}

/** The outermost expression that `unwrap` would take back to this node. */
export function wrapped(node: Node): Node {
  const { parent } = node;
  if (!parent) return node;
  const isWrapper =
    (parent.type === "AwaitExpression" && parent.argument === node) ||
    ((parent.type === "TSAsExpression" ||
      parent.type === "TSSatisfiesExpression" ||
      parent.type === "TSNonNullExpression" ||
      parent.type === "TSTypeAssertion" ||
      parent.type === "ChainExpression") &&
      parent.expression === node);
  return isWrapper ? wrapped(parent) : node;
}

/** The name of a property that is known without running the code: `a.name`, `a["name"]`. */
export function propertyName(node: TSESTree.MemberExpression): string | undefined {
  if (!node.computed) return node.property.type === "Identifier" ? node.property.name : undefined;
  return node.property.type === "Literal" && typeof node.property.value === "string"
    ? node.property.value
    : undefined;
}

/** As `propertyName`, and the name of `this.#name`. */
export function memberName(node: TSESTree.MemberExpression): string | undefined {
  return node.property.type === "PrivateIdentifier" ? node.property.name : propertyName(node);
}

/** The name with which a class defines a member that is known without running the code: `name`, `#name`. */
export function definedName({
  key,
  computed,
}: TSESTree.MethodDefinition | TSESTree.PropertyDefinition): string | undefined {
  if (key.type === "PrivateIdentifier") return key.name;
  return !computed && key.type === "Identifier" ? key.name : undefined;
}

/** The key of a property of an object or of its type that is known without running the code. */
export function keyName(node: TSESTree.Property | TSESTree.TSPropertySignature): string | undefined {
  if (!node.computed && node.key.type === "Identifier") return node.key.name;
  return node.key.type === "Literal" && typeof node.key.value === "string" ? node.key.value : undefined;
}

/** The innermost function around a node, or `undefined` if there is none. The function of a function is the one around it. */
export function functionAround(node: Node): FunctionNode | undefined {
  for (let at = node.parent; at; at = at.parent) if (isFunction(at)) return at;
  return undefined;
}

export function isInside(node: Node, outer: Node): boolean {
  return node.range[0] >= outer.range[0] && node.range[1] <= outer.range[1];
}
