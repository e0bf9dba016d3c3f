import { type FunctionNode, isFunction, type Node, propertyName, unwrap } from "../ast/nodes.ts";

/** Functions that these calls get run later, and not in the calling function. */
const LATER = new Set([
  "on",
  "once",
  "addListener",
  "addEventListener",
  "subscribe",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "nextTick",
  "queueMicrotask",
]);

/** Whether the code of a node runs while the function runs: it is in the function itself, or in a callback that runs at once. */
export function runsWithin(node: Node, outer: FunctionNode | undefined): boolean {
  for (let at: Node | undefined = node.parent; at; at = at.parent) {
    if (at === outer) return true;
    if (isFunction(at) && !isRunAtOnce(at)) return false;
  }
  return outer === undefined;
}

/** Whether nothing waits for a call, as `void` says: `void fetch(url)`, `void fetch(url).catch(report)`. */
export function isUnderVoid(call: Node): boolean {
  for (let at = call.parent; at && !isFunction(at) && at.type !== "AwaitExpression"; at = at.parent) {
    if (at.type === "UnaryExpression") return at.operator === "void";
    if (at.type.endsWith("Statement")) return false;
  }
  return false;
}

/** An inline function that is called where it stands, or that is an argument of a call which does not keep it for later. */
function isRunAtOnce(node: FunctionNode): boolean {
  const { parent } = node;
  if (parent.type === "NewExpression")
    return parent.callee.type === "Identifier" && parent.callee.name === "Promise";
  if (parent.type !== "CallExpression") return false;
  const callee = unwrap(parent.callee);
  if (callee === node) return true;
  const name = callee.type === "MemberExpression" ? propertyName(callee) : calleeName(callee);
  return name === undefined || !LATER.has(name);
}

function calleeName(node: Node): string | undefined {
  return node.type === "Identifier" ? node.name : undefined;
}
