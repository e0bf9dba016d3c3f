import type { CallExpression, Node, SourceCode } from "../ast/nodes.ts";
import { staticNumber } from "../ast/static-value.ts";
import { heldRegion, type HeldRegion } from "../flow/held-regions.ts";
import { areInOrder } from "../flow/value-order.ts";
import { callSetting } from "../library/call-setting.ts";
import type { LockCall } from "../library/lock-call.ts";
import { type LockName, lockNames } from "../library/lock-names.ts";
import { defineRule, type RuleModule } from "../rule.ts";

interface Options {
  /** Whether two locks of one template, as `account:${from}` and `account:${to}`, are reported. @default true */
  readonly templates: boolean;
}

/** A lock that is acquired while another one is held. */
interface Nesting {
  readonly outer: LockName;
  readonly inner: LockName;
  readonly node: CallExpression;
}

export const consistentLockOrder: RuleModule = defineRule<Options>({
  name: "consistent-lock-order",
  description: "Locks that are held together are acquired in the same order everywhere",
  messages: {
    order:
      'Here "{{inner}}" is acquired under "{{outer}}", and in line {{line}} it is the other way around. Two callers can wait for each other until one times out. Acquire both at once: acquire([{{outerText}}, {{innerText}}]).',
    orderOfClients:
      'Here "{{inner}}" is acquired under "{{outer}}", and in line {{line}} it is the other way around. Two callers can wait for each other until one times out. Acquire them in the same order everywhere.',
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
          if (isWithoutWait(code, call)) continue;
          const inner = lockNames(code, call);
          const around = calls.filter(({ region }) => region?.contains(call.node) === true);
          for (const { call: held } of around) {
            const outer = lockNames(code, held);
            if (options.templates && isSameTemplate(code, call.node, outer, inner))
              context.report({
                node: call.node,
                messageId: "template",
                data: { name: inner[0]?.pattern ?? "" },
              });
            nestings.push(...pairs(outer, inner, call.node));
          }
        }
        for (const { outer, inner, node } of nestings) {
          const opposite = nestings.find((other) => isSame(other.outer, inner) && isSame(other.inner, outer));
          if (opposite === undefined) continue;
          const data = {
            outer: outer.pattern,
            inner: inner.pattern,
            line: String(opposite.node.loc.start.line),
            outerText: quoted(outer.pattern),
            innerText: quoted(inner.pattern),
          };
          // No call acquires the locks of two clients.
          const messageId = outer.space === inner.space ? "order" : "orderOfClients";
          context.report({ node, messageId, data });
        }
      },
    };
  },
});

function pairs(
  outer: readonly LockName[],
  inner: readonly LockName[],
  node: CallExpression,
): readonly Nesting[] {
  return outer.flatMap((one) =>
    inner.flatMap((other) => (isSame(one, other) ? [] : [{ outer: one, inner: other, node }])),
  );
}

function isSame(one: LockName, other: LockName): boolean {
  return one.pattern === other.pattern && one.space === other.space;
}

/** Whether a call gives up at once if the lock is held. Without waiting there is no deadlock. */
function isWithoutWait(code: SourceCode, call: LockCall): boolean {
  if (call.method === "tryAcquire" || call.method === "tryUsing") return true;
  // The drop-in for `redlock` 5 has its own setting.
  const value = callSetting(code, call, call.duration === undefined ? "wait" : "retryCount");
  return value !== undefined && staticNumber(code, value) === 0;
}

/** Whether two names differ only in a value that is known when the code runs, and that nothing has put in order. */
function isSameTemplate(
  code: SourceCode,
  node: Node,
  outer: readonly LockName[],
  inner: readonly LockName[],
): boolean {
  const [one, other] = [outer[0], inner[0]];
  if (one === undefined || other === undefined || outer.length > 1 || inner.length > 1) return false;
  if (one.parts.length !== 1 || !isSame(one, other) || one.parts[0] === other.parts[0]) return false;
  return !areInOrder(code, node, one.partNodes, other.partNodes);
}

function quoted(name: string): string {
  return name.includes("${") ? `\`${name}\`` : JSON.stringify(name);
}
