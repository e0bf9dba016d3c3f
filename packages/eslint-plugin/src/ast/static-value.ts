import type { Node, SourceCode } from "./nodes.ts";
import { resolve } from "./variables.ts";

/** The number that an expression always has, as `5 * 60_000` or a constant has one, or `undefined`. */
export function staticNumber(code: SourceCode, node: Node, depth = 0): number | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const value = resolve(code, node);
  if (value.type === "Literal") return typeof value.value === "number" ? value.value : undefined;
  if (value.type === "Identifier") return value.name === "Infinity" ? Infinity : undefined;
  if (value.type === "UnaryExpression" && value.operator === "-") {
    const argument = staticNumber(code, value.argument, depth + 1);
    return argument === undefined ? undefined : -argument;
  }
  if (value.type !== "BinaryExpression") return undefined;
  const left = staticNumber(code, value.left, depth + 1);
  const right = staticNumber(code, value.right, depth + 1);
  if (left === undefined || right === undefined) return undefined;
  return calculate(left, value.operator, right);
}

function calculate(left: number, operator: string, right: number): number | undefined {
  switch (operator) {
    case "*":
      return left * right;
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "/":
      return left / right;
    case "**":
      return left ** right;
    default:
      return undefined;
  }
}

/** A text of which some parts may be known only when the code runs. */
export interface StaticText {
  /** The text with `${…}` in the place of each unknown part. */
  readonly pattern: string;
  /** The source text of the unknown parts. */
  readonly parts: readonly string[];
  readonly partNodes: readonly Node[];
}

/** What is known of a text: of a literal, a template, a sum or a constant. `undefined` if nothing is known. */
export function staticText(code: SourceCode, node: Node, depth = 0): StaticText | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const value = resolve(code, node);
  if (value.type === "Literal")
    return typeof value.value === "string" ? { pattern: value.value, parts: [], partNodes: [] } : undefined;
  if (value.type === "TemplateLiteral") {
    const pieces = value.quasis.flatMap((quasi, index): StaticText[] => {
      const text = { pattern: quasi.value.cooked ?? quasi.value.raw, parts: [], partNodes: [] };
      const expression = value.expressions[index];
      return expression === undefined ? [text] : [text, textOrUnknown(code, expression, depth + 1)];
    });
    return join(pieces);
  }
  if (value.type === "BinaryExpression" && value.operator === "+") {
    const known = [value.left, value.right].map((side) => staticText(code, side, depth + 1));
    if (known.every((side) => side === undefined)) return undefined;
    return join([value.left, value.right].map((side) => textOrUnknown(code, side, depth + 1)));
  }
  return undefined;
}

function textOrUnknown(code: SourceCode, node: Node, depth: number): StaticText {
  const unknown = { pattern: UNKNOWN, parts: [code.getText(node)], partNodes: [node] };
  return staticText(code, node, depth) ?? unknown;
}

function join(texts: readonly StaticText[]): StaticText {
  return {
    pattern: texts.map(({ pattern }) => pattern).join(""),
    parts: texts.flatMap(({ parts }) => parts),
    partNodes: texts.flatMap(({ partNodes }) => partNodes),
  };
}

const UNKNOWN = "${…}";
const MAX_DEPTH = 16;
