import {
  type CallExpression,
  isInside,
  type Node,
  propertyName,
  type SourceCode,
  type Variable,
  wrapped,
} from "../ast/nodes.ts";
import { isNullCheck, isTested } from "../ast/null-checks.ts";
import { variableOf } from "../ast/variables.ts";
import { isOnlyRelease } from "../flow/release-only.ts";
import { defineRule, type RuleModule } from "../rule.ts";

interface Options {
  /** Whether a result of `tryUsing` that is not read is reported too. @default false */
  readonly tryUsing: boolean;
}

export const noIgnoredTryAcquire: RuleModule = defineRule<Options>({
  name: "no-ignored-try-acquire",
  description:
    "The result of `tryAcquire` and `tryUsing` says whether the lock was free, so code must look at it",
  messages: {
    ignored:
      "Nothing looks at the result of `tryAcquire`: the code goes on without the lock if it was not free, and a lock that it got is never released.",
    ignoredRun: "Nothing looks at the result of `tryUsing`, so nothing knows whether the routine ran.",
    unchecked: "`tryAcquire` resolves to `null` if the lock is not free. Check the result before this use.",
    neverChecked:
      "Nothing but a release looks at the result of `tryAcquire`: the code goes on without the lock if it was not free. Return, or throw an error, if the result is `null`.",
    notAwaited: "A promise is always truthy. Wait for the result: `await {{call}}(…)`.",
    lockAsTest:
      "This checks whether the lock was free, and loses the lock: nothing can release it. Store the result in a variable.",
    objectAsTest: "The result of `tryUsing` is an object, and always truthy. Check its `acquired`.",
    valueUnchecked:
      "The value of `tryUsing` exists only if `acquired` is true. Check `acquired` before this use.",
  },
  properties: {
    tryUsing: { type: "boolean", description: "Report a result of tryUsing that nothing reads." },
  },
  defaults: { tryUsing: false },
  create(context, file, options) {
    const { sourceCode: code } = context;
    return {
      CallExpression(node) {
        const call = file.lockCall(node);
        if (call?.method !== "tryAcquire" && call?.method !== "tryUsing") return;
        const isTryUsing = call.method === "tryUsing";
        const result = wrapped(node);
        const { parent } = result;
        if (!parent) return;
        if (isTested(result)) {
          if (!isAwaited(node, result))
            context.report({ node, messageId: "notAwaited", data: { call: code.getText(node.callee) } });
          else if (isTryUsing) context.report({ node, messageId: "objectAsTest" });
          else if (!isComparedInArgument(result)) context.report({ node, messageId: "lockAsTest" });
          return;
        }
        if (isDropped(result)) {
          if (!isTryUsing) context.report({ node, messageId: "ignored" });
          else if (options.tryUsing) context.report({ node, messageId: "ignoredRun" });
          return;
        }
        if (!isAwaited(node, result)) return;
        const unchecked = isTryUsing ? uncheckedValue(code, result) : uncheckedLock(code, result);
        if (unchecked !== undefined)
          context.report({ node: unchecked, messageId: isTryUsing ? "valueUnchecked" : "unchecked" });
        else if (!isTryUsing && isNeverLookedAt(code, result))
          context.report({ node, messageId: "neverChecked" });
      },
    };
  },
});

/** Whether nothing has the value of an expression. */
function isDropped(node: Node): boolean {
  const { parent } = node;
  if (parent?.type === "LogicalExpression") return parent.right === node && isDropped(parent);
  return (
    parent?.type === "ExpressionStatement" ||
    (parent?.type === "UnaryExpression" && parent.operator === "void")
  );
}

/** `assert((await redlock.tryAcquire(name)) === null)`: the call expects an answer, often that there is no lock. */
function isComparedInArgument(result: Node): boolean {
  const test = result.parent;
  if (test?.type !== "BinaryExpression" && test?.type !== "UnaryExpression") return false;
  return test.parent.type === "CallExpression" && test.parent.callee !== test;
}

function isAwaited(call: CallExpression, result: Node): boolean {
  for (let at: Node = call; at !== result && at.parent; at = at.parent)
    if (at.parent.type === "AwaitExpression") return true;
  return false;
}

/** The first use of a lock that may be `null`. */
function uncheckedLock(code: SourceCode, result: Node): Node | undefined {
  // `!` says that the lock is there.
  if (result.type === "TSNonNullExpression") return undefined;
  const { parent } = result;
  if (parent?.type === "MemberExpression" && parent.object === result)
    return parent.optional ? undefined : parent;
  if (parent?.type !== "VariableDeclarator") return undefined;
  if (parent.id.type === "ObjectPattern") return parent.id;
  const variable = parent.id.type === "Identifier" ? variableOf(code, parent.id) : undefined;
  if (variable === undefined) return undefined;
  const reads = readsOf(variable);
  const check = reads.find((read) => isNullCheck(read));
  return reads.find((read) => {
    if (check !== undefined && check.range[0] < read.range[0]) return false;
    return (
      read.parent?.type === "MemberExpression" &&
      read.parent.object === read &&
      !read.parent.optional &&
      !isInside(read, parent)
    );
  });
}

/** Whether a variable has the lock, and nothing reads it but to release the lock. */
function isNeverLookedAt(code: SourceCode, result: Node): boolean {
  if (result.type === "TSNonNullExpression") return false;
  const { parent } = result;
  let target: Node | undefined;
  if (parent?.type === "VariableDeclarator" && parent.parent.parent.type !== "ExportNamedDeclaration")
    target = parent.id;
  else if (parent?.type === "AssignmentExpression" && parent.parent.type === "ExpressionStatement")
    target = parent.left;
  const variable = target?.type === "Identifier" ? variableOf(code, target) : undefined;
  if (variable === undefined || variable.defs[0]?.parent?.parent?.type === "ExportNamedDeclaration")
    return false;
  return readsOf(variable).every((read) => isOnlyRelease(variable, read));
}

/** The value of `tryUsing`, if nothing ever reads whether the lock was acquired. */
function uncheckedValue(code: SourceCode, result: Node): Node | undefined {
  const { parent } = result;
  if (parent?.type === "MemberExpression")
    return parent.object === result && propertyName(parent) === "value" ? parent : undefined;
  if (parent?.type !== "VariableDeclarator") return undefined;
  if (parent.id.type === "ObjectPattern") {
    const names = parent.id.properties.map((property) =>
      property.type === "Property" && property.key.type === "Identifier" ? property.key.name : undefined,
    );
    return names.every((name) => name === "value") && names.length > 0 ? parent.id : undefined;
  }
  const variable = parent.id.type === "Identifier" ? variableOf(code, parent.id) : undefined;
  if (variable === undefined) return undefined;
  const members = readsOf(variable).map(({ parent: use }) => use);
  const isOnlyValue = members.every(
    (use) => use?.type === "MemberExpression" && propertyName(use) === "value",
  );
  return isOnlyValue ? members[0] : undefined;
}

function readsOf(variable: Variable): readonly Node[] {
  return variable.references
    .filter((reference) => reference.isRead())
    .map((reference) => reference.identifier as Node)
    .toSorted((one, other) => one.range[0] - other.range[0]);
}
