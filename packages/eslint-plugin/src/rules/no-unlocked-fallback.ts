import { conditionOn } from "../ast/null-checks.ts";
import {
  type CallExpression,
  type Node,
  propertyName,
  type SourceCode,
  unwrap,
  type Variable,
} from "../ast/nodes.ts";
import { variableOf } from "../ast/variables.ts";
import { findAll } from "../ast/walk.ts";
import { acquisitionOf } from "../flow/acquisition.ts";
import { isHarmless } from "../library/harmless-calls.ts";
import type { LockCall } from "../library/lock-call.ts";
import { defineRule, type RuleModule } from "../rule.ts";

export const noUnlockedFallback: RuleModule = defineRule({
  name: "no-unlocked-fallback",
  description: "Work that needs a lock does not run when the lock was not acquired",
  messages: {
    fallback:
      "`{{call}}` runs here without the lock, and in line {{line}} under it. Two callers can run it at the same time. Throw an error or try again instead.",
  },
  defaults: {},
  create(context, file) {
    const { sourceCode: code } = context;

    const reportSame = (locked: readonly Node[], unlocked: Node): void => {
      const work = new Map<string, CallExpression>();
      for (const part of locked) for (const node of workIn(code, part)) work.set(code.getText(node), node);
      for (const node of workIn(code, unlocked)) {
        const same = work.get(code.getText(node));
        if (same === undefined) continue;
        const data = { call: code.getText(node.callee), line: String(same.loc.start.line) };
        context.report({ node, messageId: "fallback", data });
      }
    };

    const checkCatch = ({ node, routine }: LockCall): void => {
      if (routine === undefined) return;
      let at: Node | undefined = node;
      while (at.parent && at.parent.type !== "TryStatement") {
        // Only a `try` that is around this call and nothing else shows what its handler is for.
        if (at.type === "BlockStatement" || /Function/.test(at.type)) return;
        at = at.parent.type === "BlockStatement" && at.parent.body.length > 1 ? undefined : at.parent;
        if (at === undefined) return;
        if (at.type === "BlockStatement" && at.parent.type === "TryStatement") break;
      }
      const statement = at.parent;
      if (statement?.type !== "TryStatement" || statement.block !== at || statement.handler === null) return;
      reportSame([routine.body], statement.handler.body);
    };

    const checkBranches = (call: LockCall): void => {
      const acquisition = acquisitionOf(code, call.node);
      const variable =
        call.method === "tryUsing" ? resultVariable(code, call.node) : acquisitionVariable(acquisition);
      if (variable === undefined) return;
      for (const { identifier } of variable.references) {
        const statement = testOf(identifier);
        if (statement?.type !== "IfStatement") continue;
        const condition =
          call.method === "tryUsing"
            ? conditionOnRun(variable, statement.test)
            : conditionOn(variable, statement.test);
        if (condition === undefined) continue;
        const { consequent, alternate } = statement;
        const [locked, unlocked] = condition === "set" ? [consequent, alternate] : [alternate, consequent];
        if (unlocked === null) continue;
        const parts = call.routine === undefined ? (locked === null ? [] : [locked]) : [call.routine.body];
        reportSame(parts, unlocked);
      }
    };

    return {
      CallExpression(node) {
        const call = file.lockCall(node);
        if (call === undefined || call.method === "attach") return;
        if (call.method === "using") checkCatch(call);
        else checkBranches(call);
      },
    };
  },
});

/** The calls that do something to the protected resource, as far as their names say. */
function workIn(code: SourceCode, part: Node): readonly CallExpression[] {
  return findAll(code, part, isCall).filter((call) => !isHarmless(call));
}

function acquisitionVariable(acquisition: ReturnType<typeof acquisitionOf>): Variable | undefined {
  return acquisition.state === "variable" ? acquisition.variable : undefined;
}

/** The variable with the result of `tryUsing`, or with its `acquired`. */
function resultVariable(code: SourceCode, node: CallExpression): Variable | undefined {
  const declarator = node.parent.type === "AwaitExpression" ? node.parent.parent : undefined;
  if (declarator?.type !== "VariableDeclarator") return undefined;
  if (declarator.id.type === "Identifier") return variableOf(code, declarator.id);
  if (declarator.id.type !== "ObjectPattern") return undefined;
  for (const property of declarator.id.properties) {
    if (property.type !== "Property" || property.key.type !== "Identifier") continue;
    if (property.key.name === "acquired" && property.value.type === "Identifier")
      return variableOf(code, property.value);
  }
  return undefined;
}

/** As `conditionOn`, for `result.acquired` or for a variable with it. */
function conditionOnRun(variable: Variable, test: Node): "set" | "empty" | undefined {
  const bare = unwrap(test);
  if (bare.type === "UnaryExpression" && bare.operator === "!") {
    const inner = conditionOnRun(variable, bare.argument);
    if (inner === undefined) return undefined;
    return inner === "set" ? "empty" : "set";
  }
  if (bare.type === "MemberExpression")
    return propertyName(bare) === "acquired" ? conditionOn(variable, bare.object) : undefined;
  return bare.type === "Identifier" ? conditionOn(variable, bare) : undefined;
}

/** The statement whose condition has a node. */
function testOf(node: Node): Node | undefined {
  let at = node;
  while (at.parent && !at.parent.type.endsWith("Statement")) at = at.parent;
  const statement = at.parent;
  return statement?.type === "IfStatement" && statement.test === at ? statement : undefined;
}

const isCall = (node: Node): node is CallExpression => node.type === "CallExpression";
