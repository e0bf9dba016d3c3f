import type { TSESTree } from "@typescript-eslint/utils";
import { definedName, type FunctionNode, isFunction, memberName, type Node, unwrap } from "./nodes.ts";

/** The function of `this.method` and `this.#method`, if the class around it has it. A class below can have another. */
export function methodOfThis(callee: Node): FunctionNode | undefined {
  const target = unwrap(callee);
  if (target.type !== "MemberExpression" || target.object.type !== "ThisExpression") return undefined;
  const isPrivate = target.property.type === "PrivateIdentifier";
  const name = memberName(target);
  const around = memberAround(target);
  if (name === undefined || around === undefined) return undefined;
  for (const member of around.parent.body) {
    if (member.type !== "MethodDefinition" && member.type !== "PropertyDefinition") continue;
    if (member.static !== around.static || (member.key.type === "PrivateIdentifier") !== isPrivate) continue;
    if (definedName(member) === name && member.value !== null && isFunction(member.value))
      return member.value;
  }
  return undefined;
}

/** The member of the class that `this` is an object of. A function inside of it has its own `this`, unless it is an arrow function. */
function memberAround(node: Node): TSESTree.MethodDefinition | TSESTree.PropertyDefinition | undefined {
  for (let at = node; at.parent; at = at.parent) {
    const { parent } = at;
    if (parent.type === "PropertyDefinition" || parent.type === "MethodDefinition")
      return parent.value === at ? parent : undefined;
    if (isFunction(at) && at.type !== "ArrowFunctionExpression") return undefined;
  }
  return undefined;
}
