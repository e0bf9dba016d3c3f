import { keyName, type Node, type SourceCode, unwrap } from "../ast/nodes.ts";
import { resolve } from "../ast/variables.ts";
import type { LockCall } from "./lock-call.ts";

/** The value of an option for one call: from its own options, or from those with which its lockable or its client was made. */
export function callSetting(code: SourceCode, call: LockCall, name: string): Node | undefined {
  const own = call.options === undefined ? undefined : fieldOf(code, call.options, name);
  if (own !== undefined) return own;
  let maker = resolve(code, call.receiver);
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (maker.type === "MemberExpression") maker = resolve(code, maker.object);
    if (maker.type !== "CallExpression" && maker.type !== "NewExpression") return undefined;
    for (const argument of maker.arguments) {
      const value = fieldOf(code, resolve(code, argument), name);
      if (value !== undefined) return value;
    }
    const callee = unwrap(maker.callee);
    if (callee.type !== "MemberExpression") return undefined;
    maker = resolve(code, callee.object);
  }
  return undefined;
}

/** Constants that refer to each other in a circle end here. */
const MAX_DEPTH = 8;

function fieldOf(code: SourceCode, node: Node, name: string): Node | undefined {
  if (node.type !== "ObjectExpression") return undefined;
  for (const property of node.properties)
    if (property.type === "Property" && keyName(property) === name) return resolve(code, property.value);
  return undefined;
}
