import {
  type FunctionNode,
  isFunction,
  type Node,
  propertyName,
  type SourceCode,
  unwrap,
} from "../ast/nodes.ts";
import { variableOf } from "../ast/variables.ts";
import { findAll } from "../ast/walk.ts";
import { isLoop } from "../flow/statements.ts";
import type { LockFile } from "../library/lock-file.ts";
import type { LockCall } from "../library/lock-call.ts";
import { defineRule, type RuleModule } from "../rule.ts";

interface Options {
  /** A routine with fewer steps that are awaited is not reported, unless it awaits in a loop. @default 2 */
  readonly minAwaits: number;
}

/** Parts of a lock by which a routine notices a loss, or by which the resource can reject its late writes. */
const LOSS = new Set(["signal", "isHeld", "remaining", "extend", "fence"]);
/** Parts of a signal. If the file does not show that its client is the drop-in for `redlock` 5, the signal may still come first. */
const PARTS_OF_SIGNAL = new Set([
  "aborted",
  "error",
  "reason",
  "throwIfAborted",
  "onabort",
  "addEventListener",
]);

export const passSignal: RuleModule = defineRule<Options>({
  name: "pass-signal",
  description: "A routine that takes several steps looks at its signal, or passes it on",
  type: "suggestion",
  messages: {
    unused:
      "This routine goes on if its lock is lost, because it never looks at the signal. Pass `signal` to what it awaits, or call `signal.throwIfAborted()` between the steps.",
  },
  properties: { minAwaits: { type: "integer", minimum: 1 } },
  defaults: { minAwaits: 2 },
  create(context, file, { minAwaits }) {
    const { sourceCode: code } = context;
    return {
      CallExpression(node) {
        const call = file.lockCall(node);
        if (call?.routine === undefined || call.routineArgument === undefined) return;
        if (!hasSteps(file, call.routine, minAwaits) || looksAtLoss(code, call, call.routine)) return;
        const parameter = call.routine.params[call.duration === undefined ? 1 : 0];
        context.report({ node: parameter ?? call.routineArgument, messageId: "unused" });
      },
    };
  },
});

/** Whether work can follow behind a point at which the lock may have been lost. */
function hasSteps(file: LockFile, routine: FunctionNode, minAwaits: number): boolean {
  const waits = findAll(file.code, routine.body, isWait).filter(
    (node) => functionOf(node) === routine && !isAcquisition(file, node),
  );
  if (waits.length >= minAwaits) return true;
  return waits.some((node) => {
    if (node.type === "ForOfStatement") return true;
    for (let at: Node | undefined = node.parent; at && at !== routine; at = at.parent)
      if (isLoop(at)) return true;
    return false;
  });
}

/** To acquire another lock is no work yet. */
function isAcquisition(file: LockFile, node: Node): boolean {
  const call = node.type === "AwaitExpression" ? unwrap(node.argument) : undefined;
  if (call?.type !== "CallExpression") return false;
  const method = file.lockCall(call)?.method;
  return method === "acquire" || method === "tryAcquire" || method === "attach";
}

/** Whether a routine can notice that its lock was lost. */
function looksAtLoss(code: SourceCode, call: LockCall, routine: FunctionNode): boolean {
  const { params } = routine;
  // The routine of `redlock` 5 has the signal first.
  const signal = call.duration === undefined ? params[1] : params[0];
  const lock = call.duration === undefined ? params[0] : undefined;
  if (params.some((parameter) => parameter.type === "RestElement")) return true;
  if (signal !== undefined && (signal.type !== "Identifier" || isRead(code, signal.name, routine)))
    return true;
  if (lock === undefined) return usesArguments(code, routine);
  if (lock.type !== "Identifier") return true;
  return findAll(code, routine.body, isIdentifier(lock.name)).some((node) => {
    const { parent } = node;
    if (parent?.type !== "MemberExpression" || parent.object !== node) return true;
    const name = propertyName(parent) ?? "";
    return LOSS.has(name) || PARTS_OF_SIGNAL.has(name);
  });
}

function isRead(code: SourceCode, name: string, routine: FunctionNode): boolean {
  const [parameter] = findAll(code, routine, isIdentifier(name));
  const variable = parameter === undefined ? undefined : variableOf(code, parameter);
  return variable === undefined || variable.references.some((reference) => reference.isRead());
}

function usesArguments(code: SourceCode, routine: FunctionNode): boolean {
  return findAll(code, routine.body, isIdentifier("arguments")).length > 0;
}

function functionOf(node: Node): Node | undefined {
  for (let at = node.parent; at; at = at.parent) if (isFunction(at)) return at;
  return undefined;
}

const isWait = (node: Node): node is Node =>
  node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await);

type Identifier = Extract<Node, { type: "Identifier" }>;
const isIdentifier =
  (name: string) =>
  (node: Node): node is Identifier =>
    node.type === "Identifier" && node.name === name;
