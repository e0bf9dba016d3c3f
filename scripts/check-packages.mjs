#!/usr/bin/env node
// Checks what npm would publish: packs each package, and lets publint (do the fields and files of package.json fit
// together?) and attw (do importers get the right types?) judge the tarball. Needs a build.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const PUBLINT = { name: "publint", args: ["run", "--strict"] };
// The packages are ESM only, on purpose; and types from DefinitelyTyped are none of theirs.
const ATTW = { name: "attw", args: ["--profile", "esm-only", "--no-definitely-typed", "--no-emoji"] };

const PACKAGES = [
  { directory: "packages/quorumlock", tools: [PUBLINT, ATTW] },
  // Only a command line: nothing of it is imported, so there are no types to judge.
  { directory: "packages/ops", tools: [PUBLINT] },
];

const temporary = mkdtempSync(join(tmpdir(), "quorumlock-pack-"));
try {
  const verdicts = PACKAGES.flatMap(({ directory, tools }) => {
    const tarball = pack(directory);
    return tools.map((tool) => judge(directory, tarball, tool));
  });
  if (verdicts.includes(false)) process.exitCode = 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

/** The path of the tarball that `npm publish` would upload. */
function pack(directory) {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", temporary];
  const { status, stdout, stderr } = run("npm", args, join(ROOT, directory));
  if (status !== 0) throw new Error(`npm pack failed in ${directory}:\n${stderr}`);
  const [{ filename }] = JSON.parse(stdout);
  return join(temporary, filename);
}

/** Prints a line, and under it what the tool found wrong. */
function judge(directory, tarball, { name, args }) {
  const { status, stdout, stderr } = run(join(ROOT, "node_modules/.bin", name), [...args, tarball], ROOT);
  const good = status === 0;
  console.log(`${directory}: ${name} ${good ? "found nothing" : "found problems"}`);
  if (!good) console.error(`${stdout}${stderr}`);
  return good;
}

function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
  if (result.error) throw result.error;
  return result;
}
