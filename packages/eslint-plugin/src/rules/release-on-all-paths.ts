import type { TSESTree } from "@typescript-eslint/utils";
import {
  functionAround,
  type Node,
  propertyName,
  type SourceCode,
  unwrap,
  type Variable,
} from "../ast/nodes.ts";
import { acquisitionOf } from "../flow/acquisition.ts";
import { isHandOver, type LockUses, usesOf } from "../flow/lock-uses.ts";
import { ReleasePaths } from "../flow/release-paths.ts";
import { variableOf } from "../ast/variables.ts";
import { callSetting } from "../library/call-setting.ts";
import type { LockCall } from "../library/lock-call.ts";
import { defineRule, type RuleContext, type RuleModule, type Suggestions } from "../rule.ts";

const FINALLY = "or release it in the `finally` of a `try` right behind the acquisition.";

/** What is true of the lock of one call. */
interface Facts {
  /** How long a lock that is forgotten stays held. */
  readonly end: string;
  readonly waysOut: string;
}

function factsOf(code: SourceCode, call: LockCall): Facts {
  if (call.duration !== undefined)
    return {
      end: "It stays held until its duration is over.",
      waysOut: `Use \`using(resources, duration, routine)\`, ${FINALLY}`,
    };
  if (call.mayHaveDuration)
    return {
      end: "It stays held until its ttl is over, and longer if something extends it.",
      waysOut: `Use \`using\`, ${FINALLY}`,
    };
  const autoExtend = callSetting(code, call, "autoExtend");
  const isFixed = autoExtend?.type === "Literal" && autoExtend.value === false;
  return {
    end: isFixed ? "It stays held until its ttl is over." : "It extends itself as long as the process lives.",
    waysOut: `Use \`await using\`, or \`using(name, routine)\`, ${FINALLY}`,
  };
}

export const releaseOnAllPaths: RuleModule = defineRule({
  name: "release-on-all-paths",
  description: "A lock is released on each path out of the function that acquired it",
  hasSuggestions: true,
  messages: {
    dropped: "The lock has no variable, so nothing can release it. {{end}} {{waysOut}}",
    never: 'The lock "{{lock}}" is not released in this function. {{end}} {{waysOut}}',
    exit: 'This leaves the function while the lock "{{lock}}" of line {{line}} is held. {{waysOut}}',
    error: 'If this fails, the lock "{{lock}}" of line {{line}} stays held. {{waysOut}}',
    awaitUsing: "Declare the lock with `await using`, which releases it at the end of the block.",
  },
  defaults: {},
  create(context, file) {
    const { sourceCode: code } = context;
    if (file.isExemptTest) return {};

    const isClose = (node: Node): boolean => {
      if (node.type !== "CallExpression") return false;
      const callee = unwrap(node.callee);
      return (
        callee.type === "MemberExpression" &&
        propertyName(callee) === "close" &&
        file.isLockSource(callee.object, "close")
      );
    };

    return {
      CallExpression(node) {
        const call = file.lockCall(node);
        if (call === undefined || call.method === "using" || call.method === "tryUsing") return;
        const acquisition = acquisitionOf(code, node);
        if (acquisition.state === "dropped") {
          // The rule `no-ignored-try-acquire` reports the result of `tryAcquire`.
          if (call.method !== "tryAcquire")
            context.report({ node, messageId: "dropped", data: { ...factsOf(code, call) } });
          return;
        }
        // The lock of a program that is not in a function may belong to the whole process.
        if (acquisition.state !== "variable" || !acquisition.hasAwait || functionAround(node) === undefined)
          return;
        const { variable, statement, declaration } = acquisition;
        const uses = usesOf(variable, statement);
        if (uses.isCaptured || isOfDisposedClient(code, call.receiver)) return;
        const leak = new ReleasePaths({ code, variable, uses, isClose }).find(statement);
        if (leak === undefined) return;
        context.report({
          node: leak.kind === "never" ? node : leak.node,
          messageId: leak.kind,
          data: { ...factsOf(code, call), lock: variable.name, line: String(node.loc.start.line) },
          // A lock of the drop-in for `redlock` 5 cannot be disposed.
          suggest:
            call.duration === undefined && !call.mayHaveDuration
              ? suggestions(context, declaration, variable, uses)
              : [],
        });
      },
    };
  },
});

/** Whether `await using` of the same function closes the client, which releases all its locks. */
function isOfDisposedClient(code: SourceCode, receiver: Node): boolean {
  let root = unwrap(receiver);
  while (root.type === "CallExpression" || root.type === "MemberExpression")
    root = unwrap(root.type === "CallExpression" ? root.callee : root.object);
  if (root.type !== "Identifier") return false;
  const [definition] = variableOf(code, root)?.defs ?? [];
  return definition?.type === "Variable" && definition.parent.kind === "await using";
}

/**
 * Makes `const lock = …` to `await using lock = …`, and removes the releases that are statements of their own. Not for a variable that
 * gets another value, and not for a lock that is handed over on some path: the end of the block would release it there too.
 */
function suggestions(
  { sourceCode }: RuleContext,
  declaration: TSESTree.VariableDeclaration | undefined,
  variable: Variable,
  lockUses: LockUses,
): Suggestions {
  const keyword = declaration === undefined ? null : sourceCode.getFirstToken(declaration);
  if (declaration === undefined || keyword === null || declaration.declarations.length !== 1) return [];
  if (declaration.kind === "var" || declaration.parent.type === "SwitchCase") return [];
  if (variable.references.some((reference) => reference.isWrite() && reference.init !== true)) return [];
  if (lockUses.uses.some((use) => isHandOver(lockUses, use) || isDetach(use.node))) return [];
  const releases = lockUses.uses.flatMap(({ node, kind }) =>
    kind === "releases" ? releaseStatement(node) : [],
  );
  return [
    {
      messageId: "awaitUsing",
      fix: (fixer) => [
        fixer.replaceText(keyword, "await using"),
        ...releases.map((statement) => fixer.remove(statement)),
      ],
    },
  ];
}

/** A lock that was detached stays held on purpose. */
function isDetach({ parent }: Node): boolean {
  return parent?.type === "MemberExpression" && propertyName(parent) === "detach";
}

function releaseStatement(use: Node): readonly Node[] {
  const call = use.parent?.parent;
  if (call?.type !== "CallExpression" || call.parent.type !== "AwaitExpression") return [];
  const statement = call.parent.parent;
  return statement.type === "ExpressionStatement" && statement.parent.type === "BlockStatement"
    ? [statement]
    : [];
}
