#!/usr/bin/env node
// Checks the tarballs that npm would publish. It packs each package and runs two tools on the tarball. publint checks that the
// fields of package.json match the files. attw checks that importers get the right types. Run the build first.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const PUBLINT = { name: "publint", args: ["run", "--strict"] };
// The packages use no types from DefinitelyTyped.
const ATTW = { name: "attw", args: ["--profile", "strict", "--no-definitely-typed", "--no-emoji"] };
const ATTW_ESM = { name: "attw", args: ["--profile", "esm-only", "--no-definitely-typed", "--no-emoji"] };

const PACKAGES = [
  { directory: "packages/quorumlock", tools: [PUBLINT, ATTW] },
  { directory: "packages/nestjs", tools: [PUBLINT, ATTW] },
  // This package is only a command line. It exports no types, so attw does not apply.
  { directory: "packages/ops", tools: [PUBLINT] },
  // ESLint loads it as an ES module. `require` gets the same module.
  { directory: "packages/eslint-plugin", tools: [PUBLINT, ATTW_ESM] },
];

const temporary = mkdtempSync(join(tmpdir(), "quorumlock-pack-"));
try {
  const results = PACKAGES.flatMap(({ directory, tools }) => {
    const tarball = pack(directory);
    return tools.map((tool) => runTool(directory, tarball, tool));
  });
  if (results.includes(false)) process.exitCode = 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

/** The path of the tarball that `npm publish` would upload. */
function pack(directory) {
  const args = ["pack", "--json", "--pack-destination", temporary];
  const { status, stdout, stderr } = run("npm", args, join(ROOT, directory));
  if (status !== 0) throw new Error(`npm pack failed in ${directory}:\n${stderr}`);
  const [{ filename }] = JSON.parse(stdout);
  return join(temporary, filename);
}

/** Runs a tool on a tarball. Prints its result, and returns whether it found no problem. */
function runTool(directory, tarball, { name, args }) {
  const { status, stdout, stderr } = run(join(ROOT, "node_modules/.bin", name), [...args, tarball], ROOT);
  const isGood = status === 0;
  console.log(`${directory}: ${name} ${isGood ? "found nothing" : "found problems"}`);
  if (!isGood) console.error(`${stdout}${stderr}`);
  return isGood;
}

function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
  if (result.error) throw result.error;
  return result;
}
