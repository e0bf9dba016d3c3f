#!/usr/bin/env node
// Builds the library if its sources have changed, and runs one story of examples/.
//
//   node scripts/example.mjs [NAME] [--short] [--seed n] [--unsafe]
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const library = join(root, "packages/quorumlock");

run("scripts/ensure-redis.mjs");
if (newest(join(library, "src")) > builtAt()) {
  console.log("Building the library, a few seconds …");
  run("scripts/generate-lua.mjs");
  run("../../scripts/build-library.mjs", library);
}

const story = spawn(process.execPath, ["--import", "tsx", "harness/main.ts", ...process.argv.slice(2)], {
  cwd: join(root, "examples"),
  stdio: "inherit",
});
// The story stops its servers and processes itself. A Ctrl-C of the terminal reaches it without this process.
for (const name of ["SIGTERM", "SIGHUP"]) process.on(name, () => story.kill(name));
process.on("SIGINT", () => undefined);
story.on("exit", (code, signal) => {
  if (signal !== null) process.kill(process.pid, "SIGKILL");
  process.exit(code ?? 1);
});

function run(script, cwd = root) {
  const { status, error } = spawnSync(process.execPath, [script], { cwd, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** When a file below the directory last changed, in ms. */
function newest(directory) {
  return Math.max(
    ...readdirSync(directory, { withFileTypes: true }).map((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
    }),
  );
}

/** When the build was complete, in ms. 0 if there is none. The CommonJS manifest is its last file. */
function builtAt() {
  try {
    return statSync(join(library, "dist/cjs/package.json")).mtimeMs;
  } catch {
    return 0;
  }
}
