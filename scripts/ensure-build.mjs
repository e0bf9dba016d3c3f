#!/usr/bin/env node
// Builds all packages, if the build of exactly these sources is not there. So `npm run check` after `npm test` builds nothing again.
//
//   node scripts/ensure-build.mjs
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
/** What was built, of which sources. It is not in the output, because that is published. */
const record = join(root, "node_modules/.cache/quorumlock-build.json");

/** All that a build may read. */
const SOURCES = ["package.json", "package-lock.json", "tsconfig.base.json", "scripts", "packages"];
/** What is below them and no source. `npm pack` copies the README into a package. */
const NO_SOURCES = ["node_modules", "dist", "test", "commonjs-source", "README.md"];

const sources = digest(
  SOURCES.flatMap((path) => filesIn(path, NO_SOURCES)),
  contentOf,
);
if (!isBuilt()) {
  const { status, error } = spawnSync("npm", ["run", "build", "--silent"], { cwd: root, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync(dirname(record), { recursive: true });
  // A build can write generated sources.
  const built = digest(
    SOURCES.flatMap((path) => filesIn(path, NO_SOURCES)),
    contentOf,
  );
  writeFileSync(record, JSON.stringify({ sources: built, output: outputDigest(), at: Date.now() }));
}

/** The same sources, written again, are built again, because scripts/example.mjs compares times. */
function newestSource() {
  const files = filesIn("packages", NO_SOURCES);
  return Math.max(...files.map((path) => statSync(join(root, path)).mtimeMs));
}

function isBuilt() {
  try {
    const built = JSON.parse(readFileSync(record, "utf8"));
    return built.sources === sources && built.output === outputDigest() && newestSource() < built.at;
  } catch {
    return false;
  }
}

/** Changes if a file of the output is written, added or deleted. */
function outputDigest() {
  const outputs = readdirSync(join(root, "packages")).map((name) => `packages/${name}/dist`);
  return digest(
    outputs.flatMap((path) => filesIn(path, [])),
    (path) => {
      const { size, mtimeMs } = statSync(join(root, path));
      return `${size} ${mtimeMs}`;
    },
  );
}

function contentOf(path) {
  return readFileSync(join(root, path));
}

function digest(paths, read) {
  const hash = createHash("sha256");
  for (const path of paths.toSorted()) hash.update(`${path}\0`).update(read(path)).update("\0");
  return hash.digest("hex");
}

/** The files at or below a path of the repository. None if it is not there. */
function filesIn(path, without) {
  const entry = statSync(join(root, path), { throwIfNoEntry: false });
  if (entry === undefined) return [];
  if (!entry.isDirectory()) return [path];
  return readdirSync(join(root, path))
    .filter((name) => !without.includes(name))
    .flatMap((name) => filesIn(`${path}/${name}`, without));
}
