import type { TSESTree } from "@typescript-eslint/utils";
import { type CallExpression, type FunctionNode, isFunction, type Node } from "../ast/nodes.ts";
import type { LockFile } from "./lock-file.ts";
import { originOf } from "./origins.ts";

/** A method that runs under the lock of its decorator. */
export interface DecoratedMethod {
  readonly decorator: CallExpression;
  readonly body: FunctionNode;
}

/** The method below `@UseLock(…)` of `@quorumlock/nestjs`. */
export function methodUnderLock(
  file: LockFile,
  { decorators, value }: TSESTree.MethodDefinition,
): DecoratedMethod | undefined {
  // The parser of ESLint knows no decorators.
  for (const { expression } of (decorators as typeof decorators | undefined) ?? []) {
    if (expression.type === "CallExpression" && isOf(file, expression, "UseLock") && isFunction(value))
      return { decorator: expression, body: value };
  }
  return undefined;
}

/** The options in a call of `@quorumlock/nestjs`: of `UseLock(key, options)` and of `QuorumlockModule.forRoot(options)`. */
export function nestOptions(file: LockFile, call: CallExpression): Node | undefined {
  if (isOf(file, call, "UseLock")) return call.arguments[1];
  return isOf(file, call, "QuorumlockModule.forRoot") ? call.arguments[0] : undefined;
}

function isOf(file: LockFile, { callee }: CallExpression, name: string): boolean {
  return originOf(file.code, callee)?.name === name && file.isFromLibrary(callee);
}
