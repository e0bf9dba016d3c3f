import { conditionOn } from "../ast/null-checks.ts";
import { type Node, propertyName, unwrap, type Variable, wrapped } from "../ast/nodes.ts";

/**
 * Whether a read of a lock that may be `null` only releases it, as `lock?.release()` and `if (lock) await lock.release()` do. If the lock
 * is missing, the code goes the same way then. A call whose result is used, as that of `lock?.detach()`, can look at the lock.
 */
export function isOnlyRelease(variable: Variable, read: Node): boolean {
  // `!` says that the lock is there.
  if (read.parent?.type === "TSNonNullExpression") return false;
  const call = callOf(read);
  if (call !== undefined) return isStatement(call) || isRelease(call);
  for (let at = read; at.parent; at = at.parent) {
    const { parent } = at;
    if (parent.type === "LogicalExpression" && parent.operator === "&&" && parent.left === at)
      return conditionOn(variable, at) === "set" && isRelease(parent.right);
    if (parent.type === "IfStatement" && parent.test === at)
      return (
        parent.alternate === null &&
        conditionOn(variable, parent.test) === "set" &&
        onlyReleases(parent.consequent)
      );
    if (parent.type.endsWith("Statement")) return false;
  }
  return false;
}

/** The call of a method of the variable. */
function callOf(read: Node): Node | undefined {
  const member = read.parent;
  if (member?.type !== "MemberExpression" || member.object !== read) return undefined;
  const { parent } = member;
  return parent.type === "CallExpression" && parent.callee === member ? parent : undefined;
}

function onlyReleases(statement: Node): boolean {
  switch (statement.type) {
    case "BlockStatement":
      return statement.body.every((inner) => onlyReleases(inner));
    case "TryStatement":
      return statement.finalizer === null && onlyReleases(statement.block);
    case "ExpressionStatement":
      return isRelease(statement.expression);
    default:
      return false;
  }
}

/** `lock.release()`, also with a handler behind it: `lock.release().catch(report)`. */
function isRelease(expression: Node): boolean {
  const call = unwrap(expression);
  if (call.type === "UnaryExpression") return call.operator === "void" && isRelease(call.argument);
  if (call.type !== "CallExpression") return false;
  const callee = unwrap(call.callee);
  if (callee.type !== "MemberExpression") return false;
  const name = propertyName(callee);
  // A computed name is `Symbol.asyncDispose`.
  return name === undefined ? callee.computed : name === "release" || isRelease(callee.object);
}

/** Whether nothing has the result of a call. */
function isStatement(call: Node): boolean {
  const { parent } = wrapped(call);
  return (
    parent?.type === "ExpressionStatement" ||
    (parent?.type === "UnaryExpression" && parent.operator === "void")
  );
}
