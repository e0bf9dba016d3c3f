import { type CallExpression, type FunctionNode, type Node, type SourceCode } from "../ast/nodes.ts";
import { functionOf, resolve } from "../ast/variables.ts";
import { staticNumber } from "../ast/static-value.ts";
import { isDropIn } from "./drop-in.ts";

export type LockMethod = "acquire" | "tryAcquire" | "using" | "tryUsing" | "attach";
export const METHODS: ReadonlySet<string> = new Set<LockMethod>([
  "acquire",
  "tryAcquire",
  "using",
  "tryUsing",
  "attach",
]);

/** A call that acquires a lock, with its arguments by their meaning. */
export interface LockCall {
  readonly node: CallExpression;
  readonly method: LockMethod;
  /** The client or the lockable. */
  readonly receiver: Node;
  /** The name or the names. `undefined` for a call of a lockable, which has its names already. */
  readonly names: Node | undefined;
  /** The object with the options, if the file has it. */
  readonly options: Node | undefined;
  /** The duration as the second argument, as in `redlock` 5 and in `quorumlock/compat/redlock`. */
  readonly duration: Node | undefined;
  /** The function that runs under the lock, if the file has it. */
  readonly routine: FunctionNode | undefined;
  /** The argument for the routine. */
  readonly routineArgument: Node | undefined;
}

export function readLockCall(
  code: SourceCode,
  node: CallExpression,
  method: LockMethod,
  receiver: Node,
): LockCall {
  const isRunning = method === "using" || method === "tryUsing";
  // Behind a spread argument, positions mean nothing.
  const spread = node.arguments.findIndex((argument) => argument.type === "SpreadElement");
  const known = spread === -1 ? node.arguments : node.arguments.slice(0, spread);
  const last = spread === -1 && isRunning ? known.at(-1) : undefined;
  const routine = last === undefined ? undefined : functionOf(code, last);
  const before = isRunning ? known.filter((argument) => argument !== last) : known;
  const options = before
    .map((argument) => resolve(code, argument))
    .find((value) => value.type === "ObjectExpression");
  const [first, second] = before;
  const isName = first !== undefined && resolve(code, first) !== options && method !== "attach";
  // Only the drop-in has three arguments before the routine.
  const isDuration =
    second !== undefined &&
    (before.length > 2 || staticNumber(code, second) !== undefined || isDropIn(code, receiver));
  return {
    node,
    method,
    receiver,
    names: isName ? first : undefined,
    options,
    duration: isDuration ? second : undefined,
    routine,
    routineArgument: last,
  };
}
