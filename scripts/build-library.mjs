#!/usr/bin/env node
// Builds dist of the package in the current directory: ES modules, and CommonJS in dist/cjs.
//
// The compiler takes the module format from the nearest package.json, so it compiles a copy of the sources beside another
// package.json. Only in this way does `import()` stay `import()`: with `module: commonjs` it becomes `require`.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const library = process.cwd();
const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
/** The only file with an `import()`, of the only package that has one. */
const IMPORTER = "instances/url.js";
/** The compiler wraps the name in `import(name)`, in case it is a path of a TypeScript file. It is the name of a package. */
const WRAPPER = /^var __rewriteRelativeImportExtension = .*?^\};\n/ms;
const WRAPPED_NAME = /__rewriteRelativeImportExtension\(([^()]*)\)/;

const copy = join(library, "commonjs-source");
const manifest = `${JSON.stringify({ type: "commonjs", sideEffects: false })}\n`;
try {
  // The output of a deleted source file must not stay.
  rmSync(join(library, "dist"), { recursive: true, force: true });
  compile("tsconfig.build.json");
  cpSync(join(library, "src"), copy, { recursive: true });
  writeFileSync(join(copy, "package.json"), manifest);
  compile("tsconfig.cjs.json");
  writeFileSync(join(library, "dist/cjs/package.json"), manifest);
  if (existsSync(join(library, "src", IMPORTER.replace(/js$/, "ts"))))
    for (const output of ["dist", "dist/cjs"]) unwrapImport(join(library, output, IMPORTER));
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function compile(project) {
  const { status } = spawnSync(process.execPath, [compiler, "-p", project], {
    cwd: library,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`tsc -p ${project} failed`);
}

function unwrapImport(path) {
  const code = readFileSync(path, "utf8").replace(WRAPPER, "").replace(WRAPPED_NAME, "$1");
  if (!/import\(\/\*[^()]*\*\/ name\)/.test(code)) throw new Error(`${path}: no import(name) found`);
  writeFileSync(path, code);
}
