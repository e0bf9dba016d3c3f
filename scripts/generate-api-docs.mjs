#!/usr/bin/env node
// Makes docs/api.md from the doc comments of what the library exports. Fails if a doc comment or a default is missing.
// With --check it writes nothing, and fails if the committed page is stale.
//
//   node scripts/generate-api-docs.mjs [--check]
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readExports } from "./api-docs/read-exports.mjs";
import { renderPage } from "./api-docs/render.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "packages/quorumlock/src");
const target = join(root, "docs/api.md");

/** The entries of the subpaths of the package. */
const ENTRIES = {
  patterns: "patterns/index.ts",
  observe: "observe/index.ts",
  prometheus: "observe/prometheus/index.ts",
  opentelemetry: "observe/opentelemetry/index.ts",
  kafka: "observe/kafka/index.ts",
  operator: "operator/index.ts",
  kubernetes: "kubernetes/index.ts",
  "web-locks": "web-locks/index.ts",
  testing: "testing/index.ts",
};

let page;
try {
  const names = [
    "patterns",
    "web-locks",
    "observe",
    "prometheus",
    "opentelemetry",
    "kafka",
    "kubernetes",
    "testing",
  ];
  const subpaths = names.map((name) => [name, readExports(source, ENTRIES[name])]);
  page = format(renderPage(readExports(source, "index.ts"), Object.fromEntries(subpaths)));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
if (!existsSync(target) || readFileSync(target, "utf8") !== page) {
  if (process.argv.includes("--check")) {
    console.error("docs/api.md is stale: run `npm run generate` and commit it");
    process.exit(1);
  }
  writeFileSync(target, page);
}

/** Formats the page as `npm run format` does, so that both agree. */
function format(text) {
  const oxfmt = fileURLToPath(import.meta.resolve("oxfmt/package.json"));
  const bin = join(oxfmt, "..", JSON.parse(readFileSync(oxfmt, "utf8")).bin.oxfmt);
  const options = { cwd: root, input: text, encoding: "utf8" };
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [bin, `--stdin-filepath=${target}`],
    options,
  );
  if (status !== 0) throw new Error(`oxfmt: ${stderr}`);
  return stdout;
}
