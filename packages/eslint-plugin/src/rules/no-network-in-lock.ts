import { methodOfThis } from "../ast/methods.ts";
import { type CallExpression, type FunctionNode, isInside } from "../ast/nodes.ts";
import { functionOf } from "../ast/variables.ts";
import { findAll } from "../ast/walk.ts";
import { heldRegion } from "../flow/held-regions.ts";
import { isUnderVoid, runsWithin } from "../flow/running.ts";
import { methodUnderLock } from "../library/nest.ts";
import { isListed, NETWORK_CALLS, networkName } from "../library/network-calls.ts";
import { defineRule, type RuleModule } from "../rule.ts";

interface Options {
  /** The calls that are network calls, in place of the built-in list. `"axios.*"` is every method. */
  readonly calls: readonly string[];
  /** More of them. @default [] */
  readonly additionalCalls: readonly string[];
  /** Calls that are allowed although a list has them. @default [] */
  readonly allow: readonly string[];
}

const list = { type: "array", items: { type: "string", minLength: 1 }, uniqueItems: true } as const;

export const noNetworkInLock: RuleModule = defineRule<Options>({
  name: "no-network-in-lock",
  description: "No request to another service is sent while a lock is held",
  messages: {
    network:
      "`{{call}}` sends a request while the lock of line {{line}} is held. A slow service keeps all other callers waiting. Send it before the lock is acquired or after its release.",
    indirect:
      "`{{name}}` calls `{{call}}`, which sends a request while the lock of line {{line}} is held. A slow service keeps all other callers waiting. Call it before the lock is acquired or after its release.",
  },
  properties: { calls: list, additionalCalls: list, allow: list },
  defaults: { calls: NETWORK_CALLS, additionalCalls: [], allow: [] },
  create(context, file, { calls, additionalCalls, allow }) {
    const { sourceCode: code } = context;
    const listed = [...calls, ...additionalCalls];
    const regions: { readonly line: number; contains(this: void, node: CallExpression): boolean }[] = [];
    const all: CallExpression[] = [];
    const requests = new Map<FunctionNode, string | undefined>();

    const requestOf = (node: CallExpression): string | undefined => {
      const name = networkName(code, node);
      return name !== undefined && isListed(name, listed) && !isListed(name, allow) ? name : undefined;
    };

    /** The request that a function of this file sends, itself or by the functions that it calls. */
    const requestIn = (routine: FunctionNode): string | undefined => {
      if (requests.has(routine)) return requests.get(routine);
      // Functions that call each other end here.
      requests.set(routine, undefined);
      for (const node of findAll(code, routine.body, isCall)) {
        if (isUnderVoid(node) || !runsWithin(node, routine)) continue;
        const request = requestOf(node) ?? requestBehind(node);
        if (request === undefined) continue;
        requests.set(routine, request);
        return request;
      }
      return undefined;
    };
    const requestBehind = ({ callee }: CallExpression): string | undefined => {
      const target = callee.type === "Identifier" ? functionOf(code, callee) : methodOfThis(callee);
      return target === undefined ? undefined : requestIn(target);
    };

    return {
      CallExpression(node) {
        if (!isUnderVoid(node)) all.push(node);
        const call = file.lockCall(node);
        const region = call === undefined ? undefined : heldRegion(code, call);
        if (region !== undefined)
          regions.push({ line: node.loc.start.line, contains: (inner) => region.contains(inner) });
      },
      MethodDefinition(node) {
        const method = methodUnderLock(file, node);
        if (method === undefined) return;
        const { decorator, body } = method;
        const contains = (inner: CallExpression): boolean =>
          isInside(inner, body.body) && runsWithin(inner, body);
        regions.push({ line: decorator.loc.start.line, contains });
      },
      "Program:exit"() {
        if (regions.length === 0) return;
        for (const node of all) {
          const region = regions.find((candidate) => candidate.contains(node));
          if (region === undefined) continue;
          const line = String(region.line);
          const direct = requestOf(node);
          if (direct !== undefined) {
            context.report({ node, messageId: "network", data: { call: direct, line } });
            continue;
          }
          const behind = requestBehind(node);
          if (behind === undefined) continue;
          const data = { name: code.getText(node.callee), call: behind, line };
          context.report({ node, messageId: "indirect", data });
        }
      },
    };
  },
});

const isCall = (node: { readonly type: string }): node is CallExpression => node.type === "CallExpression";
