import type { SourceCode } from "../ast/nodes.ts";

const TEST_PATH = /(?:^|[\\/])(?:__tests__|tests?|spec)[\\/]|\.(?:test|spec)\.[cm]?[jt]sx?$/;
const TEST_MODULES = new Set(["vitest", "node:test", "@jest/globals", "bun:test", "mocha", "ava", "tap"]);
const TEST_GLOBALS = new Set(["test", "it", "describe", "beforeEach", "afterEach", "suite"]);

/** Whether a file is a test, by its path in the project, a test library that it imports, or the global functions of one that it calls. */
export function isTestFile(code: SourceCode, path: string): boolean {
  if (TEST_PATH.test(path)) return true;
  return code.ast.body.some((statement) => {
    if (statement.type === "ImportDeclaration") return TEST_MODULES.has(statement.source.value);
    if (statement.type !== "ExpressionStatement" || statement.expression.type !== "CallExpression")
      return false;
    const { callee } = statement.expression;
    return callee.type === "Identifier" && TEST_GLOBALS.has(callee.name);
  });
}
