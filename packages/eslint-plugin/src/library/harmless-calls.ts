import { type CallExpression, memberName, type Node, unwrap } from "../ast/nodes.ts";

/** Words with which the name of a call begins that only reads, reports or undoes. */
const FIRST_WORDS = setOf(
  "roll rollback undo revert compensate cancel cancelled abort clean cleanup clear fail failed ack nack",
  "get read find has is load list query select count peek lookup",
  "exists check to parse format stringify",
  "log debug info warn error trace verbose fatal emit",
  "sleep delay wait throw require expect assert",
);
/** Names that are harmless only as a whole: `release` is, and `releaseFunds` is work. */
const NAMES = setOf(
  "String Number Boolean Error setTimeout release detach close next push",
  "resolve reject done callback cb now json send end stop",
);
/** Pairs of the first and the last word of a name that is harmless: `closeConnection` is, and `closeAccount` is work. */
const TECHNICAL = setOf("connection client conn socket stream pool handle file session timer");
const LAST_WORDS = new Map([
  ["close", TECHNICAL],
  ["release", TECHNICAL],
  ["push", setOf("metric metrics")],
]);
/** What a caller gets, and what only reports, by the last word of the name of the object. */
const REPORTERS = setOf(
  "console log logs logger metric metrics stats statsd counter gauge",
  "histogram tracer span res response reply",
);

/**
 * Whether a call is no work that a lock protects, as far as its name says: it only reads, reports, answers a caller or undoes. A call whose
 * name is not known counts as harmless.
 */
export function isHarmless({ callee }: CallExpression): boolean {
  const target = unwrap(callee);
  const name = nameOf(target);
  if (name === undefined || NAMES.has(name)) return true;
  const words = wordsOf(name);
  const [first = "", last = ""] = [words[0], words.at(-1)];
  if (FIRST_WORDS.has(first) || LAST_WORDS.get(first)?.has(last) === true) return true;
  return target.type === "MemberExpression" && isOfReporter(target.object);
}

/** `reply`, `this.logger`, `res.status(409)` and what else has the name of a reporter in it. */
function isOfReporter(expression: Node): boolean {
  const object = unwrap(expression);
  if (object.type === "CallExpression") return isOfReporter(object.callee);
  if (REPORTERS.has(wordsOf(nameOf(object) ?? "").at(-1) ?? "")) return true;
  return object.type === "MemberExpression" && isOfReporter(object.object);
}

function nameOf(node: Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  return node.type === "MemberExpression" ? memberName(node) : undefined;
}

/** The words of a name in lower case: `closeAccount` is `close` and `account`. */
function wordsOf(name: string): readonly string[] {
  return name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g)?.map((word) => word.toLowerCase()) ?? [];
}

function setOf(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}
