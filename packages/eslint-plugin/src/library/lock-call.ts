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
  /** Whether the second argument can be a duration or the options, as far as the file and its types say. */
  readonly mayHaveDuration: boolean;
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
  const hasDuration = second === undefined ? false : isDuration(code, second, before.length, receiver);
  return {
    node,
    method,
    receiver,
    names: isName ? first : undefined,
    options,
    duration: hasDuration === true ? second : undefined,
    mayHaveDuration: hasDuration === undefined,
    routine,
    routineArgument: last,
  };
}

/** Whether the second argument is a duration. `undefined` if the file and its types leave it open. */
function isDuration(code: SourceCode, second: Node, count: number, receiver: Node): boolean | undefined {
  // Only the drop-in has three arguments before the routine.
  if (count > 2 || staticNumber(code, second) !== undefined) return true;
  const dropIn = isDropIn(code, receiver);
  return dropIn === undefined && resolve(code, second).type === "ObjectExpression" ? false : dropIn;
}
