#!/usr/bin/env node
// Builds the library and the demo, and runs the demo in this process. Says at once what it does, because the build is silent.
//
//   node scripts/demo.mjs [options of `quorumlock demo`]
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

run("node", "scripts/ensure-redis.mjs", "--optional");
console.log("Building the library and the demo, a few seconds …");
run("node", "scripts/generate-lua.mjs");
run("npm", "run", "build", "--silent", "--workspace", "packages/quorumlock", "--workspace", "packages/ops");

process.argv.splice(2, 0, "demo");
await import("../packages/ops/dist/cli/main.js");

function run(command, ...args) {
  const program = command === "node" ? process.execPath : command;
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
