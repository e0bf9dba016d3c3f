import { type Node, propertyName, type SourceCode, unwrap } from "../ast/nodes.ts";
import { type StaticText, staticText } from "../ast/static-value.ts";
import { resolve } from "../ast/variables.ts";
import type { LockCall } from "./lock-call.ts";

/** Methods of a client that make a lockable of a name. */
const MAKERS = new Set(["mutex", "readWrite", "fair", "semaphore"]);

/** The names that a call locks, as far as the file says. A list has all of them, or none if one is not known. */
export function lockNames(code: SourceCode, call: LockCall): readonly StaticText[] {
  return call.names === undefined ? namesOfLockable(code, call.receiver) : namesIn(code, call.names);
}

/** The names of `client.mutex(name)` and of other lockables, also behind a constant. */
function namesOfLockable(code: SourceCode, receiver: Node): readonly StaticText[] {
  const node = resolve(code, receiver);
  if (node.type === "MemberExpression") {
    // Readers do not exclude each other, so `readWrite(name).read` has no place in the order.
    return propertyName(node) === "write" ? namesOfLockable(code, node.object) : [];
  }
  if (node.type !== "CallExpression") return [];
  const callee = unwrap(node.callee);
  const [first] = node.arguments;
  if (callee.type !== "MemberExpression" || first === undefined || first.type === "SpreadElement") return [];
  // The names of a tenant have a part that is not written here.
  return MAKERS.has(propertyName(callee) ?? "") && !isOfTenant(code, callee.object)
    ? namesIn(code, first)
    : [];
}

function isOfTenant(code: SourceCode, node: Node): boolean {
  const value = resolve(code, node);
  if (value.type !== "CallExpression") return false;
  const callee = unwrap(value.callee);
  return callee.type === "MemberExpression" && propertyName(callee) === "tenant";
}

function namesIn(code: SourceCode, node: Node): readonly StaticText[] {
  const value = resolve(code, node);
  const items: readonly (Node | null)[] = value.type === "ArrayExpression" ? value.elements : [value];
  const names = items.flatMap((item) => (item === null ? [] : (staticText(code, item) ?? [])));
  return names.length === items.length ? names : [];
}
