import type * as Parser from "@typescript-eslint/parser";
import type { Linter } from "eslint";
import { createRequire, Module } from "node:module";

// The parser needs the compiler API of TypeScript 5, which is a dependency of this package. The root of the workspace has
// TypeScript 7 without that API, and a package that the parser needs is installed there. So it must be led to TypeScript 5.
const require = createRequire(import.meta.url);
const typescript = require.resolve("typescript");
const loader = Module as unknown as { _resolveFilename: (request: string, ...rest: unknown[]) => string };
const resolveFilename = loader._resolveFilename;
loader._resolveFilename = (request, ...rest) =>
  request === "typescript" ? typescript : resolveFilename.call(Module, request, ...rest);

export const parser = require("@typescript-eslint/parser") as typeof Parser as unknown as Linter.Parser;
