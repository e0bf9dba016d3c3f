import { functionAround, keyName, type Node, propertyName, unwrap } from "../ast/nodes.ts";
import { staticNumber } from "../ast/static-value.ts";
import { resolve, variableOf } from "../ast/variables.ts";
import { nestOptions } from "../library/nest.ts";
import { originOf } from "../library/origins.ts";
import { acquisitionOf } from "../flow/acquisition.ts";
import { defineRule, type RuleModule, type Suggestions } from "../rule.ts";
import type { TSESTree } from "@typescript-eslint/utils";

interface Options {
  /** A shorter ttl is reported, in ms. @default 100 */
  readonly minTtl: number;
  /** A longer ttl is reported, in ms. @default 300_000, which is five minutes */
  readonly maxTtl: number;
  /** A shorter `wait` is reported, in ms. 0 is always allowed. @default 10 */
  readonly minWait: number;
}

const SECOND_MS = 1_000;
const number = { type: "number", minimum: 0 } as const;

export const ttlRange: RuleModule = defineRule<Options>({
  name: "ttl-range",
  description:
    "A ttl is neither so long that a dead holder blocks everybody, nor so short that seconds were meant",
  hasSuggestions: true,
  messages: {
    long: "{{field}} {{value}} ms is {{text}}. A holder that died keeps all others out for that time. A lock extends itself, so use at most {{limit}} ms, and split long work into parts.",
    short: "{{field}} {{value}} is {{value}} ms. If seconds were meant, write {{seconds}}.",
    seconds: "Write {{seconds}}, which is {{value}} s.",
  },
  properties: { minTtl: number, maxTtl: number, minWait: number },
  defaults: { minTtl: 100, maxTtl: 300_000, minWait: 10 },
  create(context, file, options) {
    const { sourceCode: code } = context;

    const checkValue = (field: "ttl" | "wait", node: Node): void => {
      const value = staticNumber(code, node);
      if (value === undefined || value <= 0) return;
      const least = field === "ttl" ? options.minTtl : options.minWait;
      if (value < least && !file.isExemptTest) {
        const data = { field, value: String(value), seconds: inDigits(value * SECOND_MS) };
        context.report({ node, messageId: "short", data, suggest: inSeconds(node, data) });
      } else if (field === "ttl" && value > options.maxTtl) {
        const limit = inDigits(options.maxTtl);
        const data = { field, value: inDigits(value), text: asText(value), limit };
        context.report({ node, messageId: "long", data });
      }
    };

    const checkOptions = (node: Node | undefined): void => {
      const object = node === undefined ? undefined : resolve(code, node);
      if (object?.type !== "ObjectExpression") return;
      for (const property of object.properties) {
        if (property.type !== "Property") continue;
        const name = keyName(property);
        if (name === "ttl" || name === "wait") checkValue(name, property.value);
      }
    };

    const isClientClass = (node: Node): boolean => {
      const name = originOf(code, node)?.name;
      return (name === "Redlock" || name === "MutexRedlock") && file.isFromLibrary(node);
    };

    return {
      NewExpression(node) {
        if (isClientClass(node.callee)) checkOptions(node.arguments[1]);
      },
      CallExpression(node) {
        const call = file.lockCall(node);
        if (call !== undefined) {
          checkOptions(call.options);
          if (call.duration !== undefined) checkValue("ttl", call.duration);
          return;
        }
        checkOptions(nestOptions(file, node));
        const callee = unwrap(node.callee);
        if (callee.type !== "MemberExpression") return;
        const [first] = node.arguments;
        if (first === undefined || first.type === "SpreadElement") return;
        if (propertyName(callee) === "memory" && isClientClass(callee.object)) checkOptions(first);
        if (propertyName(callee) === "extend" && isLock(callee.object)) checkValue("ttl", first);
      },
    };

    /** Whether an expression is the variable of a lock that this function acquired. */
    function isLock(node: Node): boolean {
      const lock = unwrap(node);
      const variable = lock.type === "Identifier" ? variableOf(code, lock) : undefined;
      const [definition] = variable?.defs ?? [];
      if (definition?.type !== "Variable" || definition.node.init === null) return false;
      const value = unwrap(definition.node.init);
      return (
        value.type === "CallExpression" &&
        file.lockCall(value) !== undefined &&
        acquisitionOf(code, value).state !== "dropped" &&
        functionAround(value) === functionAround(lock)
      );
    }
  },
});

/** Only for a number that stands where it is used. */
function inSeconds(node: Node, data: { readonly value: string; readonly seconds: string }): Suggestions {
  if (!isNumber(node)) return [];
  return [{ messageId: "seconds", data, fix: (fixer) => fixer.replaceText(node, data.seconds) }];
}

function isNumber(node: Node): node is TSESTree.NumberLiteral {
  return node.type === "Literal" && typeof node.value === "number";
}

/** 30000 as `30_000`. */
function inDigits(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en-US").replaceAll(",", "_") : String(value);
}

function asText(ms: number): string {
  const minutes = ms / 60_000;
  if (!Number.isFinite(ms)) return "for ever";
  if (minutes < 120) return `${round(minutes)} minutes`;
  return minutes < 2_880 ? `${round(minutes / 60)} hours` : `${round(minutes / 1_440)} days`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
