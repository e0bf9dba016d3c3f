import type { TSESTree } from "@typescript-eslint/utils";
import { functionAround, type Node, type SourceCode, type Variable, wrapped } from "../ast/nodes.ts";
import { isTested } from "../ast/null-checks.ts";
import { variableOf } from "../ast/variables.ts";

/**
 * What becomes of the result of an acquiring call.
 * - `"dropped"`: nothing has it.
 * - `"disposed"`: `await using` releases it.
 * - `"variable"`: a variable of the same function has it.
 * - `"passed on"`: it is returned, stored, an argument, or the promise is not waited for here.
 */
export type Acquisition =
  | { readonly state: "dropped" | "disposed" | "passed on" }
  | {
      readonly state: "variable";
      readonly variable: Variable;
      /** The statement that acquires. */
      readonly statement: Node;
      /** The declaration, if the statement is one. */
      readonly declaration: TSESTree.VariableDeclaration | undefined;
      readonly hasAwait: boolean;
    };

const PASSED_ON: Acquisition = { state: "passed on" };

export function acquisitionOf(code: SourceCode, call: TSESTree.CallExpression): Acquisition {
  const result = wrapped(call);
  const { parent } = result;
  const hasAwait = result !== call && isAwaited(call, result);
  if (!parent) return PASSED_ON;
  if (isTested(result)) return { state: "dropped" };
  switch (parent.type) {
    case "ExpressionStatement":
      return { state: "dropped" };
    case "UnaryExpression":
      return parent.operator === "void" ? { state: "dropped" } : PASSED_ON;
    case "VariableDeclarator":
      return declared(code, parent, hasAwait);
    case "AssignmentExpression":
      return assigned(code, parent, hasAwait);
    default:
      return PASSED_ON;
  }
}

function declared(code: SourceCode, node: TSESTree.VariableDeclarator, hasAwait: boolean): Acquisition {
  const declaration = node.parent;
  if (declaration.kind === "await using" || declaration.kind === "using") return { state: "disposed" };
  if (declaration.parent.type === "ExportNamedDeclaration") return PASSED_ON;
  if (node.id.type === "ObjectPattern") return isReleasable(node.id) ? PASSED_ON : { state: "dropped" };
  if (node.id.type !== "Identifier") return PASSED_ON;
  const variable = variableOf(code, node.id);
  if (variable === undefined || !isStatementOfBlock(declaration)) return PASSED_ON;
  return { state: "variable", variable, statement: declaration, declaration, hasAwait };
}

function assigned(code: SourceCode, node: TSESTree.AssignmentExpression, hasAwait: boolean): Acquisition {
  if (node.left.type !== "Identifier") return PASSED_ON;
  const variable = variableOf(code, node.left);
  const statement = node.parent;
  if (variable === undefined || statement.type !== "ExpressionStatement") return PASSED_ON;
  const [definition] = variable.defs;
  // A variable of an outer function lives longer than this call.
  if (definition === undefined || functionAround(definition.name) !== functionAround(node)) return PASSED_ON;
  if (definition.parent?.parent?.type === "ExportNamedDeclaration") return PASSED_ON;
  return { state: "variable", variable, statement, declaration: undefined, hasAwait };
}

/** Whether a pattern takes something by which the lock can be released, or the rest of the lock. */
function isReleasable(pattern: TSESTree.ObjectPattern): boolean {
  return pattern.properties.some(
    (property) =>
      property.type === "RestElement" ||
      property.computed ||
      (property.key.type === "Identifier" && ["release", "detach"].includes(property.key.name)),
  );
}

function isStatementOfBlock({ parent }: TSESTree.VariableDeclaration): boolean {
  return (
    parent.type === "BlockStatement" ||
    parent.type === "Program" ||
    parent.type === "StaticBlock" ||
    parent.type === "SwitchCase"
  );
}

function isAwaited(call: Node, result: Node): boolean {
  for (let at: Node | undefined = call.parent; at; at = at.parent) {
    if (at.type === "AwaitExpression") return true;
    if (at === result) return false;
  }
  return false;
}
