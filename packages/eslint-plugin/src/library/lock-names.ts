import { memberName, type Node, propertyName, type SourceCode, unwrap } from "../ast/nodes.ts";
import { type StaticText, staticText } from "../ast/static-value.ts";
import { constantValue, resolve, variableOf } from "../ast/variables.ts";
import type { LockCall } from "./lock-call.ts";

/** Methods of a client that make a lockable of a name. */
const MAKERS = new Set(["mutex", "readWrite", "fair", "semaphore"]);

/** A name that a call locks. */
export interface LockName extends StaticText {
  /** The client, as the file calls it, and its tenant. Names of different clients can be different locks. */
  readonly space: string;
}

/** The names that a call locks, as far as the file says. A list has all of them, or none if one is not known. */
export function lockNames(code: SourceCode, call: LockCall): readonly LockName[] {
  const names = call.names === undefined ? namesOfLockable(code, call.receiver) : namesIn(code, call.names);
  const space = names.length === 0 ? "" : spaceOf(code, call.receiver, 0);
  return names.map((name) => ({ ...name, space }));
}

/** `redlock` for `this.redlock`, for `redlock.mutex(name)` and for a constant with one of them. */
function spaceOf(code: SourceCode, receiver: Node, depth: number): string {
  const node = unwrap(receiver);
  if (depth > MAX_DEPTH) return code.getText(node);
  if (node.type === "Identifier") {
    const variable = variableOf(code, node);
    const constant = variable === undefined ? undefined : constantValue(variable);
    const value = constant === undefined ? undefined : unwrap(constant);
    const isOther =
      value?.type === "Identifier" || value?.type === "MemberExpression" || madeBy(value) !== undefined;
    return value !== undefined && isOther ? spaceOf(code, value, depth + 1) : node.name;
  }
  if (node.type === "MemberExpression") {
    const name = memberName(node);
    if (name === "write" || name === "read") return spaceOf(code, node.object, depth + 1);
    return name ?? code.getText(node);
  }
  const maker = madeBy(node);
  if (maker === undefined) return code.getText(node);
  const client = spaceOf(code, maker.client, depth + 1);
  const tenant = maker.tenant === undefined ? undefined : code.getText(resolve(code, maker.tenant));
  return tenant === undefined ? client : `${client}.tenant(${tenant})`;
}

/** The client of `client.mutex(name)` and of `client.tenant(name)`. */
function madeBy(
  node: Node | undefined,
): { readonly client: Node; readonly tenant: Node | undefined } | undefined {
  if (node?.type !== "CallExpression") return undefined;
  const callee = unwrap(node.callee);
  const method = callee.type === "MemberExpression" ? (propertyName(callee) ?? "") : "";
  if (callee.type !== "MemberExpression" || !(MAKERS.has(method) || method === "tenant")) return undefined;
  return { client: callee.object, tenant: method === "tenant" ? node.arguments[0] : undefined };
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
  return MAKERS.has(propertyName(callee) ?? "") ? namesIn(code, first) : [];
}

function namesIn(code: SourceCode, node: Node): readonly StaticText[] {
  const value = resolve(code, node);
  const items: readonly (Node | null)[] = value.type === "ArrayExpression" ? value.elements : [value];
  const names = items.flatMap((item) => (item === null ? [] : (staticText(code, item) ?? [])));
  return names.length === items.length ? names : [];
}

/** Constants that refer to each other in a circle end here. */
const MAX_DEPTH = 8;
