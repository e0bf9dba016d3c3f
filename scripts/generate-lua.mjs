// Makes a TypeScript module from the Lua in operations/*.lua. Each script has its text and its SHA-1.
// With --check it writes nothing, and fails if the committed module is stale.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { minify, operations } from "./minify-lua.mjs";

const target = new URL("../generated/scripts.ts", operations);

/**
 * The files of each script. `fast`: the fast path of a lone request, which is tried first. `runs`: the fast path of several
 * requests. `general`: all operations. Their functions are made only if a call needs them, because making each function costs time.
 */
const SCRIPTS = [
  {
    name: "MUTEX_SCRIPT",
    fast: ["fast-count", "mutex.fast"],
    runs: ["mutex.runs"],
    general: ["fence-counter", "line", "mutex"],
  },
  {
    name: "MODES_SCRIPT",
    fast: ["fast-count", "modes.fast"],
    runs: [],
    general: [
      "fence-counter",
      "line",
      "enforced-line",
      "modes-line",
      "modes-node",
      "modes",
      "modes-position",
      "modes-query",
      "modes-transfer",
    ],
  },
  {
    name: "SLOTS_SCRIPT",
    fast: ["fast-count", "slots.fast"],
    runs: [],
    general: [
      "fence-counter",
      "line",
      "enforced-line",
      "slot-runs",
      "sizes",
      "slots-state",
      "slots",
      "slots-transfer",
      "slots-query",
    ],
  },
  {
    name: "OBSERVE_SCRIPT",
    general: ["fence-counter", "line", "observe"],
  },
  {
    name: "SERVER_SCRIPT",
    general: ["fence-counter", "marker", "identify", "sizes", "counters", "set-note"],
  },
  {
    name: "HOLD_SUMMARY_SCRIPT",
    general: ["fence-counter", "hold-summary"],
  },
  {
    name: "REPORT_SCRIPT",
    general: ["fence-counter", "report"],
  },
  {
    name: "SINGLE_RECORD_SCRIPT",
    general: ["fence-counter", "single-record"],
  },
  {
    name: "RECORD_SCRIPT",
    general: ["fence-counter", "record"],
  },
  {
    name: "OPERATOR_SCRIPT",
    general: ["fence-counter", "operator", "seize"],
  },
  {
    name: "QUOTA_SCRIPT",
    fast: ["fast-count", "slots.fast", "quota.fast"],
    runs: [],
    general: [
      "fence-counter",
      "line",
      "enforced-line",
      "modes-line",
      "modes-node",
      "modes",
      "modes-transfer",
      "slot-runs",
      "sizes",
      "slots-state",
      "slots",
      "slots-transfer",
      "quota",
      "quota-transfer",
    ],
  },
];

function part(name) {
  return minify(readFileSync(new URL(`${name}.lua`, operations), "utf8")).trim();
}

/** The parts of a script. A text that several scripts have is a part of its own, so that a bundle contains it once. */
function partsOf({ fast, runs, general }) {
  const [fenceCounter, ...own] = general.map(part);
  const fastPath =
    fast === undefined
      ? [minify("local fast, fast_runs, fast_keys = {}, {}, 0")]
      : [...fast, "lone", ...runs].map(part);
  return [
    ...fastPath,
    [minify("local function general()\nlocal operations = {}"), fenceCounter].join("\n"),
    ...own,
    minify("return operations\nend"),
    part("call"),
  ];
}

const forSingle = (text) => text.replaceAll("IS_CLUSTER", "false");
const forCluster = (text) => text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
const sha = (text) => createHash("sha1").update(text).digest("hex");

const parts = SCRIPTS.map(partsOf);
const sharedParts = [
  ...new Set(parts.flat().filter((text) => parts.filter((others) => others.includes(text)).length > 1)),
];

const quoted = (text) => `\`${text.replaceAll(/[\\`]|\$\{/g, "\\$&")}\``;

function constant({ name }, index) {
  const text = parts[index].join("\n");
  const list = parts[index].map((each) => {
    const shared = sharedParts.indexOf(each);
    return `    ${shared === -1 ? quoted(each) : `PART_${shared + 1}`},`;
  });
  return `export const ${name}: KindScript = /* @__PURE__ */ kindScript(
  [
${list.join("\n")}
  ],
  "${sha(forSingle(text))}",
  "${sha(forCluster(text))}",
);
`;
}

const module = `// Generated from operations/*.lua by \`npm run generate\`; do not edit.
import type { KindScript } from "../operations/request.ts";

/** A cluster announces releases on sharded channels. */
function kindScript(parts: readonly string[], sha: string, clusterSha: string): KindScript {
  const text = parts.join("\\n");
  const single = text.replaceAll("IS_CLUSTER", "false");
  const cluster = text.replaceAll("'PUBLISH'", "'SPUBLISH'").replaceAll("IS_CLUSTER", "true");
  return { single: { text: single, sha }, cluster: { text: cluster, sha: clusterSha } };
}

${sharedParts.map((text, index) => `const PART_${index + 1} = ${quoted(text)};\n`).join("\n")}
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
