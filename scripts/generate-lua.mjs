// Makes a TypeScript module from the Lua in operations/*.lua. Each script has its text and its SHA-1.
// With --check it writes nothing, and fails if the committed module is stale.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const source = new URL("../packages/quorumlock/src/", import.meta.url);
const target = new URL("generated/scripts.ts", source);

/**
 * The files of each script. `fast`: the fast path of a lone request, which is tried first. `runs`: the fast path of several
 * requests. `general`: all operations. Their functions are made only if a call needs them, because making each function costs time.
 */
const SCRIPTS = [
  {
    name: "MUTEX_SCRIPT",
    fast: "mutex.fast",
    runs: "mutex.runs",
    general: ["fence-counter", "line", "mutex"],
  },
  { name: "SERVER_SCRIPT", general: ["fence-counter", "marker", "identify", "counters"] },
];

const limits = [...read("operations/limits.ts").matchAll(/^export const (\w+) = ([\d_]+);$/gm)].map(
  ([, name, value]) => [name, value.replaceAll("_", "")],
);

function read(path) {
  return readFileSync(new URL(path, source), "utf8");
}

/**
 * Reads one file. Removes comments and indentation, because servers store and hash the script. Replaces the names of limits.ts by
 * their numbers.
 */
function minify(part) {
  const lines = read(`operations/${part}.lua`)
    .split("\n")
    .map((line) => line.replace(/(^|\s)--.*$/, "").trim())
    .filter((line) => line !== "");
  let text = lines.join("\n");
  for (const [name, value] of limits) text = text.replaceAll(new RegExp(`\\b${name}\\b`, "g"), value);
  return text;
}

function scriptOf({ fast, runs, general }) {
  const fastPath = fast === undefined ? ["local fast, fast_runs = {}, {}"] : [fast, "lone", runs].map(minify);
  return [
    ...fastPath,
    "local function general()",
    "local operations = {}",
    ...general.map(minify),
    "return operations",
    "end",
    minify("call"),
  ].join("\n");
}

const forSingle = (text) => text.replaceAll("IS_CLUSTER", "false");
const forCluster = (text) => text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
const sha = (text) => createHash("sha1").update(text).digest("hex");

function constant(script) {
  const text = scriptOf(script);
  const lines = text.split("\n").map((line) => `    ${JSON.stringify(line)},`);
  return `export const ${script.name}: KindScript = kindScript(
  [
${lines.join("\n")}
  ].join("\\n"),
  "${sha(forSingle(text))}",
  "${sha(forCluster(text))}",
);
`;
}

const module = `// Generated from operations/*.lua by \`npm run generate\`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(text: string, sha: string, clusterSha: string): KindScript {
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

${SCRIPTS.map(constant).join("\n")}`;

if (process.argv.includes("--check")) {
  if (existing() !== module) {
    console.error(
      "packages/quorumlock/src/generated/scripts.ts is stale: run `npm run generate` and commit it",
    );
    process.exit(1);
  }
} else if (existing() !== module) {
  writeFileSync(target, module);
}

function existing() {
  try {
    return readFileSync(target, "utf8");
  } catch {
    return "";
  }
}
