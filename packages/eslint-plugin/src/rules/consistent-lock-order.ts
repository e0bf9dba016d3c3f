import type { CallExpression, Node, SourceCode } from "../ast/nodes.ts";
import { isFunction, unwrap } from "../ast/nodes.ts";
import type { StaticText } from "../ast/static-value.ts";
import { variableOf } from "../ast/variables.ts";
import { findAll } from "../ast/walk.ts";
import { heldRegion, type HeldRegion } from "../flow/held-regions.ts";
import { lockNames } from "../library/lock-names.ts";
import type { LockCall } from "../library/lock-call.ts";
import { defineRule, type RuleModule } from "../rule.ts";

interface Options {
  /** Whether two locks of one template, as `account:${from}` and `account:${to}`, are reported. @default true */
  readonly templates: boolean;
}

/** A lock that is acquired while another one is held. */
interface Nesting {
  readonly outer: string;
  readonly inner: string;
  readonly node: CallExpression;
}

export const consistentLockOrder: RuleModule = defineRule<Options>({
  name: "consistent-lock-order",
  description: "Locks that are held together are acquired in the same order everywhere",
  messages: {
    order:
      'Here "{{inner}}" is acquired under "{{outer}}", and in line {{line}} it is the other way around. Two callers can wait for each other until one times out. Acquire both at once: acquire([{{outerText}}, {{innerText}}]).',
    template:
      'Two locks of the form "{{name}}" are nested. A caller with the two values exchanged has the other order, and both wait for each other until one times out. Acquire both at once: acquire([…, …]).',
  },
  properties: { templates: { type: "boolean" } },
  defaults: { templates: true },
  create(context, file, options) {
    const { sourceCode: code } = context;
    const calls: { readonly call: LockCall; readonly region: HeldRegion | undefined }[] = [];
    return {
      CallExpression(node) {
        const call = file.lockCall(node);
        if (call !== undefined && call.method !== "attach")
          calls.push({ call, region: heldRegion(code, call) });
      },
      "Program:exit"() {
        const nestings: Nesting[] = [];
        for (const { call } of calls) {
          // Without waiting there is no deadlock.
          if (call.method === "tryAcquire" || call.method === "tryUsing") continue;
          const inner = lockNames(code, call);
          const around = calls.filter(({ region }) => region?.contains(call.node) === true);
          for (const { call: held } of around) {
            const outer = lockNames(code, held);
            if (options.templates && isSameTemplate(code, outer, inner))
              context.report({
                node: call.node,
                messageId: "template",
                data: { name: inner[0]?.pattern ?? "" },
              });
            nestings.push(...pairs(outer, inner, call.node));
          }
        }
        for (const { outer, inner, node } of nestings) {
          const opposite = nestings.find((other) => other.outer === inner && other.inner === outer);
          if (opposite === undefined) continue;
          const line = String(opposite.node.loc.start.line);
          const data = { outer, inner, line, outerText: quoted(outer), innerText: quoted(inner) };
          context.report({ node, messageId: "order", data });
        }
      },
    };
  },
});

function pairs(
  outer: readonly StaticText[],
  inner: readonly StaticText[],
  node: CallExpression,
): readonly Nesting[] {
  return outer.flatMap((one) =>
    inner.flatMap((other) =>
      one.pattern === other.pattern ? [] : [{ outer: one.pattern, inner: other.pattern, node }],
    ),
  );
}

/** Whether two names differ only in a value that is known when the code runs, and that nothing has put in order. */
function isSameTemplate(
  code: SourceCode,
  outer: readonly StaticText[],
  inner: readonly StaticText[],
): boolean {
  const [one, other] = [outer[0], inner[0]];
  if (one === undefined || other === undefined || outer.length > 1 || inner.length > 1) return false;
  if (one.parts.length !== 1 || one.pattern !== other.pattern || one.parts[0] === other.parts[0])
    return false;
  return ![...one.partNodes, ...other.partNodes].some((part) => isSorted(code, part));
}

/** Whether a value comes from something that was sorted, from `Math.min`, or from a comparison. */
function isSorted(code: SourceCode, part: Node): boolean {
  return findAll(code, part, (node) => node.type === "Identifier").some((identifier) => {
    const definitions = variableOf(code, identifier)?.defs ?? [];
    return definitions.some((definition) => {
      if (definition.type === "Parameter") return false;
      if (definition.type !== "Variable" || definition.node.init === null) return true;
      const init = unwrap(definition.node.init);
      return !isFunction(init) && ORDERED.test(code.getText(init));
    });
  });
}

const ORDERED = /sort|\b(?:min|max)\b|[<>]|parent|child/i;

function quoted(name: string): string {
  return name.includes("${") ? `\`${name}\`` : JSON.stringify(name);
}
