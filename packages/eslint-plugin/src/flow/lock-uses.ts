import {
  functionAround,
  isFunction,
  isInside,
  type Node,
  propertyName,
  unwrap,
  type Variable,
  wrapped,
} from "../ast/nodes.ts";
import { canFollow } from "./statements.ts";

/**
 * How code uses the variable of a lock at one place.
 * - `"releases"`: it releases or detaches the lock.
 * - `"keeps"`: from here on, something else has the lock too: it is returned, stored, put into a collection, or converted.
 * - `"passes"`: it is an argument of a call.
 * - `"reads"`: anything else.
 */
export interface LockUse {
  readonly node: Node;
  readonly kind: "releases" | "keeps" | "passes" | "reads";
}

const RELEASES = new Set(["release", "detach"]);
/** They return another lock, which has to be released instead. */
const CONVERSIONS = new Set(["upgrade", "downgrade"]);
/** Methods of collections, of `AsyncDisposableStack` and of registries that keep their argument. */
const KEEPERS = new Set([
  "push",
  "unshift",
  "add",
  "set",
  "use",
  "adopt",
  "enqueue",
  "append",
  "insert",
  "register",
  "store",
  "track",
  "keep",
]);

/** The uses of a lock in one function, and whether a function inside of it can release the lock. */
export interface LockUses {
  readonly uses: readonly LockUse[];
  /** Whether another function uses the lock in a way by which it can release it. */
  readonly isCaptured: boolean;
}

export function usesOf(variable: Variable, statement: Node): LockUses {
  const own = functionAround(statement);
  const uses: LockUse[] = [];
  let isCaptured = false;
  for (const reference of variable.references) {
    if (!reference.isRead()) continue;
    const node = reference.identifier as Node;
    const kind = kindOf(node);
    if (functionAround(node) === own) uses.push({ node, kind });
    else if (kind !== "reads") isCaptured = true;
  }
  return { uses, isCaptured };
}

function kindOf(identifier: Node): LockUse["kind"] {
  const node = wrapped(identifier);
  const { parent } = node;
  switch (parent?.type) {
    case "MemberExpression": {
      if (parent.object !== node) return "reads";
      const name = propertyName(parent);
      if (parent.computed && name === undefined) return "releases";
      if (name === undefined) return "reads";
      if (RELEASES.has(name)) return "releases";
      return CONVERSIONS.has(name) ? "keeps" : "reads";
    }
    case "CallExpression": {
      if (parent.callee === node) return "reads";
      const callee = unwrap(parent.callee);
      const method = callee.type === "MemberExpression" ? propertyName(callee) : undefined;
      return method !== undefined && KEEPERS.has(method) ? "keeps" : "passes";
    }
    case "NewExpression":
      return parent.callee === node ? "reads" : "passes";
    case "ReturnStatement":
    case "YieldExpression":
    case "ArrayExpression":
    case "SpreadElement":
    case "VariableDeclarator":
    case "ArrowFunctionExpression":
    case "ThrowStatement":
    case "ExportSpecifier":
    case "ExportDefaultDeclaration":
      return "keeps";
    case "Property":
      return parent.value === node ? "keeps" : "reads";
    case "PropertyDefinition":
      return "keeps";
    case "AssignmentExpression":
      return parent.right === node ? "keeps" : "reads";
    case "ConditionalExpression":
      return parent.test === node ? "reads" : kindOf(parent);
    case "LogicalExpression":
    case "SequenceExpression":
      return kindOf(parent);
    default:
      return "reads";
  }
}

/** The uses below a node. */
export function usesIn({ uses }: LockUses, node: Node): readonly LockUse[] {
  return uses.filter((use) => isInside(use.node, node));
}

/**
 * Whether something else has the lock from a use on, and has to release it. A function that still releases the lock itself does not leave
 * that to the function that it calls.
 */
export function isHandOver({ uses }: LockUses, { node, kind }: LockUse): boolean {
  if (kind !== "passes") return kind === "keeps";
  return isReturned(node) || !uses.some((use) => use.kind === "releases" && canFollow(use.node, node));
}

function isReturned(node: Node): boolean {
  for (let at = node.parent; at && !isFunction(at); at = at.parent) {
    if (at.type === "ReturnStatement") return true;
    if (at.type.endsWith("Statement")) return false;
  }
  return false;
}
