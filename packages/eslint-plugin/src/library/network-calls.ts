import { type CallExpression, type Node, propertyName, type SourceCode, unwrap } from "../ast/nodes.ts";
import { constantValue, variableOf } from "../ast/variables.ts";
import { originOf } from "./origins.ts";

/** Calls that send requests. `name.*` is every method of what a module exports, and `name` the call of the export itself. */
export const NETWORK_CALLS: readonly string[] = [
  "fetch",
  "axios",
  "axios.*",
  "got",
  "got.*",
  "ky",
  "ky.*",
  "superagent.*",
  "needle",
  "needle.*",
  "node-fetch",
  "cross-fetch",
  "ofetch",
  "undici.request",
  "undici.fetch",
  "undici.stream",
  "undici.pipeline",
  "http.request",
  "http.get",
  "https.request",
  "https.get",
  "http2.connect",
];

/** Methods of these modules that send nothing. */
const LOCAL_METHODS = new Set([
  "create",
  "extend",
  "isAxiosError",
  "isCancel",
  "all",
  "spread",
  "toFormData",
  "getUri",
  "mergeConfig",
  "agent",
  "defaults",
]);
/** Methods that make another client of the same kind. */
const CLIENT_MAKERS = new Set(["create", "extend", "instance", "defaults", "agent"]);
/** Exports that are the call which the module is named after. */
const MAIN_EXPORTS = new Set(["default", "*"]);

/**
 * The name by which a network call is configured, as `fetch`, `axios.get` or `http.request`. It follows imports, `require`, constants
 * and clients that are made of other clients.
 */
export function networkName(code: SourceCode, { callee }: CallExpression): string | undefined {
  return nameOf(code, callee, 0);
}

/** Whether one of the configured calls has this name. */
export function isListed(name: string, calls: readonly string[]): boolean {
  return calls.some((call) => {
    if (!call.endsWith(".*")) return call === name;
    const start = call.slice(0, -1);
    return name.startsWith(start) && !LOCAL_METHODS.has(name.slice(start.length));
  });
}

function nameOf(code: SourceCode, expression: Node, depth: number): string | undefined {
  const node = unwrap(expression);
  if (depth > MAX_DEPTH) return undefined;
  const origin = originOf(code, node);
  if (origin !== undefined) {
    const module = origin.module.replace(/^node:/, "");
    if (MAIN_EXPORTS.has(origin.name)) return module;
    // `import { fetch } from "undici"`, and `import { ofetch } from "ofetch"`.
    return origin.name === module ? module : `${module}.${origin.name}`;
  }
  if (node.type === "Identifier") {
    const variable = variableOf(code, node);
    if (variable === undefined) return node.name;
    const value = constantValue(variable);
    return value === undefined ? undefined : nameOfClient(code, value, depth + 1);
  }
  if (node.type !== "MemberExpression") return undefined;
  const name = propertyName(node);
  const object = nameOf(code, node.object, depth + 1);
  if (name === undefined || object === undefined) return undefined;
  return GLOBALS.has(object) ? name : `${object}.${name}`;
}

/** `const api = axios.create()` has the calls of `axios`. */
function nameOfClient(code: SourceCode, value: Node, depth: number): string | undefined {
  const node = unwrap(value);
  if (node.type === "Identifier") return nameOf(code, node, depth);
  if (node.type !== "CallExpression") return undefined;
  const callee = unwrap(node.callee);
  if (callee.type !== "MemberExpression" || !CLIENT_MAKERS.has(propertyName(callee) ?? "")) return undefined;
  return nameOf(code, callee.object, depth);
}

const GLOBALS = new Set(["globalThis", "window", "self", "global"]);
const MAX_DEPTH = 8;
