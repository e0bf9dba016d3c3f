import type { Node, SourceCode, Variable } from "../ast/nodes.ts";
import { propertyName, unwrap } from "../ast/nodes.ts";
import { variableOf } from "../ast/variables.ts";

/** Where a name of the file comes from. */
export interface Origin {
  /** The module as it is written in the file. */
  readonly module: string;
  /** The name that the module exports: `"default"`, or `"*"` for the whole module. */
  readonly name: string;
}

/** The module and the export that an expression means: a name that was imported or required, or a member of a module. */
export function originOf(code: SourceCode, node: Node): Origin | undefined {
  const bare = unwrap(node);
  if (bare.type === "Identifier") {
    const variable = variableOf(code, bare);
    return variable === undefined ? undefined : originOfVariable(variable);
  }
  if (bare.type === "MemberExpression") {
    const name = propertyName(bare);
    const whole = originOf(code, bare.object) ?? requiredModule(bare.object);
    if (name === undefined || whole === undefined) return undefined;
    return { module: whole.module, name: isWhole(whole) ? name : `${whole.name}.${name}` };
  }
  return undefined;
}

function isWhole({ name }: Origin): boolean {
  return name === "*" || name === "default";
}

export function originOfVariable(variable: Variable): Origin | undefined {
  const [definition] = variable.defs;
  if (definition?.type === "ImportBinding") {
    const { parent, node } = definition;
    if (parent?.type !== "ImportDeclaration") return undefined;
    const module = parent.source.value;
    if (node.type === "ImportNamespaceSpecifier") return { module, name: "*" };
    if (node.type !== "ImportSpecifier") return { module, name: "default" };
    return {
      module,
      name: node.imported.type === "Identifier" ? node.imported.name : node.imported.value,
    };
  }
  if (definition?.type !== "Variable" || definition.node.init === null) return undefined;
  const { id, init } = definition.node;
  const required = requiredModule(init);
  if (id.type === "Identifier") {
    if (required !== undefined) return required;
    const value = unwrap(init);
    if (value.type !== "MemberExpression") return undefined;
    const whole = requiredModule(value.object);
    const name = propertyName(value);
    return whole === undefined || name === undefined ? undefined : { module: whole.module, name };
  }
  if (id.type !== "ObjectPattern" || required === undefined) return undefined;
  for (const property of id.properties) {
    if (property.type !== "Property" || property.key.type !== "Identifier") continue;
    const target = property.value.type === "AssignmentPattern" ? property.value.left : property.value;
    if (target.type === "Identifier" && target.name === variable.name)
      return { module: required.module, name: property.key.name };
  }
  return undefined;
}

/** `require("module")` and `await import("module")`. */
function requiredModule(node: Node): Origin | undefined {
  const bare = unwrap(node);
  let source: Node | undefined;
  if (bare.type === "ImportExpression") source = bare.source;
  else if (
    bare.type === "CallExpression" &&
    bare.callee.type === "Identifier" &&
    bare.callee.name === "require"
  )
    source = bare.arguments[0];
  if (source?.type !== "Literal" || typeof source.value !== "string") return undefined;
  return { module: source.value, name: "*" };
}
