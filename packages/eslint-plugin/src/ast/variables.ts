import type { TSESLint, TSESTree } from "@typescript-eslint/utils";
import type { FunctionNode, Node, SourceCode, Variable } from "./nodes.ts";
import { isFunction, unwrap } from "./nodes.ts";

/** The variable that an identifier means, or `undefined` for a global one. */
export function variableOf(code: SourceCode, node: TSESTree.Identifier): Variable | undefined {
  for (let scope: TSESLint.Scope.Scope | null = code.getScope?.(node) ?? null; scope; scope = scope.upper) {
    const variable = scope.set.get(node.name);
    // Globals that the configuration declares have no definition in the file.
    if (variable !== undefined) return variable.defs.length > 0 ? variable : undefined;
  }
  return undefined;
}

/** The expression that a variable always has: a constant, or a variable that nothing else writes. */
export function constantValue(variable: Variable): Node | undefined {
  const [definition] = variable.defs;
  if (variable.defs.length !== 1 || definition?.type !== "Variable") return undefined;
  const { id, init } = definition.node;
  if (id.type !== "Identifier" || init === null) return undefined;
  return variable.references.some((reference) => reference.isWrite() && reference.init !== true)
    ? undefined
    : init;
}

/** The expression behind a constant, or the expression itself. */
export function resolve(code: SourceCode, node: Node, depth = 0): Node {
  const bare = unwrap(node);
  if (bare.type !== "Identifier" || depth > MAX_DEPTH) return bare;
  const variable = variableOf(code, bare);
  const value = variable === undefined ? undefined : constantValue(variable);
  return value === undefined ? bare : resolve(code, value, depth + 1);
}

/** The function that an expression means, if this file has it: inline, a constant, or a declared function. */
export function functionOf(code: SourceCode, node: Node): FunctionNode | undefined {
  const value = resolve(code, node);
  if (isFunction(value)) return value;
  if (value.type !== "Identifier") return undefined;
  const [definition, ...others] = variableOf(code, value)?.defs ?? [];
  if (definition?.type !== "FunctionName" || others.length > 0) return undefined;
  return isFunction(definition.node) ? definition.node : undefined;
}

/** Constants that refer to each other in a circle end here. */
const MAX_DEPTH = 8;
