import { type Node, type SourceCode, unwrap } from "../ast/nodes.ts";
import { LockSources } from "./lock-source.ts";
import { typeSaysLibrary } from "./type-information.ts";

/**
 * The module with the class of `redlock` 5 on this library. Its durations are arguments. Its locks extend themselves only in `using`,
 * and they cannot be declared with `await using`.
 */
const MODULE = "quorumlock/compat/redlock";
const FILE = /[\\/]quorumlock[\\/](?:dist(?:[\\/]cjs)?|src)[\\/]compat[\\/]redlock[\\/]/;

const NO_SETTINGS = { receivers: [], modules: [], tests: false };
const sources = new WeakMap<SourceCode, LockSources>();

/** Whether an object is a client of the drop-in. `undefined` if neither the file nor its types say. */
export function isDropIn(code: SourceCode, receiver: Node): boolean | undefined {
  let known = sources.get(code);
  if (known === undefined) {
    known = new LockSources(code, NO_SETTINGS, (module) => module === MODULE);
    sources.set(code, known);
  }
  const verdict = known.judge(receiver);
  if (verdict === "yes" || verdict === "no") return verdict === "yes";
  const byType = typeSaysLibrary(code, unwrap(receiver), "acquire", FILE);
  return verdict === "foreign" ? (byType ?? false) : byType;
}
